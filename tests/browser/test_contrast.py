"""Faint letters are found wherever they stand, though texts that looked the same have passed before."""

import pytest

from tests.browser.axe import AXE_SCRIPT, show_theme
from tests.browser.contrast import faint

pytestmark = pytest.mark.sqlite

STYLE = """<style>
  p { color: #666; font-size: 16px } .light { color: #aaa } .ground { background: #777 } .far { position: absolute }
  .box { position: relative; width: 200px; height: 60px } .below { top: 70px } .behind { inset: 0; z-index: -1 }
  .bare { background: none; border: 0; color: #666 } .cut { clip-path: inset(50%) }
  .above { position: absolute; top: -99px }
  .night { background: #222 } .large { color: #888; font-size: 20px; font-weight: bold }
</style>"""
FIELD = "<input class=bare value=文 aria-label=欄>"
PASSING = (
    "<p>読める文。</p><p class=light>短</p><div class=night><p class=light>読める文。</p></div>"
    f"<p class=large>大きい文。</p>{FIELD}"
)
FOLDED = "<details><summary>詳しく</summary><p class=light>畳んだ文。</p></details>"
FAINT = {
    "another ground": "<div class=ground><p>薄い文。</p></div>",
    "other letters": "<p class=light>薄い文。</p>",
    "smaller letters": "<p class=large style='font-size: 16px'>薄い文。</p>",
    "thinner letters": "<p class=large style='font-weight: normal'>薄い文。</p>",
    "less of it": "<div style='opacity: .5'><p>薄い文。</p></div>",
    "box of somebody else": "<div class=box><p>薄い文。</p><b class='far behind ground'></b></div>",
    "outside the box of its own": "<div class='box night'><p class='light far below'>薄い文。</p></div>",
    "short one before it": "<p class=light>短</p><p class=light>薄い文。</p>",
    "hidden one before it": "<p class=light style='visibility: hidden'>見えない文。</p><p class=light>薄い文。</p>",
    "field": "<input class=light value=薄い文 aria-label=欄 style='color: #aaa; background: #fff'>",
    "field after a tick": "<input type=checkbox aria-label=印><input class=light value=薄い文 aria-label=欄>",
    "field on another ground": f"<div class=ground>{FIELD}</div>",
    "field on the box of somebody else": f"<div class=box>{FIELD}<b class='far behind ground'></b></div>",
    "one that is cut off before it": "<p class='light cut'>見えない文。</p><p class=light>薄い文。</p>",
    "folded one before it": f"{FOLDED}<p class=light>薄い文。</p>",
    "one that was folded": FOLDED.replace("<details>", "<details open>"),
    "one above the page before it": "<p class='light above'>見えない文。</p><p class=light>薄い文。</p>",
    "wide window": "<style>@media (min-width: 700px) { p { color: #aaa } }</style><p>薄い文。</p>",
    "dark theme": "<style>@media (prefers-color-scheme: dark) { body { background: #444 } }</style><p>薄い文。</p>",
}


def show(page, html):
    page.goto("about:blank")  # under the policy of no site
    page.set_content(f"<!doctype html><title>.</title><meta charset=utf-8>{STYLE}{html}")
    page.evaluate(AXE_SCRIPT)


@pytest.mark.parametrize("case", FAINT)
def test_faint_letters_are_found_after_others_have_passed(case, looking_tab):
    show(looking_tab.page, PASSING)
    assert faint(looking_tab.page) == []
    show(looking_tab.page, FAINT[case])
    found = faint(looking_tab.page)
    if case == "wide window":
        assert found == []
        looking_tab.resize(768)
    if case == "dark theme":
        assert found == []
        show_theme(looking_tab.page, "dark")
    for _ in "ab":  # what is broken stays broken
        assert len(faint(looking_tab.page)) == 1
