"""An article in vertical lines: nobody is kept out of it, and it moves sideways by whatever somebody has."""

import time

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.patience import PATIENCE
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

ARTICLES = ["article that was changed", "table of 12 columns"]
SAMPLE = "sample article with code and notes"
# What is cut off or sticks out above or below; sideways the page goes on.
CUT = """() => [...document.querySelectorAll("main *, header *")].filter(element => {
  const {top, bottom, width} = element.getBoundingClientRect();
  return width && (top < -1 || bottom > innerHeight + 1) && !element.closest(".table-scroll, pre, .visually-hidden");
}).map(element => element.outerHTML.slice(0, 100))"""
FROM_THE_RIGHT = """() => {
  const [first, last] = [...document.querySelectorAll(".prose > p")].map(p => p.getBoundingClientRect().right);
  return first > last;
}"""

# A page of A4 without its margins, and what would not be on it: hidden in a box that scrolls, or below the page.
LANDSCAPE = 1009, 680
LOST = """() => [...document.querySelectorAll("main *")].filter(element => {
  const {bottom} = element.getBoundingClientRect(), {overflowX} = getComputedStyle(element);
  return element.checkVisibility() && (overflowX !== "visible" || bottom > innerHeight + 1);
}).map(element => element.outerHTML.slice(0, 100))"""


def patient(is_so):
    """Waits without a script of the page, which may have none."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def opener(tab, serve):
    def open_kind(kind, width=390, height=844):
        place = PLACES[kind]
        tab.resize(width, height)
        tab.open(serve(place.content), f"{place.path}tate/")
        return tab.page

    return open_kind


@pytest.fixture
def opened(looking_tab, serve):
    return opener(looking_tab, serve)


@pytest.fixture
def opened_anew(tab, serve):
    """For whoever moves the pointer."""
    return opener(tab, serve)


@pytest.mark.parametrize("kind", [*ARTICLES, SAMPLE])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_cut_off_above_or_below(kind, width, looking_tab, opened):
    page = opened(kind, width)
    assert looking_tab.faults == []
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("kind", [*ARTICLES, SAMPLE])
def test_page_keeps_nobody_out(kind, opened):
    assert violations(opened(kind, 1280)) == {}


def test_lines_run_from_the_right_and_tables_and_code_lie_across(opened):
    page = opened(SAMPLE, 1280)
    mode = "element => getComputedStyle(element).writingMode"
    assert page.locator("main p").first.evaluate(mode) == "vertical-rl"
    assert page.evaluate(FROM_THE_RIGHT)
    assert page.locator("pre code").first.evaluate(mode) == "horizontal-tb"
    # Firefox gives a text no width in which a scrolling box itself has horizontal lines.
    assert page.locator("pre").first.evaluate(mode) == "vertical-lr"
    assert page.locator(".tcy").first.evaluate("figure => getComputedStyle(figure).textCombineUpright") == "all"
    assert page.locator(".prose strong").first.evaluate("text => getComputedStyle(text).textEmphasisStyle") != "none"


@pytest.mark.parametrize("key", ["ArrowLeft", "Space"])
def test_keys_move_the_page_sideways_without_a_script(key, make_context, serve):
    with make_context(width=1280, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{serve('full')}{PLACES[SAMPLE].path}tate/")
        title = page.locator("h1")
        before = title.bounding_box()["x"]
        page.keyboard.press(key)
        patient(lambda: title.bounding_box()["x"] > before)


@pytest.mark.parametrize(("key", "back"), [("PageDown", "PageUp"), ("End", "Home"), ("Space", "Shift+Space")])
def test_keys_of_up_and_down_move_it_too(key, back, opened):
    page = opened(SAMPLE, 1280)
    page.keyboard.press(key)
    page.wait_for_function("() => scrollX < -1000")
    page.keyboard.press(back)
    page.wait_for_function("() => scrollX === 0")


def turn_wheel(page: Page, down: int, until: str) -> None:
    """Turns the wheel until the page has moved: a browser that is busy drops a turn now and then."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(until):
        assert time.monotonic() < deadline, f"{until} never came"
        page.mouse.wheel(0, down)
        page.wait_for_timeout(50)


def test_wheel_moves_the_page_sideways(opened_anew):
    page = opened_anew(SAMPLE, 1280)
    page.mouse.move(640, 400)
    turn_wheel(page, 300, "scrollX < 0")
    turn_wheel(page, -300, "scrollX === 0")


def test_choice_is_remembered_until_another_is_made(tab, serve):
    origin, path = serve("full"), PLACES["article"].path
    other = PLACES[SAMPLE].path
    tab.open(origin, path)
    tab.page.get_by_role("link", name="縦で読む").first.click()
    tab.page.wait_for_url(f"**{path}tate/")
    tab.page.goto(origin + other)
    tab.page.wait_for_url(f"**{other}tate/")
    tab.page.get_by_role("link", name="横で読む").first.click()
    tab.page.wait_for_url(f"**{other}")
    tab.page.goto(origin + path)
    tab.page.wait_for_load_state("networkidle")
    assert tab.page.url == origin + path
    assert tab.page.context.cookies() == []


@pytest.mark.parametrize("kind", ["table of 12 columns", SAMPLE])
def test_paper_loses_no_text_and_has_nothing_to_press(kind, opened):
    page = opened(kind, *LANDSCAPE)
    page.emulate_media(media="print")
    assert page.evaluate(LOST) == []
    assert page.locator(".lines:visible, .tate-bar:visible").count() == 0
