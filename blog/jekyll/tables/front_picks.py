"""The editors' picks for the front page as a table in `_data`: article, place and end of each."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from blog.editing.front_page import StaleFrontPage, set_front_page
from blog.jekyll.data_files import Table
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import POST_SUFFIXES, Tree
from blog.jekyll.report import Report
from blog.jekyll.tables.site_data import problem_text
from blog.models import Category, FrontPick, PostSource

FRONT_PAGE = Table("front_page", ["article", "section", "position", "until"])


def front_rows(stems: Mapping[int, str]) -> Iterator[list[str]]:
    """The rows of the table. They name an article by the stem of its file, and a section, if any, by its slug."""
    for pick in FrontPick.objects.select_related("category").order_by("pk"):
        section = pick.category.slug if pick.category else ""
        yield [stems[pick.post_id], section, str(pick.position), pick.until.isoformat() if pick.until else ""]


def take_front_page(tree: Tree, report: Report) -> None:
    """Imports the picks, unless the desk has picks of its own. The articles must be imported before."""
    stored = FrontPick.objects.all()
    nothing_picked = not stored.exists()
    picks: dict[tuple[int | None, int], FrontPick] = {}
    for line, cells in FRONT_PAGE.read(tree, report):
        try:
            pick = _pick(cells)
        except FileError as error:
            report.fail(FRONT_PAGE.file, FileError(line, error.reason))
        else:
            picks.setdefault((pick.category_id, pick.position), pick)
    if picks and nothing_picked:
        try:
            set_front_page(picks.values(), expected=stored.signature())
        except StaleFrontPage as error:  # an editor saved picks at this moment; those stay
            report.fail(FRONT_PAGE.file, FileError(None, repr(error)))


def _pick(cells: dict[str, str]) -> FrontPick:
    post = article_named(cells["article"])
    section = Category.objects.filter(slug=cells["section"]).first() if cells["section"] else None
    if cells["section"] and section is None:
        raise FileError(None, f"there is no section {cells['section']!r}")
    until = moment(cells, "until")
    pick = FrontPick(post_id=post, category=section, position=cells["position"] or 0, until=until)
    try:
        pick.clean_fields()
    except ValidationError as error:
        raise FileError(None, problem_text(error)) from error
    return pick


def article_named(stem: str) -> int:
    """The key of the article that was imported from the file with this stem. Raises FileError."""
    names = [f"{stem}{suffix}" for suffix in POST_SUFFIXES]
    source = PostSource.objects.filter(name__in=names, post__isnull=False).only("post").first()
    if source is None or source.post_id is None:
        raise FileError(None, f"there is no article {stem!r}")
    return source.post_id


def moment(cells: Mapping[str, str], column: str) -> datetime | None:
    """The moment in a cell, None for an empty one. Raises FileError."""
    text = cells[column]
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        found = None
    if text and (found is None or found.tzinfo is None):
        raise FileError(None, f"{column} must be a date with time and zone, not {text!r}")
    return found
