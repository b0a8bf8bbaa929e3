"""A standfirst is shown where it says more than the title, and without marks of Markdown."""

import pytest

from blog.text.headlines import opens, standfirst

TITLE = "【2026年版】荷主が変える海運業界の明日｜運賃と契約の目安"


@pytest.mark.parametrize(
    "excerpt",
    [
        "荷主が変える海運業界の明日",
        "海運業界の運賃と契約の目安を、荷主の立場から解説します。",
        "",
    ],
)
def test_excerpt_that_says_what_the_title_says_is_not_shown(excerpt):
    assert standfirst(excerpt, TITLE) == ""


@pytest.mark.parametrize(
    ("excerpt", "shown"),
    [
        ("港湾の混雑は、三年で半分になった。", "港湾の混雑は、三年で半分になった。"),
        (
            "荷主の半数が港湾を選び直し、倉庫と鉄道の役割が変わった。",
            "荷主の半数が港湾を選び直し、倉庫と鉄道の役割が変わった。",
        ),
        ("**港湾の混雑**は[三年](/a/)で`半分`に  なった。", "港湾の混雑は三年で半分に なった。"),
        ("港湾の混雑は、三年で半分になった。しかし倉庫は「...", "港湾の混雑は、三年で半分になった。"),
        ("倉庫が余る。社長は「利益が出た。来年も...", "倉庫が余る。"),
        ("社長は「利益が出た。」と話す。来年（神戸。横浜...", "社長は「利益が出た。」と話す。"),
    ],
)
def test_excerpt_that_says_more_is_shown_as_text(excerpt, shown):
    assert standfirst(excerpt, TITLE) == shown


TEXT = """<h2>はじめに</h2>
<p>港湾の混雑は、<strong>三年で半分</strong>になった。倉庫と鉄道の役割が変わり、荷主の半数が港湾を選び直した。</p>"""


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("港湾の混雑は、三年で半分になった。", True),
        ("港湾の混雑は三年で半分になった。倉庫と鉄道の役割が変わり、荷主の半数が港湾を選び直", True),
        ("荷主は、なぜ港湾を選び直したのか。", False),
        ("", False),
    ],
)
def test_article_opens_with_a_standfirst_that_was_cut_from_it(said, wanted):
    assert opens(said, TEXT) is wanted
