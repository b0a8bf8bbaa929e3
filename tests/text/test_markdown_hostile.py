"""What no writer means to type: attacks, accidents and a million characters of anything."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.bounds import BodyRefused
from blog.text.japanese import printable
from blog.text.markdown import render_markdown
from blog.text.phrases import BOUND
from tests.text.checker import Checker
from tests.text.hostile import SIZE, repeated

FRAGMENTS = (
    *(
        "<",
        ">",
        '"',
        "'",
        "&",
        "&#",
        "&lt;",
        "`",
        "```",
        "~~~",
        "*",
        "**",
        "_",
        "[",
        "](",
        ")",
        "![",
        "|",
        "\\",
        "^",
        "~",
    ),
    *("\n", "\n\n", "\n    ", " ", "\t", "# ", "> ", "- ", "- [ ] ", "1. ", "|a|b|\n|-|-:|\n", "[^1]", "[^1]: ", "---"),
    *("<script>", "</script>", "<style>", "<svg onload=x>", "<math><mi>", "<a href=", "javascript:", "data:", "</a>"),
    *("<img src=x onerror=y>", "<h2 id=forms>", "</h2>", "<table>", "<td>", "<b>", "<p>", "<details open>", "<ruby>"),
    *("<!--", "-->", "<![CDATA[", "<?", "<title>", "<textarea>", "<template>", "<noscript>", "<input type=image>"),
    *("https://a.example/", "http://", "日本語", "「」", "😀", "\x00", "\ud800", "\u202e", "\ufffe", "か\u3099", "x"),
    *("&#1;", "&#8238;", "&#xFFFE;", "&lrm;", "java&#1;script:", '<a href="', "~", "%EF%BF%BE"),
)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join) | st.text(st.characters(exclude_categories=[])))
def test_any_text_renders_to_safe_balanced_html_that_is_always_the_same(source):
    rendered = render_markdown(source, sponsored_hosts=["a.example"])
    Checker(rendered.html)
    shown = rendered.html.replace(BOUND, "")  # ours: the only sign in it that nobody sees
    assert shown == printable(shown)
    assert rendered == render_markdown(source, sponsored_hosts=["a.example"])
    assert {entry["id"] for entry in rendered.toc} <= set(re.findall(r' id="([^"]*)"', rendered.html))
    rendered.html.encode()


@pytest.mark.parametrize("sign", ["&#1;", "&#x1B;", "&#8238;", "&#xFFFE;", "&#65535;", "&#x7f;", "&lrm;", "&NoBreak;"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("文", "字"),
        ("## 文", "字"),
        ("<p>文", "字</p>"),
        ('<abbr title="文', '字">x</abbr>'),
        ("![文", "字](/x)"),
        ("~", "~"),
    ],
)
def test_entity_brings_back_nothing_that_is_invisible(before, sign, after):
    assert render_markdown(before + sign + after) == render_markdown(before + after)


@pytest.mark.parametrize("tag", ["title", "textarea", "script", "style", "iframe", "plaintext", "xmp"])
def test_raw_tag_that_is_never_closed_does_not_swallow_the_article(tag):
    rendered = render_markdown(f"前の<{tag}>文\n\n**後**の段落").html
    assert f"&lt;{tag}&gt;" in rendered
    assert "<strong>後</strong>" in rendered


# What `test_markdown_cost` renders.
UNITS = [
    *("[", "![", "*a_ ", "**a", "`a``", "> ", "- ", "<b>", "<a><b><i>", "<div>", "<!--", "<?", "[^1]", "|-", "~a"),
    *("&lt;", "## a\n\n", "```c\n\n\n```\n", "[a](", "https://a.", "http://a(", "<td>", "\n- a\n  - b\n", "<h2><b>"),
    *("a|b\n-|-\n", ">" * 20 + "- ", "\u0301\u0323", "ﾞ\u0301", "![](/media/#)", "# a-#\n# a\n", "- [ ] a\n"),
    *(
        "<p>a",
        "<table>",
        "<table>a<br>",
        "<details>",
        "<svg><p>",
        "</p>x",
        "<!---->",
        '<b a="',
        "<rt>",
        "- " * 100 + "a\n",
    ),
]


def tags_that_differ(number: int, tag: str = "b lang") -> str:
    return repeated(f"<{tag}=#>", SIZE)[: number * 20].rpartition("<")[0]


NAMES = repeated("a# ", 250)
MULTIPLYING = {
    "formatting left open before paragraphs": f"<div>{tags_that_differ(500)}</div><table>\n\n" + "x\n\n" * 5_000,
    "a little of it before many": f"<div>\n{tags_that_differ(8)}" + "<p>x" * 20_000,
    "links": f"<div>\n{tags_that_differ(8, 'a href')}" + "<p>x" * 20_000,
    "in a paragraph that a block ends": f"<div>\n<p>{tags_that_differ(20)}" + "<section>x</section>" * 9_000,
    "between the rows of a table": f"<div>\n<table>{tags_that_differ(100)}" + "<tr>x" * 19_500,
    "Markdown's own": "*a **b " * 12_000 + "</p>x" * 2_000 + "b** a*" * 12_000,
    "text before a table": "<div>\n<table>" + "a<br>" * 39_000,
    "attributes of one tag": "<b " + repeated("#a ", 30_000) + ">",
    "attributes of tags that stay open": f"x{tags_that_differ(5_000, f'b {NAMES} z')}" + "<b></b>" * 14_000,
    "after addresses that grow": "![](/%s)\n\n" % ("😀" * 800) * 110
    + "".join(f"<{tag}>" * 3 for tag in ("b", "code", "em", "i", "s", "small", "strong", "u"))
    + "<p>x" * 20_000,
    "a tag that never ends": "<div>\n<b " + "=" * 190_000,
    "text of nested headings": "<h2><b>" * 1_490 + "x" * 18_000,
    "paragraphs deep inside": "<div>\n" + "<blockquote>" * 240 + "<p>x" * 19_500,
    "a definition that is referred to": f"[a]: /{'x' * 9_000}\n\n<div></div>" + "[a]" * 60_000,
}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<details>" * 300, "入れ子が深すぎます（250段まで）"),
        (MULTIPLYING["a little of it before many"], "段落ごとに閉じてください"),
        (MULTIPLYING["after addresses that grow"], "段落ごとに閉じてください"),
    ],
)
def test_refusal_tells_the_writer_what_to_do(source, words):
    with pytest.raises(BodyRefused, match=re.escape(words)):
        render_markdown(source)
