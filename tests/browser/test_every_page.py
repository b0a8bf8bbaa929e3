"""What every kind of page promises to every reader's eyes and hands."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.sites.places import PLACES

pytestmark = [pytest.mark.sqlite, pytest.mark.parametrize("kind", PLACES)]

WIDTHS, THEMES = (390, 768, 1280), ("light", "dark")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE = "options => axe.run(document, options).then(({violations}) => violations)"
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}


def open_kind(tab, serve, kind):
    content, path, status = PLACES[kind]
    tab.open(serve(content), path, status)


def test_page_loads_without_a_fault_and_stands_still(kind, reading_tab, serve):
    found = {}
    for width, theme in [(width, theme) for width in WIDTHS for theme in THEMES]:
        tab = reading_tab(width, theme)
        open_kind(tab, serve, kind)
        found[width, theme] = [*tab.shifts(), *tab.overflow(), *tab.faults]
    assert not {window: faults for window, faults in found.items() if faults}


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


@pytest.mark.parametrize(("width", "theme"), [(width, theme) for width in WIDTHS for theme in THEMES])
def test_page_keeps_nobody_out(kind, width, theme, reading_tab, serve):
    tab = reading_tab(width, theme)
    open_kind(tab, serve, kind)
    tab.page.evaluate(AXE_SCRIPT)
    violations = tab.page.evaluate(AXE, AXE_OPTIONS)
    assert {violation["id"]: [node["html"] for node in violation["nodes"]] for violation in violations} == {}
