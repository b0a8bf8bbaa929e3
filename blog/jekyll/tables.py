"""CSV tables in `_data`, which Jekyll reads too, for what its files have no place for.

They have a header, and hold every text exactly as it is stored. An import adds missing rows. It does not change stored
rows, which may have a new name or address by now.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from blog.editing.amendments import import_amendments
from blog.editing.fields import READ
from blog.editing.front_page import StaleFrontPage, set_front_page
from blog.editing.log import is_logged
from blog.editing.tags import check_spellings, set_spellings
from blog.jekyll.names import Named, Names
from blog.jekyll.pictures import Pictures
from blog.jekyll.reading import FileError, decode, problem_text
from blog.jekyll.report import Report
from blog.jekyll.tree import POST_SUFFIXES, MissingFile, Tree
from blog.models import (
    Amendment,
    Author,
    Category,
    FrontPick,
    HouseWord,
    Image,
    Permalink,
    Post,
    PostSource,
    Tag,
    TagGroup,
)
from blog.text.changes import from_json
from blog.text.japanese import SPELLING_SEPARATOR, split_spellings

FOLDER = "_data"


class Table(NamedTuple):
    """A table. Its first column is required."""

    name: str
    columns: Sequence[str]

    @property
    def file(self) -> str:
        return f"{FOLDER}/{self.name}.csv"

    def write(self, root: Path, rows: Iterable[Sequence[object]]) -> int:
        """Writes the table and returns the number of rows. Without rows it writes no file."""
        cells = [["" if value is None else str(value) for value in row] for row in rows]
        if cells:
            path = root / self.file
            path.parent.mkdir(exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as stream:
                # A lone \r in a text needs quotes, which the CSV writer of Python 3.11 does not add by itself.
                csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([self.columns, *cells])
        return len(cells)

    def take(self, tree: Tree, report: Report, take_row: Callable[[dict[str, str]], object]) -> None:
        """Calls `take_row` with the cells of each row, by column; a missing column is empty in every row.

        The report gets the rows that cannot be read, and those for which `take_row` raises an error. Of a table with a
        quote that is never closed, no row is read.
        """
        try:
            reader = csv.DictReader(io.StringIO(decode(tree.read_data(self.file)), newline=""), strict=True)
            header = reader.fieldnames or []
            rows = [(reader.line_num, cells) for cells in reader]
        except MissingFile:
            return
        except FileError as error:
            report.fail(self.file, error)
            return
        except csv.Error as error:
            report.fail(self.file, FileError(reader.line_num, f"broken CSV: {error}; no row was read"))
            return
        if self.columns[0] not in header:
            report.fail(self.file, FileError(1, f"the first line names no column {self.columns[0]!r}"))
            return
        for column in {*header} - {*self.columns}:
            report.find(self.file, "unknown_column", 1, column)
        for line, cells in rows:
            try:
                if None in cells or None in cells.values():
                    raise FileError(None, f"not as many cells as the {len(header)} columns")
                take_row({column: cells.get(column, "") for column in self.columns})
            except FileError as error:
                report.fail(self.file, FileError(line, error.reason))
            except ValidationError as error:
                report.fail(self.file, FileError(line, problem_text(error)))


NAMED: dict[type[Named], Table] = {
    Category: Table("categories", ["name", "slug", "description", "notice", "position"]),
    Author: Table("authors", ["name", "slug", "bio", "avatar", "links"]),
    Tag: Table("tags", ["name", "slug", "description", "group", "position", "other_spellings"]),
}
TAG_GROUPS = Table("tag_groups", ["name", "position"])
IMAGES = Table("images", ["file", "source_digest", "original_name", "alt", "caption", "credit", "focus_x", "focus_y"])
REDIRECTS = Table("redirects", ["path", "target", "is_handmade"])
# The addresses of articles whose files stay as they came. The row of the present address has the guid.
ADDRESSES = Table("addresses", ["path", "article", "guid", "updated_at"])
FRONT_PAGE = Table("front_page", ["article", "section", "position", "until"])
AMENDMENTS = Table("changes", ["article", "kind", "note", "changed_at", "told_at", "passages", "left_out"])
HOUSE_WORDS = Table("house_words", ["word", "kind", "preferred", "note"])

# --- writing ---


def write_tables(root: Path, stems: Mapping[int, str], image_path: Callable[[Image], str]) -> None:
    """Writes all tables but those of pictures and addresses. They name an article by the stem of its file."""
    for model, table in NAMED.items():
        rows: QuerySet[Any] = model.objects.order_by("pk")
        if model is Tag:
            rows = rows.select_related("group").prefetch_related("spellings")
        table.write(root, ([_cell(getattr(row, column), image_path) for column in table.columns] for row in rows))
    TAG_GROUPS.write(root, TagGroup.objects.values_list("name", "position"))
    redirects = Permalink.objects.filter(post=None).order_by("path").values_list(*REDIRECTS.columns)
    REDIRECTS.write(root, ([path, target, "1" if handmade else ""] for path, target, handmade in redirects))
    HOUSE_WORDS.write(root, HouseWord.objects.order_by("kind", "word").values_list(*HOUSE_WORDS.columns))
    picks = FrontPick.objects.order_by("pk").values_list("post", "category__slug", "position", "until")
    FRONT_PAGE.write(root, ([stems[post], slug, place, _iso(until)] for post, slug, place, until in picks))
    amendments = Amendment.objects.order_by("post_id", "pk").iterator()
    AMENDMENTS.write(root, (_amendment_row(row, stems) for row in amendments))


def _cell(value: Any, image_path: Callable[[Image], str]) -> str:
    match value:
        case Image():
            return image_path(value)
        case list():
            return SPELLING_SEPARATOR.join(value)
        case _:
            return str(value or "")


def _amendment_row(row: Amendment, stems: Mapping[int, str]) -> list[object]:
    passages = json.dumps(row.passages, ensure_ascii=False, separators=(",", ":"))
    moments = _iso(row.changed_at), _iso(row.told_at)
    return [stems[row.post_id], row.kind, row.note, *moments, passages, row.left_out]


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


# --- before the articles ---


class SiteTables:
    """The import of pictures, sections, authors and tags: pictures before the authors, groups before the tags."""

    def __init__(self, tree: Tree, names: Names, pictures: Pictures, report: Report, *, dry_run: bool) -> None:
        self.tree = tree
        self.names = names
        self.pictures = pictures
        self.report = report
        self.dry_run = dry_run

    def take(self) -> None:
        IMAGES.take(self.tree, self.report, self.pictures.restore)
        TAG_GROUPS.take(self.tree, self.report, lambda cells: self._group(cells["name"], cells["position"]))
        for model, table in NAMED.items():
            with transaction.atomic():
                table.take(self.tree, self.report, partial(self._named, model, set()))

    def _named(self, model: type[Named], slugs: set[str], cells: dict[str, str]) -> None:
        """Adds an author, section or tag that is missing. `slugs` are the slugs of the rows above."""
        spellings = split_spellings(cells.pop("other_spellings", ""))
        found = self.names.find(model, cells["name"], cells["slug"])
        if found is not None:
            if found.slug in slugs:
                raise FileError(None, f"the name {cells['name']!r} or its slug stands above already")
            if isinstance(found, Tag) and found.name == cells["name"] and _is_unedited(found):
                self._spell(found, spellings)
            return
        avatar, group = cells.pop("avatar", ""), cells.pop("group", "")
        row = model(**{column: cell for column, cell in cells.items() if cell})
        if isinstance(row, Author) and avatar:
            row.avatar = self.pictures.named(avatar, NAMED[model].file, None)
        if isinstance(row, Tag):
            row.group = self._group(group) if group else None
            _check_spellings(row, spellings)
        self.names.add(row)
        if not self.dry_run:
            row.save()
        if isinstance(row, Tag):
            self._spell(row, spellings)
        slugs.add(row.slug)

    def _group(self, name: str, position: str = "") -> TagGroup:
        """The group of tags with that name, which is made if it is missing."""
        group = TagGroup.objects.filter(name=name).first() or TagGroup(name=name, position=position or 0)
        if group.pk is None:
            group.full_clean()
            if not self.dry_run:
                group.save()
        return group

    def _spell(self, tag: Tag, spellings: list[str]) -> None:
        _check_spellings(tag, spellings)
        if spellings and not self.dry_run:
            set_spellings(tag, spellings)


def _is_unedited(tag: Tag) -> bool:
    """Whether articles brought the tag and nobody edited it at the desk, so that it has no other spellings yet."""
    return bool(tag.pk) and not tag.spellings.exists() and not is_logged(tag)


def _check_spellings(tag: Tag, spellings: list[str]) -> None:
    try:
        check_spellings(tag, spellings)
    except ValidationError as error:
        raise FileError(None, f"other_spellings: {' '.join(error.messages)}") from error


class Address(NamedTuple):
    """What the file of an article cannot say."""

    path: str
    guid: str
    updated_at: datetime | None


def read_addresses(tree: Tree, report: Report) -> tuple[dict[str, Address], dict[str, list[str]]]:
    """The present address and the old ones of each article, by the stem of its file."""
    present: dict[str, Address] = {}
    old: dict[str, list[str]] = defaultdict(list)

    def take_row(cells: dict[str, str]) -> None:
        if cells["guid"]:
            present[cells["article"]] = Address(cells["path"], cells["guid"], _moment(cells, "updated_at"))
        else:
            old[cells["article"]].append(cells["path"])

    ADDRESSES.take(tree, report, take_row)
    return present, old


def read_redirects(tree: Tree, report: Report) -> dict[str, Permalink]:
    """The redirects by their path in the spelling of the ledger."""
    redirects: dict[str, Permalink] = {}

    def take_row(cells: dict[str, str]) -> None:
        row = Permalink(path=cells["path"], target=cells["target"], is_handmade=cells["is_handmade"] == "1")
        row.clean_fields(exclude=["post"])
        if not row.target or row.path == row.target or row.path in redirects:
            raise FileError(None, "it leads nowhere, to itself, or stands above already")
        redirects[row.path] = row

    REDIRECTS.take(tree, report, take_row)
    return redirects


# --- after the articles ---


def take_front_page(tree: Tree, report: Report) -> None:
    """Imports the picks, unless the desk has picks of its own."""
    stored = FrontPick.objects.all()
    nothing_picked = not stored.exists()
    picks: dict[tuple[int | None, int], FrontPick] = {}

    def take_row(cells: dict[str, str]) -> None:
        section = Category.objects.filter(slug=cells["section"]).first() if cells["section"] else None
        if cells["section"] and section is None:
            raise FileError(None, f"there is no section {cells['section']!r}")
        article, until = _article_named(cells["article"]), _moment(cells, "until")
        pick = FrontPick(post_id=article, category=section, position=cells["position"] or 0, until=until)
        pick.clean_fields()
        picks.setdefault((pick.category_id, pick.position), pick)

    FRONT_PAGE.take(tree, report, take_row)
    if picks and nothing_picked:
        try:
            set_front_page(picks.values(), expected=stored.signature())
        except StaleFrontPage as error:  # an editor saved picks at this moment; those stay
            report.fail(FRONT_PAGE.file, FileError(None, repr(error)))


def take_amendments(tree: Tree, report: Report) -> None:
    """Imports the changes of articles that have none.

    An import is trusted here: nothing tells whether readers ever saw the texts of these passages, not even for articles
    that were not public yet.
    """
    found: dict[int, list[Amendment]] = defaultdict(list)

    def take_row(cells: dict[str, str]) -> None:
        try:
            passages = from_json(json.loads(cells["passages"] or "[]"), READ)
        except (ValueError, RecursionError) as error:
            raise FileError(None, f"passages: {error}") from error
        amendment = Amendment(
            post_id=_article_named(cells["article"]),
            kind=cells["kind"],
            note=cells["note"],
            passages=passages,
            left_out=cells["left_out"] or 0,
            changed_at=_moment(cells, "changed_at"),
            told_at=_moment(cells, "told_at"),
        )
        amendment.clean_fields()
        found[amendment.post_id].append(amendment)

    AMENDMENTS.take(tree, report, take_row)
    for pk, amendments in found.items():
        with transaction.atomic():
            post = Post.objects.locked().get(pk=pk)
            if not post.amendment_count:
                import_amendments(post, amendments)


def take_house_words(tree: Tree, report: Report) -> None:
    known = set(HouseWord.objects.values_list("kind", "word"))

    def take_row(cells: dict[str, str]) -> None:
        word = HouseWord(**cells)
        if (word.kind, word.word) not in known:
            word.full_clean()
            word.save()
            known.add((word.kind, word.word))

    HOUSE_WORDS.take(tree, report, take_row)


def _article_named(stem: str) -> int:
    """The key of the article that was imported from the file with this stem. Raises FileError."""
    names = [f"{stem}{suffix}" for suffix in POST_SUFFIXES]
    source = PostSource.objects.filter(name__in=names, post__isnull=False).only("post").first()
    if source is None or source.post_id is None:
        raise FileError(None, f"there is no article {stem!r}")
    return source.post_id


def _moment(cells: Mapping[str, str], column: str) -> datetime | None:
    """The moment in a cell, None for an empty one. Raises FileError."""
    text = cells[column]
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        found = None
    if text and (found is None or found.tzinfo is None):
        raise FileError(None, f"{column} must be a date with time and zone, not {text!r}")
    return found
