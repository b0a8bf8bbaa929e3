"""The two menus of every page.

In one statement of our own: the ORM takes ten times as long to write it as the database to answer.
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
    """Every section, and the published pages that the footer lists, in the editors' order."""

    sections: list[MenuItem]
    footer: list[MenuItem]


def menus() -> Menus:
    found = Menus([], [])
    for menu, _, name, where in fetch(MENUS):
        if menu == SECTIONS:
            found.sections.append(MenuItem(name, address("category_detail", where)))
        else:
            found.footer.append(MenuItem(name, address("page_detail", where.strip("/"))))
    return found
