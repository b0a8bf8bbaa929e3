"""Everything can be reached and pressed without a pointer, and shows where one is."""

import pytest

from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

MOST_STOPS = 400
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

# The focused element, whether it can be seen to be, and whether anything hides it.
STOP = """() => {
  const element = document.activeElement, {outlineStyle, outlineWidth} = getComputedStyle(element);
  const box = element.getClientRects()[0] ?? new DOMRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const hit = document.elementFromPoint(x, y);
  return {
    number: window.pressable?.indexOf(element),
    html: element.outerHTML.slice(0, 120),
    address: element.getAttribute("href"),
    area: element.closest("nav")?.getAttribute("aria-label") ?? "",
    marked: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    in_sight: element.contains(hit) || hit?.contains(element),
  };
}"""
# What a pointer could press, in the order of the text.
PRESSABLE = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter(element => element.checkVisibility({visibilityProperty: true}) && element.tabIndex >= 0)"""


def walk(page):
    """Every stop of the Tab key, from the top of the page until it leaves the page."""
    stops = []
    while len(stops) < MOST_STOPS:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["html"].startswith("<body"):
            return stops
        stops.append(stop)
    raise AssertionError("the Tab key never leaves the page")


def stop_at(page, condition):
    """Press Tab until the focus is on what fulfils the condition."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if condition(stop):
            return stop
    raise AssertionError("the Tab key does not get there")


@pytest.fixture
def opened(looking_tab, serve):
    """Opens a page by its kind."""

    def open_kind(kind):
        place = PLACES[kind]
        looking_tab.open(serve(place.content), place.path, place.status)
        return looking_tab.page

    return open_kind


@pytest.mark.parametrize("kind", ["home", "article", "search", "404"])
@pytest.mark.parametrize("width", [390, 1280])
def test_tab_key_stops_at_everything_in_order_and_shows_where(kind, width, opened):
    page = opened(kind)
    page.set_viewport_size({"width": width, "height": 844})
    page.evaluate(TWO_FRAMES)  # the script hears of the new width with the next frame
    count = page.evaluate(f"window.pressable = ({PRESSABLE})(), pressable.length")
    stops = walk(page)
    assert [stop["number"] for stop in stops] == list(range(count))
    assert [stop["html"] for stop in stops if not (stop["marked"] and stop["in_sight"])] == []


def test_first_stop_leads_past_the_menu(opened):
    page = opened("article")
    page.keyboard.press("Tab")
    assert page.evaluate(STOP)["in_sight"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.localName") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_menu_leads_to_a_section(opened):
    page = opened("home")
    stop = stop_at(page, lambda stop: stop["area"] == "セクション")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{stop['address']}")
    assert page.locator("nav [aria-current=page]").get_attribute("href") == stop["address"]


def test_words_are_searched_for(opened):
    page = opened("search form")
    stop_at(page, lambda stop: stop["html"].startswith("<input"))
    page.keyboard.type("記事")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert int(page.locator("[data-hits]").get_attribute("data-hits")) > 0


def test_tab_key_stops_at_a_table_or_code_only_where_it_can_be_moved(opened):
    page = opened("sample article with pictures and a table")
    page.set_viewport_size({"width": 1280, "height": 844})
    boxes = page.locator(".prose :is(.table-scroll, pre)")
    page.wait_for_function("() => !document.querySelector('.prose :is(.table-scroll, pre)[tabindex]')")
    assert boxes.count() > 2
    page.evaluate("document.documentElement.style.fontSize = '300%'")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_selector(".table-scroll[tabindex='0']", state="attached")
    moves = "boxes => boxes.map(box => [box.tabIndex === 0, box.scrollWidth > box.clientWidth])"
    assert all(is_stop == can_move for is_stop, can_move in boxes.evaluate_all(moves))
