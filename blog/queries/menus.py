"""The two menus of every page."""

from typing import NamedTuple

from blog.models import Category, Page


class MenuItem(NamedTuple):
    name: str
    url: str


class Menus(NamedTuple):
    """All sections, and the published pages with a place in the footer, in the editors' order."""

    sections: list[MenuItem]
    footer: list[MenuItem]


def menus() -> Menus:
    """Reads each menu in one query."""
    sections = Category.objects.only("name", "slug")
    pages = Page.objects.published().filter(footer_position__isnull=False).only("title", "path")
    return Menus(
        sections=[MenuItem(section.name, section.get_absolute_url()) for section in sections],
        footer=[MenuItem(page.title, page.get_absolute_url()) for page in pages.order_by("footer_position", "title")],
    )
