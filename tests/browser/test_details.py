"""Small things that only an eye sees: what belongs together stands together, and no rule or word is left alone."""

import io

import pytest
from PIL import Image

from tests.browser.tab import ENDS_OF_WORDS
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

# Below the last story of each column, down to the end of the longest one.
ENDS_OF_COLUMNS = """() => {
  const foot = document.querySelector(".edition__sections").getBoundingClientRect().bottom;
  const columns = new Map();
  for (const section of document.querySelectorAll(".edition-section"))
    for (const {x, width} of section.getClientRects()) columns.set(Math.round(x), [x, width]);
  const texts = [...document.querySelectorAll(".edition-section :is(a, .story__excerpt)")];
  return [...columns.values()].map(([x, width]) => {
    const within = ({left, right}) => left >= x - 1 && right <= x + width + 1;
    const boxes = texts.flatMap(text => [...text.getClientRects()]).filter(within);
    const y = Math.max(...boxes.map(box => box.bottom)) + 2;
    return {x: x + 1, y: y + scrollY, width: width - 2, height: foot - y};
  }).filter(({height}) => height > 4);
}"""


@pytest.fixture
def opened(looking_tab, serve):
    def open_kind(kind, width):
        looking_tab.resize(width)
        looking_tab.open(serve(PLACES[kind].content), PLACES[kind].path)
        return looking_tab.page

    return open_kind


def test_no_column_of_an_edition_ends_with_a_rule(opened):
    page = opened("edition of a full day", 768)
    looked_at, ruled = 0, []
    for width in range(768, 1400, 32):
        page.set_viewport_size({"width": width, "height": 844})
        for clip in page.evaluate(ENDS_OF_COLUMNS):
            below = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))
            looked_at += 1
            if below.getcolors(maxcolors=1) is None:  # a table for more takes room for as many as are allowed
                ruled.append((width, clip))
    assert looked_at > 10
    assert ruled == []


def test_long_text_in_a_table_that_is_moved_has_room_for_its_words(opened):
    page = opened("table of 12 columns", 390)
    cell = page.locator(".prose td:last-child").first
    lines = """cell => {
      cell.textContent = "四捨五入のため内訳と合わないことがあるので注意する";
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map(({bottom}) => Math.round(bottom))).size;
    }"""
    assert cell.evaluate(lines) <= 4


@pytest.mark.parametrize("place", [".picture", ".prose"])
def test_credit_of_a_picture_is_not_parted(place, opened):
    page = opened("article with a lead picture", 390)
    parted = """(caption, letters) => {
      const credit = caption.querySelector("small");
      caption.replaceChildren("字".repeat(letters) + "。 ", credit);
      credit.textContent = "撮影：編集部";
      return credit.getClientRects().length > 1 || credit.getBoundingClientRect().height > 30;
    }"""
    caption = page.locator(f"{place} figcaption").first
    assert [letters for letters in range(50) if caption.evaluate(parted, letters)] == []


@pytest.mark.parametrize("kind", ["home", "section", "search in texts", "edition of a full day"])
def test_excerpts_part_between_phrases(kind, opened):
    page = opened(kind, 390)
    texts = page.locator(":is(.second__excerpt, .front-section__excerpt, .post-row__excerpt, .story__excerpt)")
    modes = texts.evaluate_all("texts => texts.map(text => getComputedStyle(text).wordBreak)")
    assert set(modes) == {"auto-phrase"}


def test_titles_before_and_after_stand_in_one_line_also_where_one_was_paid_for(opened):
    page = opened("table of 12 columns", 1280)
    assert page.locator(".neighbours .pr").count() == 1
    first_lines = page.locator(".neighbours a").evaluate_all(
        """titles => titles.map(title => {
          const words = document.createRange();
          words.selectNodeContents(title);
          return words.getClientRects()[0].bottom;
        })"""
    )
    assert abs(first_lines[0] - first_lines[1]) < 1


@pytest.mark.parametrize("width", [768, 1280])
def test_each_list_of_the_foot_stands_in_one_line(width, opened):
    page = opened("home", width)
    heights = page.locator(".footer__list").evaluate_all("lists => lists.map(list => list.offsetHeight)")
    assert len(heights) == 2
    assert all(height < 60 for height in heights)


def test_label_stands_nearer_to_its_headline_than_to_the_one_before(opened):
    page = opened("month", 768)
    gaps = page.locator(".dense__row + .dense__row a.headline").first.evaluate(
        """link => {
          link.innerHTML = '<span class="headline__label">実例</span>題名';
          const words = node => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return range.getBoundingClientRect();
          };
          const label = words(link.firstChild), row = link.closest(".dense__row").previousElementSibling;
          const before = words(row.querySelector("a.headline"));
          return [words(link.lastChild).top - label.bottom, label.top - before.bottom];
        }"""
    )
    to_its_own, to_the_one_before = gaps
    assert to_the_one_before > 4 * to_its_own


@pytest.mark.parametrize("width", [390, 1280])
def test_deck_stands_nearer_to_its_headline_than_to_the_next_article_of_its_day(width, opened):
    page = opened("month", width)
    page.locator(".dense__section").evaluate_all("names => names.forEach(name => name.remove())")
    gaps = page.locator(".dense__row + .dense__row a.headline").first.evaluate(
        """next => {
          const headline = next.closest(".dense__row").previousElementSibling.querySelector("a.headline");
          headline.innerHTML = '<span>題名</span><span class="headline__deck">続き</span>';
          const words = node => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return range.getBoundingClientRect();
          };
          const [head, deck] = [...headline.children].map(words);
          return [deck.top - head.bottom, words(next).top - deck.bottom];
        }"""
    )
    to_its_own, to_the_next = gaps
    assert to_the_next > to_its_own + 10


def test_months_of_a_year_fill_the_lines_of_a_tablet(opened):
    page = opened("year", 768)
    page.locator(".archive__months").evaluate(
        "months => months.replaceChildren(...Array.from({length: 12}, () => months.children[0].cloneNode(true)))"
    )
    tops = page.locator(".archive__months li").evaluate_all("items => items.map(item => item.offsetTop)")
    assert len(set(tops)) == 2


@pytest.mark.parametrize(
    ("kind", "is_cut_off"), [("table of 12 columns", True), ("sample article with code and notes", False)]
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shade_at_the_edge_says_that_code_goes_on(theme, kind, is_cut_off, opened):
    page = opened(kind, 1280)
    page.emulate_media(color_scheme=theme)
    code = page.locator(".prose pre").first
    code.scroll_into_view_if_needed()
    shown = Image.open(io.BytesIO(code.screenshot())).convert("RGB")
    above_the_text = shown.crop((shown.width // 2, 2, shown.width - 1, 8)).getcolors()
    assert (len(above_the_text) > 1) is is_cut_off


def test_rule_under_the_search_form_of_a_phone_opens_its_only_result(opened):
    page = opened("search", 390)
    page.locator(".list-header > .search-form ~ *").evaluate_all("others => others.forEach(one => one.remove())")
    rule = "rows => getComputedStyle(rows).borderTopWidth"
    rows = page.locator(".post-rows")
    assert rows.evaluate(rule) == "0px"
    page.set_viewport_size({"width": 1280, "height": 844})
    assert rows.evaluate(rule) == "1px"


def test_word_to_copy_an_address_begins_where_the_address_does(opened):
    page = opened("feeds", 320)
    address, button = page.locator(".feeds__address code").last, page.locator(".feeds__copy").last
    assert button.bounding_box()["y"] > address.bounding_box()["y"] + 10
    assert abs(button.evaluate(ENDS_OF_WORDS)[0] - address.evaluate(ENDS_OF_WORDS)[0]) < 1


@pytest.mark.parametrize(
    "kind", ["author with a picture", "author index", "month", "404", "search without hits", "article"]
)
def test_no_hairline_stands_under_the_last_row(kind, opened):
    page = opened(kind, 390)
    last = page.locator(":is(.post-row, .dense__day, .latest__item, .related__item):last-child")
    rules = last.evaluate_all("rows => rows.map(row => getComputedStyle(row).borderBottomWidth)")
    assert set(rules) == {"0px"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marked_words_of_an_article_have_no_colour_of_the_browser(theme, opened):
    page = opened("article", 390)
    page.emulate_media(color_scheme=theme)
    colours = page.locator(".prose p").first.evaluate(
        """text => {
          text.innerHTML = "<mark>目印</mark>";
          const {backgroundColor, color} = getComputedStyle(text.firstChild);
          const selected = getComputedStyle(text, "::selection").backgroundColor;
          return [backgroundColor, color, selected, getComputedStyle(text).color];
        }"""
    )
    marked, ink, selected, around = colours
    assert (marked, ink) == (selected, around)


def test_figure_in_a_table_is_not_parted(opened):
    page = opened("sample article with code and notes", 390)
    page.goto(f"{page.url.partition('/2026')[0]}/2026/09/29/inference-cost-total/")
    lines = page.locator(".prose td.align-right").evaluate_all(
        """cells => cells.map(cell => {
          const words = document.createRange();
          words.selectNodeContents(cell);
          return new Set([...words.getClientRects()].map(({top}) => Math.round(top))).size;
        })"""
    )
    assert set(lines) == {1}


@pytest.mark.parametrize("width", [320, 1280])
def test_sentence_at_the_right_of_a_table_leaves_room_for_its_other_column(width, opened):
    page = opened("article", width)
    widths = page.locator(".prose").first.evaluate(
        """(prose, sentence) => {
          prose.insertAdjacentHTML("afterbegin", `<div class="table-scroll"><table><tr><td>甲</td>
            <td class="align-right">${sentence}</td></tr></table></div>`);
          const {clientWidth, scrollWidth} = prose.firstChild;
          return [clientWidth, scrollWidth];
        }""",
        "この列は右に寄せた長い文が入る列であり電話の画面でもほかの列と並んで読める",
    )
    assert widths[0] == widths[1]


def test_sentences_under_an_article_part_between_phrases_and_leave_no_full_stop_alone(opened):
    """Firefox begins a line with the full stop behind a box in a line."""
    page = opened("article", 390)
    assert page.locator(".notice").evaluate("notice => getComputedStyle(notice).wordBreak") == "auto-phrase"
    link = """notice => {
      notice.className = "article__report";
      notice.innerHTML = "<a href='/'>編集部へお知らせください</a>。";
      const {display, wordBreak} = getComputedStyle(notice.firstChild);
      return [display, wordBreak];
    }"""
    assert page.locator(".notice").evaluate(link) == ["inline", "keep-all"]


@pytest.mark.parametrize("text", [".list-header__title", ".found__note"])
def test_no_line_ends_with_the_minus_of_a_search(text, opened):
    page = opened("search with something near", 390)
    is_parted = """(text, width) => {
      text.style.width = `${width}px`;
      const letters = text.firstChild, minus = letters.data.indexOf("-"), sign = document.createRange();
      const [above, below] = [minus, letters.data.indexOf("デ", minus)].map(at => {
        sign.setStart(letters, at);
        sign.setEnd(letters, at + 1);
        return sign.getBoundingClientRect().top;
      });
      return Math.abs(above - below) >= 2;
    }"""
    place = page.locator(text)
    assert [width for width in range(200, 390, 2) if place.evaluate(is_parted, width)] == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("search in texts", ".post-row__excerpt mark"),
        ("preview of a pending version", ".preview-note"),
    ],
)
def test_browser_that_knows_no_phrases_parts_no_word_of_a_search_or_note(kind, text, opened):
    page = opened(kind, 390)
    whole = """text => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
      .filter(rule => rule.conditionText === "not (word-break: auto-phrase)")
      .flatMap(rule => [...rule.cssRules])
      .some(({selectorText, style}) => style.wordBreak === "keep-all" && text.matches(selectorText))"""
    assert page.locator(text).first.evaluate(whole)


def test_ring_around_a_search_leaves_its_label_free_and_has_no_blue_cross_in_it(opened):
    page = opened("search", 390)
    page.locator("#search").focus()
    gap = page.locator("#search").evaluate(
        """input => {
          const words = document.createRange(), {outlineOffset, outlineWidth} = getComputedStyle(input);
          words.selectNodeContents(document.querySelector("label[for='search']"));
          const ring = input.getBoundingClientRect().top - parseFloat(outlineOffset) - parseFloat(outlineWidth);
          return ring - words.getBoundingClientRect().bottom;
        }"""
    )
    assert gap > 0
    shown = Image.open(io.BytesIO(page.locator("#search").screenshot())).convert("RGB")
    assert [colour for _, colour in shown.getcolors(shown.width * shown.height) if colour[2] > colour[0] + 20] == []
