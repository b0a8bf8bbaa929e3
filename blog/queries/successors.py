"""Finds the present section, tag or author for one that was renamed or merged: its old page redirects there."""

import re
from collections.abc import Iterable

from django.urls import Resolver404, resolve

from blog.converters import SegmentConverter
from blog.models import Author, Category, Permalink, Tag
from blog.models.permalink import clean_path

Listed = Author | Category | Tag


def page_path(model: type[Listed], slug: str) -> str:
    """The path of the page with this slug, as the ledger spells it."""
    return clean_path(model(slug=slug).get_absolute_url())


def slug_at(model: type[Listed], path: str) -> str:
    """The slug of the row whose page is at the path; "" if the page is not one of this model."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    return match.kwargs["slug"] if match.url_name == f"{model._meta.model_name}_detail" else ""


def successors(model: type[Listed], slugs: Iterable[str]) -> dict[str, Listed]:
    """Maps each old slug that redirects to a row's page to that row, in two queries at most.

    A text that cannot be a slug has no successor.
    """
    paths = {page_path(model, slug): slug for slug in slugs if re.fullmatch(SegmentConverter.regex, slug)}
    led = Permalink.objects.filter(path__in=paths, target__gt="").values_list("path", "target") if paths else []
    now = {paths[path]: slug for path, target in led if (slug := slug_at(model, target))}
    rows = {row.slug: row for row in model.objects.filter(slug__in=now.values())} if now else {}
    return {slug: rows[new] for slug, new in now.items() if new in rows}
