"""Takes over static pages from Markdown files in `_pages`, the usual folder of Jekyll sites."""

import html
import re
from collections.abc import Container
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from blog.editing.renaming import save_moved
from blog.jekyll.files.front_matter import Document, FileError, flag, parse_document
from blog.jekyll.files.moments import parse_moment
from blog.jekyll.files.tree import HTML_SUFFIXES, PostFile, Tree
from blog.jekyll.importing.bodies import Bodies
from blog.jekyll.tables.site_data import problem_text
from blog.models import Page
from blog.models.permalink import clean_path
from blog.text.bounds import MAX_CHARS, BodyRefused
from blog.text.japanese import post_slug
from blog.text.markdown import render_markdown

# Each alternative ends at the first character that cannot be inside it, so a text full of openings is read once.
_LIQUID = re.compile(r"\{%-?\s*+(?P<name>\w*+)[^%]*+%\}|\{\{[^{}]*+\}\}|\{:[^{}\n]*+\}")
_BLOCKS_OF_DATA = {"for", "tablerow", "comment"}
_UNSEEN = re.compile(r"<(/?)(?:script|style)\b[^<>]*>", re.IGNORECASE)
_SHOWN_PICTURE = re.compile(r'<img [^<>]*\bsrc="[^"]')


class StaticPages:
    """The import of static pages. `moved` are the paths that are redirects now: their pages are not missing."""

    def __init__(self, tree: Tree, bodies: Bodies, zone: ZoneInfo, moved: Container[str], *, dry_run: bool) -> None:
        self.tree = tree
        self.bodies = bodies
        self.zone = zone
        self.moved = moved
        self.dry_run = dry_run

    def take(self) -> None:
        """Adds the missing pages. It does not change stored pages.

        Files that the old site's layout filled from data are reported as skipped: HTML, and Markdown without a text.
        """
        for file, error in self.tree.walk_pages():
            try:
                if error is not None:
                    raise error
                if file.name.lower().endswith(HTML_SUFFIXES):
                    self.bodies.report.pages_skipped.append(file.shown)
                else:
                    self.take_page(parse_document(self.tree.read_post(file)), file)
            except FileError as failure:
                self.bodies.report.fail(file.shown, failure)

    def take_page(self, document: Document, file: PostFile) -> None:
        values, lines = document.front_matter.values, document.front_matter.lines
        if not is_written(document):
            self.bodies.report.pages_skipped.append(file.shown)
            return
        texts = {key: value for key, value in values.items() if isinstance(value, str)}
        path = clean_path(texts.get("permalink") or f"/{post_slug(Path(file.name).stem)}/")
        if path in self.moved or Page.objects.filter(path=path).exists():
            return
        page = Page(path=path, title=texts.get("title", ""), description=texts.get("description", ""))
        page.is_published = flag(values.get("published"), True)
        page.footer_position = texts.get("footer_position") or None
        try:
            updated_at = parse_moment(texts["last_modified_at"], self.zone) if "last_modified_at" in texts else None
            page.body = self.bodies.read(document, file.shown)
            page.full_clean()
        except ValidationError as error:
            field = next(iter(error.message_dict))
            raise FileError(lines.get("permalink" if field == "path" else field), problem_text(error)) from error
        except ValueError as error:
            raise FileError(lines.get("last_modified_at"), str(error)) from error
        if not self.dry_run:
            save_new(page, updated_at)


def is_written(document: Document) -> bool:
    """Whether the body is the text of the page. It always is in a file of an export, which says `verbatim: true`."""
    values = document.front_matter.values
    if flag(values.get("verbatim"), False) or len(document.body) > MAX_CHARS:  # too long: refused later
        return True
    try:
        return has_own_text(document.body, has_liquid=flag(values.get("render_with_liquid"), True))
    except BodyRefused:  # by the page's own check too, whose words the report gives
        return True


def has_own_text(body: str, *, has_liquid: bool) -> bool:
    """Whether the body itself, without layout and loops over data, shows a letter, a digit or a picture."""
    text = _without_liquid(body) if has_liquid else body
    parts = _UNSEEN.split(text)
    seen = parts[0] + "".join(part for closing, part in zip(parts[1::2], parts[2::2], strict=True) if closing)
    page = render_markdown(seen).html
    words = html.unescape(re.sub(r"<[^<>]*>", "", page))
    return any(map(str.isalnum, words)) or _SHOWN_PICTURE.search(page) is not None


def _without_liquid(body: str) -> str:
    """The text between the tags and outputs of Liquid, without the content of loops over data."""
    kept, blocks, end, is_raw = [], [], 0, False
    for tag in _LIQUID.finditer(body):
        name = tag["name"] or ""
        kept.append(body[end : tag.start()])
        end = tag.end()
        if is_raw and name != "endraw":
            kept.append(tag[0])
        elif name in ("raw", "endraw"):
            is_raw = name == "raw"
        elif name in _BLOCKS_OF_DATA:
            blocks.append(len(kept))
        elif blocks and name.removeprefix("end") in _BLOCKS_OF_DATA:
            del kept[blocks.pop() :]
    return "".join(kept) + body[end:]


@transaction.atomic
def save_new(page: Page, updated_at: datetime | None) -> None:
    """Saves a new page with the date in its file, if there is one, as the date of its last change."""
    save_moved(page)
    if updated_at:
        Page.objects.filter(pk=page.pk).update(updated_at=min(updated_at, timezone.now()))
