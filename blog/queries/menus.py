"""The two menus of every page, in one statement.

It is SQL because the ORM takes ten times as long to write it as the database takes to answer.
"""

from typing import NamedTuple

from blog.addresses import address
from blog.database import fetch

SECTIONS, FOOTER = range(2)
MENUS = (
    f"SELECT {SECTIONS} AS menu, position, name, slug FROM blog_category"
    f" UNION ALL SELECT {FOOTER}, footer_position, title, path FROM blog_page"
    " WHERE is_published AND footer_position IS NOT NULL ORDER BY menu, position, name"
)


class MenuItem(NamedTuple):
    name: str
    url: str


class Menus(NamedTuple):
    """All sections, and the published pages with a place in the footer, in the editors' order."""

    sections: list[MenuItem]
    footer: list[MenuItem]


def menus() -> Menus:
    """Reads both menus in one query."""
    found = Menus([], [])
    for menu, _, name, where in fetch(MENUS):
        if menu == SECTIONS:
            found.sections.append(MenuItem(name, address("category_detail", where)))
        else:
            found.footer.append(MenuItem(name, address("page_detail", where.strip("/"))))
    return found
