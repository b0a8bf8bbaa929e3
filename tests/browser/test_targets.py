"""Targets that are too small are found wherever they are, though axe is asked about a few of them only."""

import pytest

from tests.browser.axe import AXE_SCRIPT, VIOLATIONS
from tests.browser.targets import RULE, too_small

pytestmark = pytest.mark.sqlite

STYLE = """<style>
  a, b { position: absolute; left: 99px; top: 99px; width: 20px; height: 20px } p a { position: static }
  .beside { left: 120px } .nearly { left: 122px } .apart { left: 123px } .far { left: 150px } .below { top: 120px }
  .over { left: 109px } .before { left: 55px; width: 40px; height: 30px } .wide { width: 200px }
  .large { width: 40px; height: 40px }
</style>"""
SMALL, LARGE = "<a href=/>一</a>", "<a href=/ class=large>一</a>"
BESIDE = "<a href=/2 class=beside>二</a>"
# Pages, each with the words of its targets that are too small.
PAGES = {
    "alone": (SMALL, ""),
    "beside another small one": (SMALL + BESIDE, "一二"),
    "with nearly enough room": (f"{SMALL}<a href=/2 class=nearly>二</a>", "一二"),
    "with room": (f"{SMALL}<a href=/2 class=apart>二</a>", ""),
    "far from another": (f"{SMALL}<a href=/2 class=far>二</a>", ""),
    "beside a large one": (f"{SMALL}<a href=/2 class='large beside'>二</a>", "一"),
    "over the end of a wide one": (f"{SMALL}<a href=/2 class='wide below'>二</a>", "一"),
    "after a large one": (f"{SMALL}<a href=/2 class=before>二</a>", ""),
    "half covered after a large one": (f"{SMALL}<a href=/2 class=before>二</a><b class=over></b>", "一"),
    "beside a button": (f"{SMALL}<b class=beside role=button tabindex=0>二</b>", "一二"),
    "beside a summary": (f"{SMALL}<b class=beside><details><summary>二</summary></details></b>", "一二"),
    "beside a folded one": (f"{SMALL}<details><summary>三</summary>{BESIDE}</details>", ""),
    "beside an unfolded one": (f"{SMALL}<details open><summary>三</summary>{BESIDE}</details>", "一二"),
    "beside what is no target": (f"{SMALL}<b class=beside>二</b>", ""),
    "large": (LARGE, ""),
    "large beside large": (f"{LARGE}<a href=/2 class='large far'>二</a>", ""),
    "large and covered": (f"{LARGE}<a href=/2 class='large over'>二</a>", "一"),
    "in a sentence": ("<p>文の<a href=/>一</a><a href=/2>二</a>です。</p>", ""),
}


@pytest.mark.parametrize("case", PAGES)
def test_targets_are_too_small_that_axe_finds_in_the_whole_page(case, looking_tab):
    html, words = PAGES[case]
    looking_tab.page.goto("about:blank")  # under the policy of no site
    looking_tab.page.set_content(f"<!doctype html><html lang=ja><title>.</title><meta charset=utf-8>{STYLE}{html}")
    looking_tab.page.evaluate(AXE_SCRIPT)
    found = too_small(looking_tab.page)
    whole = dict(looking_tab.page.evaluate(VIOLATIONS, {"runOnly": {"type": "rule", "values": [RULE]}}))
    assert found == whole.get(RULE, [])
    assert [word for word in "一二" if word in "".join(found)] == [*words]
