"""Writes static pages as Markdown files into `_pages`, the usual folder of Jekyll sites."""

from collections.abc import Collection, Iterator
from pathlib import Path

from blog.jekyll.files.emit import emit
from blog.jekyll.files.front_matter import has_liquid
from blog.jekyll.files.moments import moment_text
from blog.jekyll.files.tree import PAGES
from blog.jekyll.files.yaml_text import Value
from blog.models import Page
from blog.text.japanese import post_slug

MAX_STEM_BYTES = 200


def write_pages(root: Path) -> Iterator[str]:
    """Writes a file for each page and yields its body."""
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
