"""The data of the site as tables in `_data`: sections, authors, tags with their groups, pictures and redirects.

An import adds missing rows. It does not change stored rows, which may have a new name or address by now.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from blog.editing.tags import check_spellings, set_spellings
from blog.jekyll.data_files import Table
from blog.jekyll.front_matter import FileError
from blog.jekyll.importing.names import Named, Names
from blog.jekyll.importing.pictures import Pictures
from blog.jekyll.importing.tree import Tree
from blog.jekyll.importing.workers import Work
from blog.jekyll.report import Report
from blog.models import Author, Category, Image, Permalink, Tag, TagGroup
from blog.models.image import CENTRE
from blog.text.japanese import SPELLING_SEPARATOR, split_spellings

NAMED: dict[type[Named], Table] = {
    Category: Table("categories", ["name", "slug", "description", "notice", "position"]),
    Author: Table("authors", ["name", "slug", "bio", "avatar", "links"]),
    Tag: Table("tags", ["name", "slug", "description", "group", "position", "other_spellings"]),
}
TAG_GROUPS = Table("tag_groups", ["name", "position"])
IMAGES = Table("images", ["file", "source_digest", "original_name", "alt", "caption", "credit", "focus_x", "focus_y"])
REDIRECTS = Table("redirects", ["path", "target", "is_handmade"])
_DIGEST = re.compile("[0-9a-f]{64}")


# --- export ---


def named_rows(model: type[Named], image_path: Callable[[Image], str]) -> Iterator[list[str]]:
    rows = Tag.objects.select_related("group").prefetch_related("spellings") if model is Tag else model.objects.all()
    for row in rows.order_by("pk"):
        yield [_cell(getattr(row, column), image_path) for column in NAMED[model].columns]


def tag_group_rows() -> Iterator[list[str]]:
    for group in TagGroup.objects.all():
        yield [group.name, str(group.position)]


def _cell(value: Image | TagGroup | list[str] | str | int | None, image_path: Callable[[Image], str]) -> str:
    match value:
        case Image():
            return image_path(value)
        case list():
            return SPELLING_SEPARATOR.join(value)
        case _:
            return str(value or "")


def image_row(image: Image, path: str) -> list[str]:
    return [path, *(str(getattr(image, column)) for column in IMAGES.columns[1:])]


def redirect_rows(paths: set[str]) -> Iterator[list[str]]:
    """The redirects that lead to none of `paths`, and those that editors made.

    These are paths of articles, whose files name their redirects: as paths that stay.
    """
    rows = Permalink.objects.filter(post=None).order_by("path").values_list("path", "target", "is_handmade")
    for path, target, is_handmade in rows.iterator():
        if is_handmade or target not in paths:
            yield [path, target, "1" if is_handmade else ""]


# --- import ---


class SiteData:
    def __init__(self, tree: Tree, names: Names, pictures: Pictures, report: Report, *, dry_run: bool) -> None:
        self.tree = tree
        self.names = names
        self.pictures = pictures
        self.report = report
        self.dry_run = dry_run

    def take(self) -> None:
        """Imports the tables: pictures before the authors, and groups before the tags, which refer to them."""
        rows = IMAGES.read(self.tree, self.report)
        for line, cells in self.pictures.workers.ahead(rows, self.work):
            self.attempt(IMAGES, line, self.take_image, cells)
        for line, cells in TAG_GROUPS.read(self.tree, self.report):
            self.attempt(TAG_GROUPS, line, self.take_group, **{key: cell for key, cell in cells.items() if cell})
        for model, table in NAMED.items():
            with transaction.atomic():
                slugs: set[str] = set()
                for line, cells in table.read(self.tree, self.report):
                    self.attempt(table, line, self.take_named, model, cells, slugs)

    def attempt(self, table: Table, line: int, take: Callable[..., Any], *args: object, **options: str) -> None:
        try:
            take(*args, **options)
        except FileError as error:
            self.report.fail(table.file, FileError(line, error.reason))
        except ValidationError as error:
            self.report.fail(table.file, FileError(line, problem_text(error)))

    def work(self, row: tuple[int, dict[str, str]]) -> Iterator[Work]:
        _, cells = row
        return self.pictures.exported(cells["file"], cells["source_digest"])

    def take_image(self, cells: dict[str, str]) -> None:
        if not _DIGEST.fullmatch(cells["source_digest"]):
            raise FileError(None, "source_digest is not the SHA-256 of a file")
        path = cells.pop("file")
        cells |= {name: cells[name] or str(CENTRE) for name in ("focus_x", "focus_y")}  # older exports have none
        Image(**cells).clean_fields(exclude=["file", "width", "height"])
        self.pictures.restore(path, **cells)

    def take_named(self, model: type[Named], cells: dict[str, str], slugs: set[str]) -> None:
        """Adds an author, section or tag that is missing. `slugs` are the slugs of the rows above."""
        found = self.names.find(model, cells["name"], cells["slug"])
        if found is not None:
            if found.slug in slugs:
                raise FileError(None, f"the name {cells['name']!r} or its slug stands above already")
            return
        avatar, group = cells.pop("avatar", ""), cells.pop("group", "")
        spellings = split_spellings(cells.pop("other_spellings", ""))
        row = model(**{column: cell for column, cell in cells.items() if cell})
        if isinstance(row, Author) and avatar:
            row.avatar = self.pictures.named(avatar, NAMED[model].file, None)
        if isinstance(row, Tag):
            row.group = self.take_group(group) if group else None
            self.check_spellings(row, spellings)
        self.names.add(row)
        if not self.dry_run:
            row.save()
            if isinstance(row, Tag):
                set_spellings(row, spellings)
        slugs.add(row.slug)

    def take_group(self, name: str = "", position: str = "0") -> TagGroup:
        """The group of tags with that name, which is made if it is missing."""
        group = TagGroup.objects.filter(name=name).first() or TagGroup(name=name, position=position)
        if group.pk is None:
            group.full_clean()
            if not self.dry_run:
                group.save()
        return group

    def check_spellings(self, tag: Tag, spellings: list[str]) -> None:
        try:
            check_spellings(tag, spellings)
        except ValidationError as error:
            raise FileError(None, f"other_spellings: {' '.join(error.messages)}") from error


def read_redirects(tree: Tree, report: Report) -> tuple[dict[str, str], dict[str, int], set[str]]:
    """The redirects, path to path in the spelling of the ledger, the line of each, and those that editors made."""
    redirects: dict[str, str] = {}
    lines: dict[str, int] = {}
    handmade: set[str] = set()
    for line, cells in REDIRECTS.read(tree, report):
        is_handmade = cells.pop("is_handmade") == "1"
        row = Permalink(**cells)
        try:
            row.clean_fields(exclude=["post"])
            if not row.target or row.path == row.target or row.path in redirects:
                raise FileError(None, "it leads nowhere, to itself, or stands above already")
        except FileError as error:
            report.fail(REDIRECTS.file, FileError(line, error.reason))
        except ValidationError as error:
            report.fail(REDIRECTS.file, FileError(line, problem_text(error)))
        else:
            redirects[row.path], lines[row.path] = row.target, line
            if is_handmade:
                handmade.add(row.path)
    return redirects, lines, handmade


def problem_text(error: ValidationError) -> str:
    return "; ".join(f"{field}: {' '.join(problems)}" for field, problems in error.message_dict.items())
