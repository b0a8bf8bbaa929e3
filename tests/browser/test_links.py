"""Links that only their colour tells from a sentence are found, though axe is asked about a few of them only."""

import pytest

from tests.browser.axe import AXE_SCRIPT, VIOLATIONS
from tests.browser.links import RULE, blending

pytestmark = pytest.mark.sqlite

STYLE = """<style>
  body { color: #222 } a, [role=link] { color: #224; text-decoration: none } .bold { font-weight: bold }
  .line { text-decoration: underline } .block { display: inline-block } .bare { display: contents } .far { color: #99f }
</style>"""
LINK = "<a href=/>一</a>"
# Pages, each with the words of its links that blend into what stands around.
PAGES = {
    "in a sentence": (f"<p>文の{LINK}です。</p>", "一"),
    "underlined": ("<p>文の<a class=line href=/>一</a>です。</p>", ""),
    "underlined among what is": ("<p class=line>文の<a class=line href=/>一</a>です。</p>", "一"),
    "underlined by what is around": (f"<p class=line>文の{LINK}です。</p>", ""),
    "thicker": ("<p>文の<a class=bold href=/>一</a>です。</p>", ""),
    "of another colour": ("<p>文の<a class=far href=/>一</a>です。</p>", ""),
    "alone": (f"<p>{LINK}</p>", ""),
    "alone in a part of it": (f"<p>文の<span>{LINK}</span>です。</p>", "一"),
    "beside another": (f"<p>{LINK} <a href=/2>二</a></p>", ""),
    "beside another and a sentence": (f"<p>{LINK} <a href=/2>二</a>の文です。</p>", "一二"),
    "a block": ("<p>文の<a class=block href=/>一</a>です。</p>", ""),
    "without a box": ("<p>文の<a class=bare href=/>一</a>です。</p>", ""),
    "folded": (f"<details><summary>三</summary><p>文の{LINK}です。</p></details>", ""),
    "unfolded": (f"<details open><summary>三</summary><p>文の{LINK}です。</p></details>", "一"),
    "of another kind": ("<p>文の<span role=link tabindex=0>一</span>です。</p>", "一"),
    "a button": ("<p>文の<a role=button href=/>一</a>です。</p>", ""),
    "in a cell": (f"<table><tr><td>文の{LINK}です。</table>", "一"),
    "in a row of what bends": (f"<p style='display: flex'>文の{LINK}です。</p>", ""),
    "right in the page": (f"文の{LINK}です。", "一"),
}


@pytest.fixture
def page(looking_tab):
    looking_tab.page.goto("about:blank")  # under the policy of no site
    looking_tab.page.evaluate(AXE_SCRIPT)  # which outlives what is shown in the page
    return looking_tab.page


def test_links_blend_that_axe_finds_in_the_whole_page(page):
    for case, (html, words) in PAGES.items():
        page.set_content(f"<!doctype html><html lang=ja><title>.</title><meta charset=utf-8>{STYLE}{html}")
        found = blending(page)
        whole = dict(page.evaluate(VIOLATIONS, {"runOnly": {"type": "rule", "values": [RULE]}}))
        assert found == whole.get(RULE, []), case
        assert [word for word in "一二" if f">{word}<" in "".join(found)] == [*words], case
