"""Links and pictures that lead nowhere."""

import pytest

from blog.text.desk import World, mentions
from blog.text.keys import paragraph_key, title_key
from tests.text.desk.texts import LONG, article, draft, fixed, found

SITE = "https://allforces.example"
WORLD = World(
    paths={"/", "/2026/01/02/電力/", "/contact/", "/a(b)/"},
    moved={"/2026/01/01/電力/": "/2026/01/02/電力/", "/old/": "/new (1)/"},
    images={"/media/図.png"},
    own_origin=SITE,
)

DEAD = (
    "<a href=/nowhere/>資料</a>",
    "[記事](/2026/01/03/%E7%AB%8B%E5%9C%B0/)",
    "[記事](http://allforces.example/nowhere/)",
    "[記事](2026/01/02/電力/)",
    "[記事](/2026/01/01/電力/)",
    '- [記事](/nowhere/ "題")',
    "[記事][1]\n\n[1]: /nowhere/",
    "[![図](/media/図.png)](/nowhere/)",
    r"\\[記事](/nowhere/)",
    "印 <!--> [記事](/nowhere/) --> と書く。",
    "<!-->\n\n[記事](/nowhere/)\n\n-->",
)
ALIVE = (
    "<!-- 注。 --> <!-- <a href='/nowhere/'>資料</a>",
    "<!-- [資料](/nowhere/) は次の号で公開する。 -->",
    "[記事](/2026/01/02/電力/)",
    f"[記事]({SITE}/contact/)",
    "[表紙](/)",
    "[よそ](https://example.com/nowhere/)",
    "[見出しへ](#はじめに)",
    "`[記事](/nowhere/)`",
    "`a\n[記事](/nowhere/)` と書く。",
    "    [記事](/nowhere/)",
    "- [ ] やること",
)


@pytest.mark.parametrize("text", DEAD)
def test_link_that_leads_nowhere_is_found(text):
    assert len(found(article(text), "dead_link", WORLD)) == 1


@pytest.mark.parametrize("text", ALIVE)
def test_link_that_arrives_or_leaves_the_site_passes(text):
    assert found(article(text), "dead_link", WORLD) == []


MOVED = [
    ("[記事](/2026/01/01/電力/)", "[記事](/2026/01/02/電力/)"),
    ("[記事](/2026/01/01/%E9%9B%BB%E5%8A%9B/?a=1#概要 '題')", "[記事](/2026/01/02/電力/?a=1#概要 '題')"),
    (f"[記事](<{SITE}/2026/01/01/電力/>)", f"[記事](<{SITE}/2026/01/02/電力/>)"),
    ("[記事](/old/)", "[記事](/new%20%281%29/)"),
    ('<a href="/old/">記事</a>', '<a href="/new%20%281%29/">記事</a>'),
]


@pytest.mark.parametrize(("before", "after"), MOVED)
def test_moved_link_is_rewritten_and_nothing_else(before, after):
    assert fixed(article(before), world=WORLD) == article(after)


MISSING = (
    "<img src=/media/nowhere.png alt=図>",
    "![](/media/%E7%84%A1.png)",
    "![図](図.png)",
    "![図](</media/no such.png>)",
    "[![図](/media/no.png)](/contact/)",
    "| a |\n|---|\n| ![図](/media/no.png) |",
)
PRESENT = (
    "<!-- ![図](/media/nowhere.png) -->",
    "![図](/media/%E5%9B%B3.png)",
    "![図](https://example.com/no.png)",
    "`![図](/media/no.png)`",
    r"!\[図](/media/no.png)",
    '<img src="/media/図.png" alt="図">',
    "驚くな![^1]\n\n[^1]: 注",
)


@pytest.mark.parametrize("text", MISSING)
def test_picture_that_the_site_lacks_is_found(text):
    assert len(found(article(text), "missing_image", WORLD)) == 1
    assert found(article(text), "dead_link", WORLD) == []


@pytest.mark.parametrize("text", PRESENT)
def test_picture_of_the_site_or_of_another_passes(text):
    assert found(article(text), "missing_image", WORLD) == []


def test_findings_tell_the_line_of_the_link():
    body = article(f"{LONG}\n二行目の[記事](/nowhere/)")
    assert [finding.line for finding in found(body, "dead_link", WORLD)] == [6]


def test_mentions_are_what_the_checks_ask_for():
    body = f"[記事]({SITE}/a/?b#c) ![図](/media/x.png) [図](/media/y.png) [よそ](https://example.com/)\n\n{LONG}"
    named = mentions(draft(body), SITE)
    assert named.paths == {"/a/", "/media/y.png"}
    assert named.images == {"/media/x.png", "/media/y.png"}
    assert named.titles == {title_key("計算資源の費用")}
    assert paragraph_key(LONG) in named.paragraphs
