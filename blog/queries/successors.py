"""What became of a section, tag or author that was renamed or merged at the desk: its old page leads to the new one."""

from collections.abc import Iterable

from django.urls import Resolver404, resolve

from blog.models import Author, Category, Permalink, Tag
from blog.models.permalink import clean_path

Listed = Author | Category | Tag


def page_path(model: type[Listed], slug: str) -> str:
    """The path, as the ledger spells it, of the page that has this slug."""
    return clean_path(model(slug=slug).get_absolute_url())


def slug_at(model: type[Listed], path: str) -> str:
    """The slug whose page is at the path; "" if that is no page of one of these."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    return match.kwargs["slug"] if match.url_name == f"{model._meta.model_name}_detail" else ""


def successors(model: type[Listed], slugs: Iterable[str]) -> dict[str, Listed]:
    """By the slug that it had, each row that one of these became. Two queries at most."""
    paths = {page_path(model, slug): slug for slug in slugs}
    led = Permalink.objects.filter(path__in=paths, target__gt="").values_list("path", "target") if paths else []
    now = {paths[path]: slug for path, target in led if (slug := slug_at(model, target))}
    rows = {row.slug: row for row in model.objects.filter(slug__in=now.values())} if now else {}
    return {slug: rows[new] for slug, new in now.items() if new in rows}
