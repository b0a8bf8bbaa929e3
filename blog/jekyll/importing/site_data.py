"""Takes over sections, authors, tags with their groups, and pictures from the tables in `_data`.

An import adds missing rows. It does not change stored rows, which may have a new name or address by now; but a tag that
articles brought, and nobody edited at the desk, has no other spellings yet, and gets those of the table.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from blog.editing.log import is_logged
from blog.editing.tags import check_spellings, set_spellings
from blog.jekyll.data_files import Table
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import Tree
from blog.jekyll.importing.pictures import Pictures
from blog.jekyll.importing.workers import Work
from blog.jekyll.names import Named, Names
from blog.jekyll.report import Report
from blog.jekyll.tables.site_data import IMAGES, NAMED, TAG_GROUPS, problem_text
from blog.models import Author, Image, Tag, TagGroup
from blog.models.image import CENTRE
from blog.text.japanese import split_spellings

_DIGEST = re.compile("[0-9a-f]{64}")


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
        spellings = split_spellings(cells.pop("other_spellings", ""))
        found = self.names.find(model, cells["name"], cells["slug"])
        if found is not None:
            if found.slug in slugs:
                raise FileError(None, f"the name {cells['name']!r} or its slug stands above already")
            if isinstance(found, Tag) and spellings and found.name == cells["name"]:
                self.spell(found, spellings)
            return
        avatar, group = cells.pop("avatar", ""), cells.pop("group", "")
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

    def spell(self, tag: Tag, spellings: list[str]) -> None:
        """Gives the stored tag its other spellings, if it never had any at the desk."""
        if tag.pk and not tag.spellings.exists() and not is_logged(tag):
            self.check_spellings(tag, spellings)
            if not self.dry_run:
                set_spellings(tag, spellings)

    def check_spellings(self, tag: Tag, spellings: list[str]) -> None:
        try:
            check_spellings(tag, spellings)
        except ValidationError as error:
            raise FileError(None, f"other_spellings: {' '.join(error.messages)}") from error
