"""What every kind of page promises to every reader's eyes and hands."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.browser.axe import each_theme, show_theme, violations
from tests.browser.tab import Tab
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

PHONE = 390
WIDTHS = {PHONE: "light", 768: "dark", 1280: "light"}  # and the theme that a page loads in
SMALL_PHONE = 320
NARROWER = {PHONE: (SMALL_PHONE,), 1280: (640,)}  # what such a window may become; 640 is 1280 px at 200 %
MEASURED = ("article", "table of 12 columns", "sample article with code and notes")  # by our scripts, as they load
WIDE = ("home", "article", "section", "month", "edition of a full day", "search", "tag index")  # at 1920 px too
VIEWS = {f"{kind}-{width}": (kind, width) for kind in PLACES for width in WIDTHS}
VIEWS |= {f"{kind}-1920": (kind, 1920) for kind in WIDE}
# Every element and where it stands; and those of another layout that are not in this one, or stand elsewhere.
LAYOUT = """() => [...document.querySelectorAll("body, body *")].map(element => {
  const {x, y, width, height} = element.getBoundingClientRect();
  return [element.cloneNode().outerHTML, x, y, width, height].join(" ");
})"""
OTHERS = f"""before => {{
  const now = ({LAYOUT})(), rows = Array.from({{length: Math.max(before.length, now.length)}});
  return rows.map((_, row) => [before[row], now[row]]).filter(([one, other]) => one !== other);
}}"""

# The words of the text, but for those on what only a script can work.
TEXT = """() => {
  const words = element => element.innerText.split(/\\s+/);
  const buttons = new Set([...document.querySelectorAll("button")].flatMap(words));
  return words(document.querySelector("main")).filter(word => word && !buttons.has(word));
}"""
# A button outside a form, a link without an address: nothing would happen.
DEAD = """() => [...document.querySelectorAll("button, a, [role=button]")]
  .filter(element => element.checkVisibility())
  .filter(element => element.localName === "button" ? !element.form || element.type !== "submit" : !element.href)
  .map(element => element.outerHTML)"""


class View(NamedTuple):
    """A page in a window, and what went wrong while it loaded."""

    tab: Tab
    width: int
    faults: list[str]


def open_kind(tab: Tab, serve: Callable[[str], str], kind: str) -> None:
    content, path, status = PLACES[kind]
    tab.open(serve(content), path, status)


@pytest.fixture(scope="module", params=VIEWS.values(), ids=VIEWS)
def view(request: pytest.FixtureRequest, reading_tab: Callable[[int], Tab], serve: Callable[[str], str]) -> View:
    """Loaded once for all that looks at it, which changes nothing; pytest lets them come one after another."""
    kind, width = request.param
    tab = reading_tab(width)
    show_theme(tab.page, WIDTHS.get(width, "dark"))
    open_kind(tab, serve, kind)
    return View(tab, width, [*tab.shifts(), *tab.faults])


def test_page_loads_without_a_fault_and_stands_still(view):
    assert view.faults == []


def test_dark_theme_changes_nothing_but_colours(view):
    """So what is true of the page in the light theme, but for its colours, is true in the dark one."""
    themes = each_theme(view.tab.page)
    next(themes)
    before = view.tab.page.evaluate_handle(LAYOUT)
    next(themes)
    assert view.tab.page.evaluate(OTHERS, before) == []
    before.dispose()
    assert [*view.tab.shifts(), *view.tab.faults] == view.faults


def test_page_keeps_nobody_out(view):
    assert violations(view.tab.page) == {}


@pytest.mark.parametrize("view", [VIEWS[f"{kind}-{PHONE}"] for kind in PLACES], ids=PLACES, indirect=True)
def test_every_word_is_there_without_scripts_and_nothing_is_dead(view, plain_page):
    plain_page.goto(view.tab.page.url)
    missing = set(view.tab.page.evaluate(TEXT)) - set(plain_page.evaluate(TEXT))
    assert missing == set()
    assert plain_page.evaluate(DEAD) == []


def test_page_stays_within_narrower_windows_and_with_large_letters(view):
    """This comes last: the window does not get the page back as it was."""
    tab, found = view.tab, {}
    for width in (view.width, *NARROWER.get(view.width, ())):
        tab.resize(width)
        found[width] = tab.overflow()
    if view.width == PHONE:
        tab.resize(view.width)
        tab.page.evaluate("document.documentElement.style.fontSize = '200%'")
        found["large letters"] = tab.overflow()
    tab.resize(view.width)
    assert {width: wrong for width, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("kind", MEASURED)
def test_page_that_scripts_measure_stays_within_a_small_phone_that_loads_it(kind, reading_tab, serve):
    tab = reading_tab(SMALL_PHONE)
    open_kind(tab, serve, kind)
    assert tab.overflow() == []
