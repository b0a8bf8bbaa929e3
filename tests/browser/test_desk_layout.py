"""How the parts of the desk's pages stand to each other."""

import pytest

from tests.browser.newsroom import follow

pytestmark = pytest.mark.sqlite

# How far the heading of each column stands from the left edge of the cell below it.
OFF = """table => {
  const left = cell => cell.getBoundingClientRect().left;
  const [heads, cells] = ["thead th", "tbody tr.form-row:not(.empty-form) td"].map(
    cells => [...table.querySelectorAll(cells)].filter(cell => cell.offsetWidth > 0));
  return heads.map((head, number) => Math.round(Math.abs(left(head) - left(cells[number]))));
}"""


def test_headings_of_related_articles_stand_over_their_fields(at_desk):
    desk = at_desk("layout")
    page = desk.open(desk.own_article)
    page.locator("#related-group, .inline-group").locator(".add-row a").first.click()
    off = page.locator(".inline-group table").first.evaluate(OFF)
    assert len(off) == 4
    assert max(off) <= 1


def test_long_title_in_front_makes_the_page_no_wider_than_the_window(at_desk):
    desk = at_desk("layout")
    for width in (390, 768, 1280):
        desk.tab.resize(width)
        page = desk.open("/admin/blog/frontpick/")
        assert "巻頭の記事" in page.locator(".places__post").first.inner_text()
        assert desk.tab.overflow() == []


def test_code_that_is_only_looked_at_keeps_its_indentation(at_desk):
    desk = at_desk("typist")
    desk.open("/admin/blog/post/?q=巻頭の記事")
    shown = follow(desk, "長い題名", within="#result_list").locator(".field-body .readonly").inner_text()
    assert "if 値:\n    return 値\n\treturn 0" in shown
