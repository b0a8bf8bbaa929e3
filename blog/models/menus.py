"""The two menus of every page.

In statements of our own: the ORM takes ten times as long to write them as the database to answer.
"""

from typing import NamedTuple

from blog.models.addresses import address
from blog.models.sql import fetch


class MenuItem(NamedTuple):
    name: str
    url: str


def section_menu() -> list[MenuItem]:
    """Every section, in the editors' order."""
    rows = fetch("SELECT name, slug FROM blog_category ORDER BY position, name")
    return [MenuItem(name, address("category_detail", slug)) for name, slug in rows]


def footer_menu() -> list[MenuItem]:
    """The published pages that the footer lists, in its order."""
    rows = fetch(
        "SELECT title, path FROM blog_page WHERE is_published AND footer_position IS NOT NULL"
        " ORDER BY footer_position, id"
    )
    return [MenuItem(title, address("page_detail", path.strip("/"))) for title, path in rows]
