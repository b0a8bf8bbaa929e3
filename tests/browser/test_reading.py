"""How an article is set: its headline, its tables on a phone, and the page on paper."""

from itertools import accumulate

import pytest

from blog.text.markdown import render_markdown
from tests.sites.places import PLACES, Place

pytestmark = pytest.mark.sqlite

PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 800}
WIDE_TABLE = PLACES["table of 12 columns"]
TEXT = "一つの文に近い長さの言葉"
TABLE_OF_TEXTS = f"|道具|用途|長所|注意|\n|-|-|-|-|\n|甲|{TEXT}|{TEXT}|小|\n"
# The lines of an element as they are shown, each as the text between the first and the last character of the same top.
LINES = """element => {
  const lines = new Map();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());)
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width) lines.set(Math.round(box.bottom), (lines.get(Math.round(box.bottom)) ?? "") + node.data[at]);
    }
  return [...lines.values()];
}"""
# The texts of an element: between the ends of phrases, which are elements, they are one each.
TEXTS = """element => {
  const texts = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.data);
  return texts;
}"""


@pytest.fixture
def open_at(looking_tab, serve):
    def opened(place, size):
        looking_tab.page.set_viewport_size(size)
        looking_tab.open(serve(place.content), place.path)
        return looking_tab.page

    return opened


def ends(texts):
    """How many characters, spaces apart, are said at the end of each text."""
    return set(accumulate(len("".join(text.split())) for text in texts))


def test_lines_of_a_headline_end_where_phrases_do(open_at):
    title = open_at(PLACES["title of 100 characters"], PHONE).locator("h1.headline")
    lines, phrases = title.evaluate(LINES), title.evaluate(TEXTS)
    assert len(lines) > 3
    assert ends(lines) <= ends(phrases)


def test_table_on_a_phone_keeps_its_first_column_and_says_how_many_there_are(open_at):
    page = open_at(WIDE_TABLE, PHONE)
    table = page.locator(".table-scroll").first
    assert "（12列）・横に動かせます" in table.evaluate("table => getComputedStyle(table, '::before').content")
    first = table.locator("tr > :first-child").nth(1)
    before = first.bounding_box()
    table.evaluate("table => (table.scrollLeft = 200)")
    assert table.evaluate("table => table.scrollLeft") == 200
    assert first.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_table_of_texts_is_a_list_on_a_phone_and_a_table_on_a_desk(open_at):
    page = open_at(WIDE_TABLE, PHONE)
    page.locator(".prose").evaluate(
        "(prose, html) => { prose.innerHTML = html; }", render_markdown(TABLE_OF_TEXTS).html
    )
    cells = page.locator(".prose td")
    tops = "cells => cells.map(cell => cell.getBoundingClientRect().top)"
    assert len(set(cells.evaluate_all(tops))) == 4
    assert cells.nth(1).evaluate("cell => getComputedStyle(cell, '::before').content") == '"用途"'
    assert page.locator(".table-scroll").evaluate("table => table.scrollWidth <= table.clientWidth")
    page.set_viewport_size(DESK)
    assert len(set(cells.evaluate_all(tops))) == 1


def test_running_text_is_justified_without_pulling_letters_apart(open_at):
    text = open_at(PLACES["article"], DESK).locator(".prose > p").first
    assert text.evaluate("text => getComputedStyle(text).textJustify") == "auto"


def test_contents_in_the_margin_fade_where_they_go_on(open_at):
    page = open_at(PLACES["body of 50,000 characters"], DESK)
    assert "linear-gradient" in page.locator(".contents").evaluate("contents => getComputedStyle(contents).maskImage")


@pytest.mark.parametrize("kind", ["home", "section", "search", "article"])
def test_nothing_to_press_stands_on_paper(kind, open_at):
    page = open_at(PLACES[kind], DESK)
    page.emulate_media(media="print")
    assert page.locator(":is(.skip-link, nav:not(.related-tags), button, input, .more, .footer):visible").count() == 0


def test_paper_tells_where_a_link_leads_once(open_at):
    page = open_at(Place("full", "/2026/04/02/fund-fees/"), PHONE)
    html = render_markdown("[文](https://a.example/) https://b.example/ [^1]\n\n[^1]: 注").html
    page.locator(".prose").evaluate("(prose, html) => { prose.innerHTML = html; }", html)
    page.emulate_media(media="print")
    after = page.locator(".prose p > a").evaluate_all("all => all.map(a => getComputedStyle(a, '::after').content)")
    assert ["https://a.example/" in after[0], after[1]] == [True, "none"]
    assert not page.locator(".footnote-backref").is_visible()
