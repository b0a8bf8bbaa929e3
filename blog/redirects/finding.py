"""Finds where to redirect an address without a page: by other spellings, the ledger, and the forms of the old site.

A redirect always leads to an address that answers with a page, except that /today/ redirects once more.
"""

import re

from django.http import QueryDict

from blog.addresses import MARKDOWN_FILE, OLD_PATHS, VERTICAL, spellings
from blog.models import Category, Permalink, Post
from blog.queries.post_list import POSTS_PER_PAGE
from blog.redirects.answering import answering_url

MAX_LENGTH = 1024  # characters; twice as many as the ledger holds
MAX_HOPS = 5
OLD_POSTS_PER_PAGE = 10
ALL_ARTICLES = "/articles/"
OLD_LIST = re.compile(r"/page([1-9][0-9]{0,5})/")
FORMS = (MARKDOWN_FILE, VERTICAL)  # of an article, after its path
OLD_YEAR = re.compile(r"/[0-9]{4}/")
OLD_SECTION = re.compile(r"/category/([^/]+)/")


def find_redirect(asked: str, query: str = "") -> str | None:
    """Returns the URL to which the decoded path with this query redirects, or None."""
    if not is_path(asked):
        return None
    # The home page answers 404 only to the number of a page. The old site had all articles there.
    for path in [ALL_ARTICLES] if asked == "/" else _destinations_of(asked):
        path, _, own_query = path.partition("?")
        joined = QueryDict("&".join(part for part in (own_query, query) if part))
        if path != asked and (url := answering_url(path, joined)):
            return url
    return None


def leads_to(path: str, post: Post) -> bool:
    """Whether the decoded path is an address of the post, in any spelling or form, or leads there, now or once it is
    public.
    """
    if not post.path or not is_path(path):
        return False
    folder, form = _form_of(path)
    paths = [*spellings(path), *(spellings(folder) if form else ())]
    if post.path in paths:
        return True
    end = _end_of_ledger(paths)
    return end is not None and (end.post_id == post.pk if end.post_id else end.target == post.path)


def is_path(text: str) -> bool:
    """Whether a page may have this decoded path: none has a control character, and PostgreSQL takes no NUL."""
    return len(text) <= MAX_LENGTH and text.isprintable()


def _destinations_of(asked: str) -> list[str]:
    """What `_destinations` returns; another form of an article moves with the article, unless the ledger knows it."""
    paths = list(spellings(asked))
    folder, form = _form_of(asked)
    if not form:
        return _destinations(paths)
    if (path := _follow_ledger(paths)) is not None:
        return [path]
    return [f"{path}{form}" for path in _destinations(list(spellings(folder))) if path.endswith("/")]


def _form_of(asked: str) -> tuple[str, str]:
    """Splits an address into the article's and the form that is asked for; "" for the article itself."""
    folder, _, last = asked.rstrip("/").rpartition("/")
    return f"{folder}/", next((form for form in FORMS if form.rstrip("/") == last.lower()), "")


def _destinations(paths: list[str]) -> list[str]:
    """Returns where the ledger or an old form leads, or else the other spellings themselves."""
    moved = [OLD_PATHS[path] for path in paths[-2:] if path in OLD_PATHS]  # and perhaps once more since
    if (path := _follow_ledger([*paths, *moved])) is not None:
        return [path]
    if moved:
        return moved[:1]
    if (path := _old_form(paths[-2])) is not None:
        return [path]
    return paths


def _follow_ledger(paths: list[str]) -> str | None:
    """Returns where the first of these paths in the ledger leads in the end; None if there is none or it is hidden."""
    row = _end_of_ledger(paths)
    if row is None or not row.post_id:
        return row.target if row else None
    post = Post.objects.published().filter(pk=row.post_id).only("slug", "url_date").first()
    return post.path if post else None


def _end_of_ledger(paths: list[str]) -> Permalink | None:
    """Returns the last row on the way from the first of these paths in the ledger; None also for a circle."""
    end = None
    for _ in range(MAX_HOPS):
        rows = Permalink.objects.in_bulk(paths, field_name="path")
        row = next((rows[path] for path in paths if path in rows), None)
        if row is None or row.post_id:
            return row or end
        end, paths = row, [row.target]
    return None


def _old_form(folder: str) -> str | None:
    """Returns where an address of the old site leads; `folder` is the path with a final slash."""
    if match := OLD_LIST.fullmatch(folder):
        return f"{ALL_ARTICLES}?page={(int(match[1]) - 1) * OLD_POSTS_PER_PAGE // POSTS_PER_PAGE + 1}"
    if OLD_YEAR.fullmatch(folder):
        return "/archive/"
    if match := OLD_SECTION.fullmatch(folder):
        section = Category.objects.filter(name__iexact=match[1]).only("slug").first()
        return f"/category/{section.slug}/" if section else None
    return None
