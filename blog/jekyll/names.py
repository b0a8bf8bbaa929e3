"""Finds authors, sections and tags by the names in files, even if the desk has renamed or merged them."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from django.db import transaction

from blog.delivery.generation import touch
from blog.jekyll.config import SiteConfig
from blog.models import Author, Category, PostSource, Tag
from blog.queries.successors import page_path, slug_at
from blog.text.japanese import post_slug, tag_slug

Named = Author | Category | Tag
MAX_SLUG = 90  # of 100, to leave room for a number


class Names:
    """All authors, sections and tags in memory. `targets` are the redirects of the ledger, path to path."""

    def __init__(self, config: SiteConfig, targets: dict[str, str]) -> None:
        self.config = config
        self.targets = targets
        self._by_name: dict[type[Named], dict[str, Any]] = {}
        self._by_slug: dict[type[Named], dict[str, Any]] = {}
        self._given: dict[type[Named], dict[str, str]] | None = None
        for model in (Author, Category, Tag):
            rows = list(model.objects.all())
            self._by_name[model] = {row.name: row for row in rows}
            self._by_slug[model] = {row.slug: row for row in rows}

    def find(self, model: type[Named], name: str, slug: str = "") -> Any:
        """The row with that name, or the row that it was renamed to or merged into, or None.

        `slug` is the former slug of the name, if the caller knows it. A name that no longer exists is found by the
        redirect from its old path. If a row still has that path and an earlier import gave the name, the row was
        renamed and kept its slug. If no import gave it, two names only share a slug.
        """
        if found := self._by_name[model].get(name):
            return found
        slug = slug or self._slug_given(model, name)
        rule = self._rule(model, name)
        if target := self.targets.get(page_path(model, slug or rule)):
            return self._by_slug[model].get(slug_at(model, target))
        if model is Category:
            slug = slug or rule  # sections with one slug are one section
        return self._by_slug[model].get(slug)

    def create_missing(self, wanted: Mapping[type[Named], Iterable[str]]) -> None:
        """Makes the missing rows in the order of their names, so that slugs do not depend on the order of files."""
        with transaction.atomic():
            for model, names in wanted.items():
                # Each row is known before the next look-up, so two spellings of a section make one row.
                missing = (name for name in sorted(names) if not self.find(model, name))
                made: list[Any] = [self.add(self._made(model, name)) for name in missing]
                model.objects.bulk_create(made)
                if made:  # by the hundred, so without a save of each, which would tell
                    touch(soon=True)

    def _made(self, model: type[Named], name: str) -> Named:
        row = model(name=name, slug=self._free_slug(model, name))
        if isinstance(row, Category):
            section = self.config.section(name)
            row.description, row.position = section.description, section.position
        return row

    def add(self, row: Named) -> Named:
        """Registers a new row, which the caller saves. A tag without a slug gets one. Raises ValidationError.

        All names and slugs are in memory, so their uniqueness needs no query.
        """
        if isinstance(row, Tag) and not row.slug:
            row.slug = self._free_slug(Tag, row.name)
        row.full_clean(validate_unique=False, validate_constraints=False)
        self._by_name[type(row)][row.name] = self._by_slug[type(row)][row.slug] = row
        return row

    def _free_slug(self, model: type[Named], name: str) -> str:
        slug = base = self._rule(model, name)
        numbers = count(2)
        while slug in self._by_slug[model] or page_path(model, slug) in self.targets:
            slug = f"{base}-{next(numbers)}"
        return slug

    def _rule(self, model: type[Named], name: str) -> str:
        if model is Category:
            slug = self.config.section(name).slug
        else:
            slug = (tag_slug(name) or "tag") if model is Tag else (post_slug(name) or "author")
        return slug[:MAX_SLUG].strip("-")

    def _slug_given(self, model: type[Named], name: str) -> str:
        """The slug that an earlier import gave the name. The first call reads all imports."""
        if self._given is None:
            self._given = {Author: {}, Category: {}, Tag: {}}
            for imported in PostSource.objects.values_list("imported", flat=True).iterator():
                self._given[Author].update([imported["author"]])
                self._given[Category].update([imported["category"]])
                self._given[Tag].update(imported["tags"])
        return self._given[model].get(name, "")
