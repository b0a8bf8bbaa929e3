"""What every kind of page promises to every reader's eyes and hands."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.tab import Tab
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

WIDTHS, THEMES = (390, 768, 1280), ("light", "dark")
VIEWS = {f"{kind}-{width}-{theme}": (kind, width, theme) for kind in PLACES for width in WIDTHS for theme in THEMES}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE = "options => axe.run(document, options).then(({violations}) => violations)"
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}


class View(NamedTuple):
    """A page in a window, and what went wrong while it loaded."""

    tab: Tab
    faults: list[str]


def open_kind(tab: Tab, serve: Callable[[str], str], kind: str) -> None:
    content, path, status = PLACES[kind]
    tab.open(serve(content), path, status)


@pytest.fixture(scope="module", params=VIEWS.values(), ids=VIEWS)
def view(request: pytest.FixtureRequest, reading_tab: Callable[[int, str], Tab], serve: Callable[[str], str]) -> View:
    """Loaded once for all that looks at it, which changes nothing; pytest lets them come one after another."""
    kind, width, theme = request.param
    tab = reading_tab(width, theme)
    open_kind(tab, serve, kind)
    return View(tab, [*tab.shifts(), *tab.faults])


def test_page_loads_without_a_fault_and_stands_still(view):
    assert view.faults == []


def test_page_stays_within_the_window(view):
    assert view.tab.overflow() == []


def test_page_keeps_nobody_out(view):
    view.tab.page.evaluate(AXE_SCRIPT)
    violations = view.tab.page.evaluate(AXE, AXE_OPTIONS)
    assert {violation["id"]: [node["html"] for node in violation["nodes"]] for violation in violations} == {}


@pytest.mark.parametrize("kind", PLACES)
def test_page_stays_within_narrow_windows_and_with_large_letters(kind, reading_tab, serve):
    tab = reading_tab(320, "light")
    open_kind(tab, serve, kind)
    narrow = tab.overflow()
    tab.resize(640)  # 1280 px at 200 %
    zoomed = tab.overflow()
    tab.resize(390)
    tab.page.evaluate("document.documentElement.style.fontSize = '200%'")
    large = tab.overflow()
    tab.resize(320)
    assert (narrow, zoomed, large) == ([], [], [])
