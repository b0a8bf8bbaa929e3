"""How headlines and tables of an article are set, on a phone and on a desk."""

from itertools import accumulate

import pytest

from blog.text.headlines import with_breaks
from blog.text.phrases import LINE_OF_DECK, in_phrases
from tests.sites.places import PLACES, Place

pytestmark = pytest.mark.sqlite

PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 800}
WIDE_TABLE = PLACES["table of 12 columns"]
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


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_links_of_foot_and_sharing_are_as_large_as_a_fingertip(open_at, size):
    page = open_at(PLACES["article"], size)
    boxes = [
        link.bounding_box()
        for link in page.locator(".share__list :is(a, button), .footer__list a, .tools__choice, .tools__lines").all()
        if link.is_visible()
    ]
    assert len(boxes) > 8
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)


def test_table_on_a_phone_keeps_its_first_column_and_says_how_many_there_are(open_at):
    page = open_at(WIDE_TABLE, PHONE)
    table = page.locator(".table-scroll").first
    caption = table.evaluate("table => getComputedStyle(table, '::before').content")
    assert "（12列）・横に動かせます" in caption
    first = table.locator("tr > :first-child").nth(1)
    before = first.bounding_box()
    table.evaluate("table => (table.scrollLeft = 200)")
    assert table.evaluate("table => table.scrollLeft") == 200
    assert first.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_table_on_a_desk_takes_what_it_needs_of_the_margin(open_at):
    page = open_at(WIDE_TABLE, DESK)
    table, text = page.locator(".table-scroll").first.bounding_box(), page.locator(".prose").bounding_box()
    assert table["width"] > text["width"] + 100
    assert table["x"] == text["x"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_dates_over_the_front_page_are_not_parted_at_the_end_of_a_line(open_at):
    page = open_at(PLACES["home"], {"width": 360, "height": 800})
    parts = page.locator(".masthead__date > *")
    assert [part.evaluate(LINES) for part in parts.all()] == [[part.text_content()] for part in parts.all()]
    assert parts.count() == 2


def test_date_of_a_section_on_the_front_page_stands_under_a_title_without_text(open_at):
    page = open_at(PLACES["home"], DESK)
    lead = page.locator(".front-section__lead:has(.front-section__excerpt)").first
    title, date = lead.locator(".front-section__title"), lead.locator(".front-section__date")
    assert date.bounding_box()["x"] > title.bounding_box()["x"]
    lead.locator(".front-section__excerpt").evaluate("text => text.remove()")
    title, date = (page.locator(f".front-section__{part}").first for part in ("title", "date"))
    assert date.bounding_box()["x"] == title.bounding_box()["x"]


def test_paper_has_neither_the_column_of_a_phone_nor_links_back_from_notes(open_at):
    page = open_at(Place("full", "/2026/04/02/fund-fees/"), PHONE)
    back = page.locator(".footnote-backref").first
    assert back.is_visible()
    page.emulate_media(media="print")
    assert not back.is_visible()
    page.emulate_media(media="null")  # on its way to another page, Chromium may forget the paper
    cell = open_at(WIDE_TABLE, PHONE).locator(".table-scroll td:first-child").first
    style = "cell => (({borderRightWidth, maxWidth}) => [borderRightWidth, maxWidth])(getComputedStyle(cell))"
    assert cell.evaluate(style) == ["1px", "135px"]
    page.emulate_media(media="print")
    assert cell.evaluate(style) == ["0px", "none"]


def test_no_line_begins_with_the_number_of_a_note(open_at):
    page = open_at(PLACES["sample article with code and notes"], PHONE)
    prose = page.locator(".prose")
    parted = """(prose, before) => {
      const text = document.createElement("p");
      text.innerHTML = "調".repeat(before) + '査<sup class="footnote-ref"><a>[1]</a></sup>である。';
      prose.append(text);
      const range = document.createRange();
      range.setStart(text.firstChild, before);
      range.setEnd(text.firstChild, before + 1);
      return text.querySelector("a").getBoundingClientRect().top > range.getBoundingClientRect().bottom;
    }"""
    assert [before for before in range(50) if prose.evaluate(parted, before)] == []


def test_chain_of_names_is_whole_on_a_phone_but_in_letters_too_large_for_it(open_at):
    page = open_at(PLACES["a page amid many"], PHONE)
    page.locator(".dense__title a").first.evaluate("link => (link.innerHTML += '<span class=bound></span>')")
    bound = page.locator(".bound").first
    display = "bound => getComputedStyle(bound).display"
    assert bound.evaluate(display) == "inline"
    page.evaluate("document.documentElement.dataset.size = 'large'")
    assert bound.evaluate(display) == "none"
    page.evaluate("delete document.documentElement.dataset.size")
    page.set_viewport_size({"width": 320, "height": 800})
    assert bound.evaluate(display) == "none"


def test_chain_of_names_may_part_in_the_river_where_that_is_narrow(open_at):
    page = open_at(PLACES["home"], PHONE)
    page.locator(".river__title a").first.evaluate("link => (link.innerHTML += '<span class=bound></span>')")
    bound, shown = page.locator(".river__title .bound").first, {}
    for width in (390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        shown[width] = bound.evaluate("bound => getComputedStyle(bound).display")
    assert shown == {390: "none", 768: "inline", 1280: "none", 1920: "none"}


@pytest.mark.parametrize("kind", ["404", "archive index", "feeds"])
def test_sentences_of_the_house_part_between_phrases(kind, open_at):
    page = open_at(PLACES[kind], PHONE)
    texts = page.locator(":is(.list-header__text, .footer__about)")
    assert texts.evaluate_all("texts => texts.map(text => getComputedStyle(text).wordBreak)") == ["auto-phrase"] * 2


def test_lines_of_a_headline_between_label_and_deck_are_even(open_at):
    page = open_at(PLACES["a page amid many"], PHONE)
    widths = """link => {
      const part = name => `<span class="headline__${name}">甲</span>`;
      link.innerHTML = part("label") + "経済<wbr>".repeat(15) + part("deck");
      const range = document.createRange();
      range.setStartAfter(link.firstChild);
      range.setEndBefore(link.lastChild);
      const lines = new Map();
      for (const {bottom, width} of range.getClientRects())
        lines.set(bottom, (lines.get(bottom) ?? 0) + width);
      return [...lines.values()];
    }"""
    shorter, longer = sorted(page.locator(".dense__title a").first.evaluate(widths))
    assert longer - shorter < 40


def test_date_is_not_parted_at_the_end_of_a_line(open_at):
    page = open_at(PLACES["home"], {"width": 320, "height": 800})
    parted = """(meta, letters) => {
      const name = meta.firstChild;
      if (name.nodeType !== Node.TEXT_NODE) throw new Error("no text stands before the date");
      name.data = "名".repeat(letters);
      return meta.querySelector("time").getClientRects().length > 1;
    }"""
    meta = page.locator(".lead__meta")
    assert [letters for letters in range(1, 60) if meta.evaluate(parted, letters)] == []


def test_chain_of_names_in_a_narrow_column_is_parted_between_two(open_at):
    page = open_at(PLACES["home"], {"width": 768, "height": 800})
    chain = in_phrases("（経営・倫理的・社会的・活発化）", LINE_OF_DECK)
    markup = f'<span class="headline__deck">{with_breaks(chain)}</span>'
    title = page.locator(".front-section__headline a").first
    title.evaluate("(title, markup) => { title.innerHTML = markup; title.style.width = '12rem'; }", markup)
    lines = title.evaluate(LINES)
    assert len(lines) > 1
    assert {line[-1] for line in lines} == {"・", "）"}


def test_table_that_fits_a_phone_does_not_say_that_it_can_be_moved(open_at):
    page = open_at(PLACES["sample article with pictures and a table"], PHONE)
    table = page.locator(".table-scroll:has(tr > :nth-child(4))").first
    page.wait_for_selector("[data-fits]", state="attached")
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    caption = "table => getComputedStyle(table, '::before').content"
    assert "動かせます" not in table.evaluate(caption)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_selector(".table-scroll:has(tr > :nth-child(4)):not([data-fits])", state="attached")
    assert "動かせます" in table.evaluate(caption)


def test_newest_article_of_the_topic_is_named_within_its_sentence(open_at):
    page = open_at(PLACES["article of two years ago"], DESK)
    bottoms = page.locator(".age").evaluate(
        """age => {
          age.innerHTML = 'この話題の記事：<a class="headline" href="/"><span class="headline__label">実例</span> ' +
            '題名 <span class="headline__deck">副題</span></a>（日付）';
          const range = document.createRange();
          range.selectNodeContents(age);
          return [...new Set([...range.getClientRects()].map(box => Math.round(box.bottom)))];
        }"""
    )
    assert len(bottoms) == 1


@pytest.mark.parametrize("kind", ["home", "section", "month", "tag", "author", "tag index", "404", "search", "feeds"])
def test_nothing_to_press_stands_on_paper(kind, open_at):
    page = open_at(PLACES[kind], DESK)
    page.emulate_media(media="print")
    pressed = ".skip-link, nav:not(.breadcrumbs, .related-tags, .edition__where), button, input, .more, .footer"
    assert page.locator(f":is({pressed}):visible").count() == 0


@pytest.mark.parametrize("width", [320, 390])
def test_three_columns_fit_a_phone_even_with_long_words(width, open_at):
    page = open_at(PLACES["sample article with pictures and a table"], {"width": width, "height": 800})
    table = page.locator(".table-scroll").first
    size = """table => {
      const words = ["プロンプトエンジニアリング", "業務の設計・テスト工数", "プロンプトテンプレートの整備"];
      const row = name => `<tr>${words.map(word => `<${name}>${word}</${name}>`).join("")}</tr>`;
      table.innerHTML = `<table><thead>${row("th")}</thead><tbody>${row("td")}</tbody></table>`;
      return [table.scrollWidth, table.clientWidth];
    }"""
    needed, given = table.evaluate(size)
    assert needed == given


@pytest.mark.parametrize("path", ["/2026/11/18/gpu-capex/", "/2026/11/18/gpu-capex/tate/", "/privacy/"])
def test_heading_stands_with_its_text_on_paper(path, open_at):
    page = open_at(Place("full", path), DESK)
    heading = page.locator(".prose h2").first
    assert heading.evaluate("heading => getComputedStyle(heading).breakAfter") == "auto"
    page.emulate_media(media="print")
    assert heading.evaluate("heading => getComputedStyle(heading).breakAfter") == "avoid"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_high_contrast_keeps_the_ink_of_a_calendar(theme, open_at):
    page = open_at(PLACES["month"], DESK)
    page.emulate_media(color_scheme=theme, forced_colors="active")
    ink = """(cell, weight) => {
      cell.style.transition = "none";
      cell.className = `ink ink--${weight}`;
      const {backgroundColor, color} = getComputedStyle(cell);
      const canvas = document.createElement("canvas").getContext("2d");
      return [backgroundColor, color].map(name => {
        canvas.fillStyle = name;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data[0];
      });
    }"""
    cell = page.locator(".ink").first
    shown = [cell.evaluate(ink, weight) for weight in range(6)]
    assert len({paper for paper, _ in shown}) == 6
    assert all(abs(paper - figure) > 110 for paper, figure in shown)
