"""Takes over static pages from Markdown files in `_pages`, the usual folder of Jekyll sites, and writes them there."""

import html
import re
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from blog.editing.renaming import save_moved
from blog.jekyll.links import read_body
from blog.jekyll.pictures import Pictures
from blog.jekyll.reading import (
    Document,
    FileError,
    flag,
    has_liquid,
    moment_text,
    parse_document,
    parse_moment,
    problem_text,
)
from blog.jekyll.report import Report
from blog.jekyll.tree import HTML_SUFFIXES, PAGES, PostFile, Tree
from blog.jekyll.yaml_text import Value, front_matter_text
from blog.models import Page
from blog.models.permalink import clean_path
from blog.text.japanese import post_slug

MAX_STEM_BYTES = 200
# Each ends at the first character that cannot be inside it, so a text full of openings is read once.
_LOOP = re.compile(r"\{%-?\s*+(?:for|tablerow|comment)\b")
_LIQUID = re.compile(r"\{%[^%]*+%\}|\{\{[^{}]*+\}\}|\{:[^{}\n]*+\}")
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_SHOWN_PICTURE = re.compile(r'<img [^<>]*\bsrc="[^"]')


def take_pages(
    tree: Tree, pictures: Pictures, report: Report, zone: ZoneInfo, moved: Container[str], *, dry_run: bool
) -> None:
    """Adds the missing pages. It does not change stored pages. `moved` are redirects, whose pages are not missing.

    Files that the old site's layout filled from data are reported as skipped: HTML, and Markdown without a text.
    """
    for file, error in tree.walk_pages():
        try:
            if error is not None:
                raise error
            document = None if file.name.lower().endswith(HTML_SUFFIXES) else parse_document(tree.read_post(file))
            if document is None or not is_written(document):
                report.pages_skipped.append(file.shown)
            elif page := _page(document, file, zone, moved):
                page.body = read_body(document, pictures.links, report, file.shown, pictures.url)
                _save(page, document, dry_run=dry_run)
        except FileError as failure:
            report.fail(file.shown, failure)


def is_written(document: Document) -> bool:
    """Whether the body is the text of the page: it shows a letter, a digit or a picture without data of the layout.

    It always is in a file of an export, which says `verbatim: true`.
    """
    values, body = document.front_matter.values, document.body
    if flag(values.get("verbatim"), False):
        return True
    if flag(values.get("render_with_liquid"), True):
        if _LOOP.search(body):
            return False
        body = _LIQUID.sub("", body)
    body = _UNSEEN.sub("", body)
    return any(map(str.isalnum, html.unescape(_TAG.sub("", body)))) or _SHOWN_PICTURE.search(body) is not None


def _page(document: Document, file: PostFile, zone: ZoneInfo, moved: Container[str]) -> Page | None:
    """The page without its body; None if it is here. Raises FileError."""
    values, lines = document.front_matter.values, document.front_matter.lines
    texts = {key: value for key, value in values.items() if isinstance(value, str)}
    path = clean_path(texts.get("permalink") or f"/{post_slug(Path(file.name).stem)}/")
    if path in moved or Page.objects.filter(path=path).exists():
        return None
    page = Page(path=path, title=texts.get("title", ""), description=texts.get("description", ""))
    page.is_published = flag(values.get("published"), True)
    page.footer_position = texts.get("footer_position") or None
    try:
        changed_at = parse_moment(texts["last_modified_at"], zone) if "last_modified_at" in texts else None
    except ValueError as error:
        raise FileError(lines.get("last_modified_at"), str(error)) from error
    page.updated_at = changed_at and min(changed_at, timezone.now())
    return page


def _save(page: Page, document: Document, *, dry_run: bool) -> None:
    """Saves a new page with the date in its file, if there is one, as the date of its last change."""
    changed_at = page.updated_at
    try:
        page.full_clean(exclude=["updated_at"])
    except ValidationError as error:
        field = next(iter(error.message_dict))
        line = document.front_matter.lines.get("permalink" if field == "path" else field)
        raise FileError(line, problem_text(error)) from error
    if not dry_run:
        with transaction.atomic():
            save_moved(page)
            if changed_at:
                Page.objects.filter(pk=page.pk).update(updated_at=changed_at)


def write_pages(root: Path, note_links: Callable[[str], object]) -> None:
    """Writes a file for each page. `note_links` gets its body."""
    stems: set[str] = set()
    for page in Page.objects.order_by("path").iterator():
        stem = next(stem for stem in _stems(page.path) if stem not in stems)
        stems.add(stem)
        path = root / PAGES / f"{stem}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(f"---\n{front_matter_text(_front_matter(page))}---\n{page.body}".encode())
        note_links(page.body)


def _front_matter(page: Page) -> dict[str, Value]:
    values = {
        "layout": "page",
        "title": page.title,
        "permalink": page.path,
        "description": page.description or None,
        "footer_position": None if page.footer_position is None else str(page.footer_position),
        "last_modified_at": moment_text(page.updated_at),
        "published": None if page.is_published else "false",
        "render_with_liquid": "false" if has_liquid(page.body) else None,
        "verbatim": "true",
    }
    return {key: value for key, value in values.items() if value is not None}


def _stems(path: str) -> Iterator[str]:
    base = post_slug(path).encode()[:MAX_STEM_BYTES].decode(errors="ignore") or "page"
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1
