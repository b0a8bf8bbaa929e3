"""An edition is one sheet of paper."""

import re

import pytest

from tests.browser.tab import ENDS_OF_WORDS
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

EDITIONS = ["edition of one article", "day", "edition of a full day"]
# Parts of sections in a column that hold no story, as where a rule was left over for the next column.
WITHOUT_STORY = """() => [...document.querySelectorAll(".edition-section")].flatMap(section => {
  const titles = [...section.querySelectorAll(".story__title")].map(title => title.getBoundingClientRect());
  const holds = part => ({x, y}) => x >= part.left && x < part.right && y >= part.top - 1 && y < part.bottom;
  return [...section.getClientRects()].filter(part => !titles.some(holds(part))).map(part => part.height);
})"""
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


def test_day_of_twenty_four_is_printed_on_one_page_in_letters_of_a_usual_day(looking_tab, serve):
    looking_tab.open(serve("full"), PLACES["edition of a full day"].path)
    looking_tab.page.evaluate(
        """() => {
          [...document.querySelectorAll(".edition-section .story")].slice(21).forEach(story => story.remove());
          document.querySelectorAll(".edition-section:not(:has(.story))").forEach(section => section.remove());
          document.querySelector(".edition").className = "edition edition--busy";
        }"""
    )
    assert looking_tab.page.evaluate(SHOWN) == 24
    assert len(re.findall(rb"/Type\s*/Page\b", looking_tab.page.pdf(prefer_css_page_size=True))) == 1
    looking_tab.page.emulate_media(media="print")
    size = "title => parseFloat(getComputedStyle(title).fontSize) * 72 / 96"
    brief = looking_tab.page.locator(".edition-section .story--brief .story__title")
    assert {brief.nth(number).evaluate(size) >= 8 for number in range(brief.count())} <= {True}


def test_more_is_written_the_heavier_the_headline(looking_tab, serve):
    looking_tab.resize(1280)
    looking_tab.open(serve("full"), PLACES["edition of a full day"].path)
    kinds = [".story--lead", ".story--second", ".edition-section .story:not(.story--brief)", ".story--brief"]
    sizes = [
        looking_tab.page.locator(f"{kind} .story__title").first.evaluate(
            "title => parseFloat(getComputedStyle(title).fontSize)"
        )
        for kind in kinds
    ]
    assert sizes == sorted(set(sizes), reverse=True)


def test_names_of_sections_are_vertical_on_wide_screens_only(looking_tab, serve):
    mode = "name => getComputedStyle(name).writingMode"
    looking_tab.open(serve("full"), PLACES["edition of a full day"].path)
    name = looking_tab.page.locator(".edition-section__name").first
    assert name.evaluate(mode) == "horizontal-tb"
    looking_tab.resize(1280)
    assert name.evaluate(mode) == "vertical-rl"


def test_number_and_the_editions_around_it_end_with_the_rule(looking_tab, serve):
    looking_tab.resize(1280)
    looking_tab.open(serve("full"), PLACES["edition of a full day"].path)
    rule = looking_tab.page.locator(".edition__head").bounding_box()
    for part in (".edition__number", ".turns"):
        _, end = looking_tab.page.locator(part).evaluate(ENDS_OF_WORDS)
        assert round(end) == round(rule["x"] + rule["width"]), part


def test_two_stories_of_sections_fill_two_columns(looking_tab, serve):
    looking_tab.resize(1280)
    columns = "sections => getComputedStyle(sections).columnCount"
    looking_tab.open(serve("full"), "/2026/04/02/")
    sections = looking_tab.page.locator(".edition__sections")
    assert sections.evaluate(columns) == "3"
    sections.evaluate("sections => sections.classList.add('edition__sections--few')")
    assert sections.evaluate(columns) == "2"
    looking_tab.page.emulate_media(media="print")
    assert sections.evaluate(columns) == "2"


def test_lead_without_a_text_beside_it_takes_the_width_of_the_page(looking_tab, serve):
    looking_tab.resize(1280)
    looking_tab.open(serve("full"), PLACES["edition of a full day"].path)
    title = looking_tab.page.locator(".story--lead > .story__title")
    beside = title.bounding_box()["width"]
    looking_tab.page.locator(".story--lead :is(.story__excerpt, .story__points)").evaluate_all(
        "texts => texts.forEach(text => text.remove())"
    )
    alone, page = title.bounding_box()["width"], looking_tab.page.locator(".story--lead").bounding_box()["width"]
    assert beside < alone == page
    looking_tab.page.emulate_media(media="print")
    assert title.bounding_box()["width"] == looking_tab.page.locator(".story--lead").bounding_box()["width"]


def test_section_with_one_story_stays_in_one_column_as_high_as_its_name(looking_tab, serve):
    looking_tab.resize(1920)
    looking_tab.open(serve("full"), PLACES["day"].path)
    single = looking_tab.page.locator(".edition-section:not(:has(> .story))")
    for section in single.all():
        assert section.evaluate("section => section.getClientRects().length") == 1
        name, box = section.locator(".edition-section__name").bounding_box(), section.bounding_box()
        assert name["y"] + name["height"] <= box["y"] + box["height"]


def test_no_column_begins_with_the_rule_of_the_one_before(looking_tab, serve):
    looking_tab.open(serve("full"), PLACES["edition of a full day"].path)
    assert looking_tab.page.locator(".edition-section").count() > 1
    found = {}
    for width in range(768, 1921, 64):
        looking_tab.resize(width)
        found[width] = looking_tab.page.evaluate(WITHOUT_STORY)
    looking_tab.resize(680)
    looking_tab.page.emulate_media(media="print")
    found["paper"] = looking_tab.page.evaluate(WITHOUT_STORY)
    assert found == {key: [] for key in found}


def test_name_of_a_section_stands_with_its_first_story(looking_tab, serve):
    """Firefox would leave it alone at the foot of a column."""
    looking_tab.resize(768)
    looking_tab.open(serve("full"), PLACES["edition of a full day"].path)
    beside = """name => [getComputedStyle(name.parentElement).breakInside, name.nextElementSibling.matches(".story")]"""
    names = looking_tab.page.locator(".edition-section__name").all()
    assert [name.evaluate(beside) for name in names] == [["avoid", True]] * len(names) != []


def test_stories_on_paper_stand_below_each_other_beside_the_name(looking_tab, serve):
    looking_tab.resize(680)
    looking_tab.open(serve("full"), PLACES["edition of a full day"].path)
    looking_tab.page.emulate_media(media="print")
    for section in looking_tab.page.locator(".edition-section").all():
        columns = section.evaluate(
            """section => [...section.querySelectorAll(".story__title")].map(title => {
              const range = document.createRange();
              range.selectNodeContents(title);
              return [title.getBoundingClientRect().x, Math.min(...[...range.getClientRects()].map(line => line.x))];
            })"""
        )
        assert all(line - start < 1 for start, line in columns)
