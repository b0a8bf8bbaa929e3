"""What every kind of page promises to every reader's eyes and hands."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.browser.axe import violations
from tests.browser.tab import Tab
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

PHONE, DESK = 390, 1280
NARROWER = {PHONE: 320, DESK: 640}  # what such a window may become; 640 is 1280 px at 200 %
VIEWS = {f"{kind}-{width}": (kind, width) for kind in PLACES for width in (PHONE, DESK)}
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


@pytest.fixture(scope="module", params=VIEWS.values(), ids=VIEWS)
def view(request: pytest.FixtureRequest, reading_tab: Callable[[int], Tab], serve: Callable[[str], str]) -> View:
    """Loaded once for all that looks at it, which changes nothing; pytest lets them come one after another."""
    kind, width = request.param
    tab = reading_tab(width)
    content, path, status = PLACES[kind]
    tab.open(serve(content), path, status)
    return View(tab, width, [*tab.shifts(), *tab.faults])


def test_page_loads_without_a_fault_and_stands_still(view):
    assert view.faults == []


def test_page_keeps_nobody_out(view):
    assert violations(view.tab.page) == {}


@pytest.mark.parametrize("view", [VIEWS[f"{kind}-{PHONE}"] for kind in PLACES], ids=PLACES, indirect=True)
def test_every_word_is_there_without_scripts_and_nothing_is_dead(view, plain_page):
    plain_page.goto(view.tab.page.url)
    missing = set(view.tab.page.evaluate(TEXT)) - set(plain_page.evaluate(TEXT))
    assert missing == set()
    assert plain_page.evaluate(DEAD) == []


@pytest.mark.release
def test_page_stays_within_its_window_and_a_narrower_one(view):
    """This comes last: the window does not get the page back as it was."""
    tab, found = view.tab, {}
    for width in (NARROWER[view.width], view.width):
        tab.resize(width)
        found[width] = tab.overflow()
    assert {width: wrong for width, wrong in found.items() if wrong} == {}
