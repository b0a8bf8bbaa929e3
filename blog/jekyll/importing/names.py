"""Authors, sections and tags by the names that files give them, through what the desk renamed and merged."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from django.db import transaction

from blog.jekyll.config import SiteConfig
from blog.models import Author, Category, PostSource, Tag
from blog.queries.successors import page_path, slug_at
from blog.text.japanese import post_slug, tag_slug

Named = Author | Category | Tag
MAX_SLUG = 90  # of 100, to leave room for a number


class Names:
    """All names, held in memory. `targets` are the ledger's redirects: path to path."""

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
        """The row of that name, or what it became at the desk, or None; `slug` is the one it had, where that is known.

        A name that is gone leads to where its old path leads. Where that path is alive, its row was renamed and
        kept its URL if an import gave the name before; if none did, two names merely share a slug.
        """
        if found := self._by_name[model].get(name):
            return found
        slug = slug or self._slug_given(model, name)
        rule = self._rule(model, name)
        if target := self.targets.get(page_path(model, slug or rule)):
            return self._by_slug[model].get(slug_at(model, target))
        if model is Category:
            slug = slug or rule  # a section is its slug, whatever it is called
        return self._by_slug[model].get(slug)

    def create_missing(self, wanted: Mapping[type[Named], Iterable[str]]) -> None:
        """Makes the rows that are not there, in the order of their names: slugs do not depend on that of files."""
        with transaction.atomic():
            for model, names in wanted.items():
                # Each is known before the next one is looked for: two spellings of a section are one.
                missing = (name for name in sorted(names) if not self.find(model, name))
                made: list[Any] = [self.add(self._made(model, name)) for name in missing]
                model.objects.bulk_create(made)

    def _made(self, model: type[Named], name: str) -> Named:
        row = model(name=name, slug=self._free_slug(model, name))
        if isinstance(row, Category):
            section = self.config.section(name)
            row.description, row.position = section.description, section.position
        return row

    def add(self, row: Named) -> Named:
        """A new row, for the caller to save. Raises ValidationError.

        That its name and its slug are its own is known here, where all of them are, without asking the database.
        """
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
        """The slug of a name that an earlier import gave. Asked for only when a name is nowhere else."""
        if self._given is None:
            self._given = {Author: {}, Category: {}, Tag: {}}
            for imported in PostSource.objects.values_list("imported", flat=True).iterator():
                self._given[Author].update([imported["author"]])
                self._given[Category].update([imported["category"]])
                self._given[Tag].update(imported["tags"])
        return self._given[model].get(name, "")
