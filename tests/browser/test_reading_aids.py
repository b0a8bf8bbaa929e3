"""What the scripts of the page add: a theme that is remembered, the section that is read, sharing, progress."""

import pytest

from tests.browser.tab import Tab, pasted
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

LONG = PLACES["body of 50,000 characters"]
PAPER, NIGHT = "rgb(251, 249, 244)", "rgb(25, 24, 22)"
BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
# Whether each picture that the browser drew before `load` had the paper's colour.
FIRST_PAPER = """
window.papers = [];
const look = () => {
  if (document.body) papers.push(getComputedStyle(document.documentElement).backgroundColor);
  if (document.readyState !== "complete") requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def open_place(tab, serve, place):
    tab.open(serve(place.content), place.path)
    return tab.page


@pytest.fixture
def article(tab, serve):
    return open_place(tab, serve, LONG)


# --- the theme ---


def test_theme_that_was_chosen_is_remembered_on_every_page_without_a_cookie(tab, serve):
    page = open_place(tab, serve, PLACES["home"])
    assert page.evaluate(BACKGROUND) == PAPER
    page.get_by_role("button", name="暗い").click()
    assert page.evaluate(BACKGROUND) == NIGHT
    open_place(tab, serve, PLACES["section"])
    assert page.evaluate(BACKGROUND) == NIGHT
    assert page.get_by_role("button", name="暗い", pressed=True).is_visible()
    assert page.context.cookies() == []
    page.get_by_role("button", name="自動").click()
    assert page.evaluate(BACKGROUND) == PAPER
    assert page.evaluate("localStorage.length") == 0


def test_frame_of_the_browser_takes_the_colour_of_the_chosen_theme(tab, serve):
    page = open_place(tab, serve, PLACES["home"])
    frame = (
        "[...document.querySelectorAll('[name=theme-color]')].find(({ media }) => matchMedia(media).matches).content"
    )
    assert page.evaluate(frame) == "#fbf9f4"
    page.get_by_role("button", name="暗い").click()
    assert page.evaluate(frame) == "#191816"
    page.get_by_role("button", name="自動").click()
    assert page.evaluate(frame) == "#fbf9f4"


def test_chosen_theme_is_there_from_the_first_frame_on(tab, serve):
    page = open_place(tab, serve, PLACES["home"])
    page.get_by_role("button", name="暗い").click()
    page.add_init_script(FIRST_PAPER)
    open_place(tab, serve, LONG)
    assert set(page.evaluate("papers")) == {NIGHT}


def test_light_theme_is_chosen_against_a_dark_device(make_context, serve):
    with make_context(theme="dark") as context:
        tab = Tab(context)
        page = open_place(tab, serve, PLACES["home"])
        assert page.evaluate(BACKGROUND) == NIGHT
        page.get_by_role("button", name="明るい").click()
        page.reload()
        assert page.evaluate(BACKGROUND) == PAPER


def test_choice_reaches_the_other_open_tabs(make_context, serve):
    with make_context() as context:
        first = open_place(Tab(context), serve, PLACES["home"])
        second = open_place(Tab(context), serve, PLACES["section"])
        first.get_by_role("button", name="暗い").click()
        second.wait_for_function(f"() => {BACKGROUND} === '{NIGHT}'")


@pytest.mark.parametrize("stored", ["", "sepia", "<b>", "dark light"])
def test_stored_value_that_is_no_theme_is_ignored(stored, tab, serve):
    page = open_place(tab, serve, PLACES["home"])
    page.evaluate("value => localStorage.setItem('theme', value)", stored)
    page.reload()
    assert page.evaluate(BACKGROUND) == PAPER
    assert page.get_by_role("button", name="自動", pressed=True).is_visible()


def test_choice_works_for_one_page_where_storage_is_forbidden(tab, serve):
    tab.page.add_init_script("delete Storage.prototype.setItem, delete Storage.prototype.getItem")
    page = open_place(tab, serve, PLACES["home"])
    page.get_by_role("button", name="暗い").click()
    assert page.evaluate(BACKGROUND) == NIGHT
    assert tab.faults == []


# --- the size of letters ---

SIZE = "parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)"


def test_size_that_was_chosen_is_remembered_without_a_cookie(tab, serve):
    page = open_place(tab, serve, LONG)
    usual = page.evaluate(SIZE)
    for name, factor in (("大きく", 1.2), ("小さく", 0.9)):
        page.get_by_role("button", name=name).first.click()
        assert page.evaluate(SIZE) == pytest.approx(usual * factor)
        assert page.get_by_role("button", name=name, pressed=True).count() == 2  # at the head and in the foot
        page.reload()
        assert page.evaluate(SIZE) == pytest.approx(usual * factor)
    assert page.context.cookies() == []
    page.get_by_role("button", name="標準").last.click()
    assert page.evaluate(SIZE) == usual
    assert page.evaluate("localStorage.length") == 0


def test_theme_is_chosen_at_the_head_of_an_article_too(tab, serve):
    page = open_place(tab, serve, LONG)
    page.get_by_role("button", name="暗い").first.click()
    assert page.evaluate(BACKGROUND) == NIGHT


# --- contents ---


def current(page):
    return page.locator("[data-contents] [aria-current]").all_inner_texts()


def test_section_that_is_read_is_marked_in_the_contents(article):
    article.set_viewport_size({"width": 1280, "height": 800})
    headings = article.locator(".prose :is(h2, h3)")
    assert current(article) == []
    for number in (0, 7, 3):
        headings.nth(number).evaluate("heading => heading.scrollIntoView()")
        article.wait_for_function(
            "text => document.querySelector('[data-contents] [aria-current]')?.innerText === text",
            arg=headings.nth(number).inner_text(),
        )
        assert len(current(article)) == 1


def test_contents_keep_the_current_section_in_sight(article):
    article.set_viewport_size({"width": 1280, "height": 500})
    article.locator(".prose :is(h2, h3)").last.evaluate("heading => heading.scrollIntoView()")
    article.wait_for_function(
        """() => {
          const link = document.querySelector("[data-contents] [aria-current]")?.getBoundingClientRect();
          return link && link.top > 0 && link.bottom <= innerHeight;
        }"""
    )


def test_contents_stand_open_in_the_margin_and_folded_on_a_phone(article):
    first = article.get_by_role("navigation", name="目次").get_by_role("link").first
    summary = article.locator("summary", has_text="目次")
    assert not first.is_visible()
    article.set_viewport_size({"width": 1280, "height": 800})
    first.wait_for(state="visible")
    assert summary.evaluate("element => element.tabIndex") == -1
    article.set_viewport_size({"width": 390, "height": 800})
    first.wait_for(state="hidden")
    assert summary.evaluate("element => element.tabIndex") == 0


# --- sharing ---


def test_link_is_copied_whole_and_says_so(make_context, serve):
    with make_context(permissions=["clipboard-write"]) as context:
        page = open_place(Tab(context), serve, LONG)
        page.get_by_role("button", name="リンクをコピー").click()
        page.get_by_role("status").filter(has_text="コピーしました").wait_for()
        assert pasted(page) == page.url


def test_copy_that_is_refused_says_so(tab, serve):
    tab.page.add_init_script("Clipboard.prototype.writeText = () => Promise.reject(new DOMException())")
    page = open_place(tab, serve, LONG)
    page.get_by_role("button", name="リンクをコピー").click()
    page.get_by_role("status").filter(has_text="コピーできませんでした").wait_for()
    assert tab.faults == []


def test_device_that_can_share_is_given_title_and_address(tab, serve):
    tab.page.add_init_script("navigator.share = async data => { window.shared = data; throw new DOMException(); }")
    page = open_place(tab, serve, LONG)
    page.get_by_role("button", name="ほかのアプリ").click()
    assert page.evaluate("shared") == {"title": "五万字の記事｜ALLFORCES", "url": page.url}
    assert tab.faults == []


def test_button_that_could_do_nothing_is_not_shown(tab, serve):
    tab.page.add_init_script("delete Navigator.prototype.share, delete Navigator.prototype.clipboard")
    page = open_place(tab, serve, LONG)
    assert not page.get_by_role("button", name="ほかのアプリ").is_visible()
    assert not page.get_by_role("button", name="リンクをコピー").is_visible()
    assert page.get_by_role("link", name="はてなブックマーク").is_visible()


# --- progress ---

READ = "new DOMMatrix(getComputedStyle(document.querySelector('.prose'), '::before').transform).a"
# A browser that knows no timelines: neither the question nor the rule that hangs on it is answered with yes.
NO_TIMELINES = (
    "const {supports} = CSS; CSS.supports = (...asked) => asked[0] !== 'animation-timeline' && supports(...asked)"
)
DROP_RULE = """() => {
  for (const sheet of document.styleSheets)
    for (const [place, rule] of [...sheet.cssRules].entries())
      if (rule.conditionText === "(animation-timeline: view())") return sheet.deleteRule(place);
}"""


def read_to_the_end(page):
    assert page.evaluate(READ) == 0
    page.evaluate("scrollTo(0, document.querySelector('.prose').getBoundingClientRect().height / 2)")
    page.wait_for_function(f"() => {READ} < 0.9 && {READ} > 0.1")
    page.evaluate("document.querySelector('.prose').scrollIntoView({block: 'end'})")
    page.wait_for_function(f"() => {READ} > 0.99")


def test_line_grows_with_what_was_read(article):
    read_to_the_end(article)


def test_line_is_drawn_by_the_script_where_the_style_sheet_cannot(tab, serve):
    tab.page.add_init_script(NO_TIMELINES)
    page = open_place(tab, serve, LONG)
    page.evaluate(DROP_RULE)
    assert page.evaluate("getComputedStyle(document.querySelector('.prose'), '::before').animationName") == "none"
    read_to_the_end(page)


def test_article_without_headings_has_no_line(tab, serve):
    page = open_place(tab, serve, PLACES["bare article"])
    assert page.evaluate("getComputedStyle(document.querySelector('.prose'), '::before').content") == "none"
