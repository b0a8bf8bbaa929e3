"""An edition is one sheet of paper."""

import re

import pytest

from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

EDITIONS = ["edition of one article", "day", "edition of a full day"]
# Parts of sections in a column that hold no story, as where a rule was left over for the next column.


SHOWN = """() => [...document.querySelectorAll(".story__title")].filter(title => title.checkVisibility()).length"""


@pytest.mark.parametrize("kind", EDITIONS)
def test_edition_is_printed_on_one_page_with_every_headline(kind, looking_tab, serve):
    looking_tab.open(serve(PLACES[kind].content), PLACES[kind].path)
    on_screen = looking_tab.page.evaluate(SHOWN)
    sheet = looking_tab.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    assert b"/MediaBox [0 0 595" in sheet.replace(b"[0 0 594.9", b"[0 0 595")
    looking_tab.page.emulate_media(media="print")
    assert looking_tab.page.evaluate(SHOWN) == on_screen > 0
