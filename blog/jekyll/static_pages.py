"""Static pages as Markdown files in `_pages`, where many Jekyll sites have them, in and out."""

from collections.abc import Collection, Container, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from blog.editing.saving import save_moved
from blog.jekyll.emit import emit
from blog.jekyll.exporting.post_file import moment_text
from blog.jekyll.front_matter import Document, FileError, flag, parse_document
from blog.jekyll.importing.article import parse_moment
from blog.jekyll.importing.bodies import Bodies, has_liquid
from blog.jekyll.importing.tree import PAGES, PostFile, Tree
from blog.jekyll.site_data import problem_text
from blog.jekyll.yaml_text import Value
from blog.models import Page
from blog.models.permalink import clean_path
from blog.text.japanese import post_slug

MAX_STEM_BYTES = 200


# --- out ---


def write_pages(root: Path) -> Iterator[str]:
    """Yields the body of each."""
    stems: set[str] = set()
    for page in Page.objects.order_by("path").iterator():
        stem = _free_stem(page.path, stems)
        stems.add(stem)
        path = root / PAGES / f"{stem}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(f"---\n{emit(_front_matter(page))}---\n{page.body}".encode())
        yield page.body


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


def _free_stem(path: str, taken: Collection[str]) -> str:
    base = post_slug(path).encode()[:MAX_STEM_BYTES].decode(errors="ignore") or "page"
    stem, number = base, 2
    while stem in taken:
        stem, number = f"{base}-{number}", number + 1
    return stem


# --- in ---


class StaticPages:
    """`moved` are the paths that lead elsewhere now: a page that was there is not missing."""

    def __init__(self, tree: Tree, bodies: Bodies, zone: ZoneInfo, moved: Container[str], *, dry_run: bool) -> None:
        self.tree = tree
        self.bodies = bodies
        self.zone = zone
        self.moved = moved
        self.dry_run = dry_run

    def take(self) -> None:
        """Makes the pages that are not there; the others stay as the desk has them."""
        for file, error in self.tree.walk_pages():
            try:
                if error is not None:
                    raise error
                self.take_page(parse_document(self.tree.read_post(file)), file)
            except FileError as failure:
                self.bodies.report.fail(file.shown, failure)

    def take_page(self, document: Document, file: PostFile) -> None:
        values, lines = document.front_matter.values, document.front_matter.lines
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


@transaction.atomic
def save_new(page: Page, updated_at: datetime | None) -> None:
    """With the date that the file gives, not that of the import."""
    save_moved(page)
    if updated_at:
        Page.objects.filter(pk=page.pk).update(updated_at=updated_at)
