"""Titles without stock tails and false years, for all articles at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Substr

from blog.editing.fixing import finish, fix_one
from blog.models import BatchPost, FixBatch, Post
from blog.text.titles import Refusal, stock_tails, suggest

TITLES = "titles"  # in the place of a code of the desk check: the kind of the batch
BEGINNING = 1_500  # characters of the body, in which its first heading and paragraph stand


class TitleChange(NamedTuple):
    """A title that has something to take off, as it was when it was read, and what is left. `refusal` says why an
    editor must write the new one.
    """

    post: int
    version: int
    title: str
    suggestion: str
    refusal: Refusal | None


def suggested_titles() -> list[TitleChange]:
    """What can be taken off the titles of all articles, newest first. Bodies are not read whole."""
    posts = Post.objects.order_by("-published_at", "-pk").annotate(beginning=Substr("body", 1, BEGINNING))
    rows = list(posts.values_list("pk", "version", "title", "excerpt", "url_date", "beginning"))
    titles = Counter(title for _, _, title, *_ in rows)
    tails = stock_tails(titles)
    changes = []
    for pk, version, title, excerpt, day, beginning in rows:
        found = suggest(title, tails=tails, year=day.year if day else None, lines=_first_lines(beginning, excerpt))
        if found is None:
            continue
        is_taken = titles[found.title] > 0
        titles[found.title] += 1  # of two that would be the same, the second keeps its own
        changes.append(
            TitleChange(pk, version, title, found.title, found.refusal or (Refusal.TAKEN if is_taken else None))
        )
    return changes


def shorten_titles(batch: FixBatch, changes: Iterable[TitleChange]) -> Iterator[BatchPost]:
    """Gives the articles the suggested titles, and yields the outcome of each. Addresses stay as they are."""
    with transaction.atomic():
        finish(batch)  # nothing else goes on with it
    for change in changes:
        if done := fix_one(batch, change.post, change.version, {"title": change.suggestion}):
            yield done


def _first_lines(beginning: str, excerpt: str) -> list[str]:
    """The first heading, the standfirst and the first paragraph, which comes last."""
    lines = [line.strip() for line in beginning.splitlines() if line.strip() and line.strip() != "---"]
    heading = next((line for line in lines if line.startswith("#")), "")
    paragraph = next((line for line in lines if not line.startswith("#")), "")
    return [heading, excerpt, paragraph]
