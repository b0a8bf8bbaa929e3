"""What no writer means to type: attacks, accidents and a million characters of anything."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.markdown import (
    MAX_CHARS,
    MAX_NOTE_REFERENCES,
    MAX_QUOTE_DEPTH,
    MAX_RAW_TAGS,
    BodyTooLong,
    render_markdown,
)
from tests.text.checker import Checker

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
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join) | st.text(st.characters(exclude_categories=[])))
def test_any_text_renders_to_safe_balanced_html_that_is_always_the_same(source):
    rendered = render_markdown(source, sponsored_hosts=["a.example"])
    Checker(rendered.html)
    assert rendered == render_markdown(source, sponsored_hosts=["a.example"])
    assert {entry["id"] for entry in rendered.toc} <= set(re.findall(r' id="([^"]*)"', rendered.html))
    rendered.html.encode()


@pytest.mark.parametrize(
    "source",
    [
        '<a href="javascript:alert(1)" onclick="x()">a</a>',
        '<a title="&quot; onmouseover=x a=&quot;" href="/">a</a>',
        '![a" onerror="x](/a.png "b\\" onload=\\"y")',
        '[a](</x" onclick="y>)',
        '<h2 title="a>b" onclick=x>見出し</h2>',
        "## <img src=x onerror=y>",
        "<svg><style><img src=x onerror=y></style></svg>",
        '<math><mtext><table><mglyph><style><img src="</style><img src=x onerror=y>">',
        "<noscript><p title='</noscript><img src=x onerror=y>'>",
        "<input type=image src=x formaction=y>",
        "<form id=forms><input name=attributes></form>",
        '```" onclick="x\ncode\n```',
        "[^a]\n\n[^a]: <script>x</script>",
        "[a]: javascript:x\n\n[a]",
    ],
)
def test_attack_leaves_nothing_that_runs(source):
    Checker(render_markdown(source).html)


@pytest.mark.parametrize("tag", ["title", "textarea", "script", "style", "iframe", "plaintext", "xmp"])
def test_raw_tag_that_is_never_closed_does_not_swallow_the_article(tag):
    rendered = render_markdown(f"前の<{tag}>文\n\n**後**の段落").html
    assert f"&lt;{tag}&gt;" in rendered
    assert "<strong>後</strong>" in rendered


def test_too_long_a_body_is_refused_with_a_sentence():
    assert render_markdown("a" * MAX_CHARS).html
    with pytest.raises(BodyTooLong, match="本文が長すぎます（1,000,001字）。"):
        render_markdown("a" * (MAX_CHARS + 1))


def test_quotes_are_nested_so_far_and_no_further():
    deepest = "> " * MAX_QUOTE_DEPTH + "文"
    assert render_markdown(deepest).html.count("<blockquote>") == MAX_QUOTE_DEPTH
    assert render_markdown("> " * 500 + "文").html == render_markdown(deepest).html
    assert "1 - 2 - 3 &gt; 2" in render_markdown("1 - 2 - 3 > 2\n" * 30).html


def test_ragged_table_beyond_the_limit_is_text_and_a_long_one_is_a_table():
    ragged = "|".join("a" * 300) + "\n" + "|".join("-" * 300) + "\n" + "a\n" * 300
    rendered = render_markdown(f"{ragged}\n文\n\n|a|\n|-|").html
    assert "<table>" not in rendered
    assert len(rendered) < 10 * len(ragged)
    long = "|a|b|c|d|\n|-|-|-|-|\n" + "|1|2|3|4|\n" * 2000
    assert render_markdown(long).html.count("<td>") == 8000


def test_tables_are_counted_together():
    table = "a|" * 50 + "\n" + "-|" * 50 + "\n" + "a\n" * 50 + "\n"
    assert 0 < render_markdown(table * 100).html.count("<table>") < 10


def test_raw_html_beyond_the_limit_is_text():
    source = "**太字**" + "<b>" * (MAX_RAW_TAGS + 1)
    assert "<strong>太字</strong>&lt;b&gt;&lt;b&gt;" in render_markdown(source).html


def test_no_footnotes_are_made_beyond_the_limit():
    rendered = render_markdown("[^1]。" * (MAX_NOTE_REFERENCES + 1) + "\n\n[^1]: 注").html
    assert "footnote" not in rendered
    assert rendered.count("^1") == MAX_NOTE_REFERENCES + 1


COSTLY = [
    "[",
    "![",
    "*a_ ",
    "**a",
    "`a``",
    "> ",
    "- ",
    "<b>",
    "<a><b><i>",
    "<div>",
    "<!--",
    "<?",
    "[^1]",
    "|-",
    "~a",
    "&lt;",
]
COSTLY += [
    "## a\n\n",
    "```c\n\n\n```\n",
    "[a](",
    "https://a.",
    "http://a(",
    "<td>",
    "\n- a\n  - b\n",
    "<h2><b>",
    "a|b\n-|-\n",
]
COSTLY += [">" * 20 + "- "]


@pytest.mark.parametrize("unit", COSTLY)
def test_two_hundred_thousand_characters_of_anything_take_a_second_or_so(unit):
    started = time.process_time()
    rendered = render_markdown(unit * (200_000 // len(unit)))
    assert time.process_time() - started < 3
    assert len(rendered.html) < 10_000_000
