"""How a query is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.search.query import MAX_TERMS, parse


def read(text: str) -> list[str]:
    """The terms as the query language spells them."""
    return [
        ("-" if term.excluded else "") + (f'"{term.text}"' if term.is_phrase else term.text)
        for term in parse(text).terms
    ]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("投資　ＡＩ 株", ["投資", "ai", "株"]),
        ('"生成AIの活用" -Google', ['"生成aiの活用"', "-google"]),
        ("「machine  learning」 －“米国 株”", ['"machine learning"', '-"米国 株"']),
        ('"米国 株', ['"米国 株"']),  # it is being typed
        ("「生成AI」の活用", ['"生成ai"', "の活用"]),
        ("投資 −Google ‐「米国 株」 − ‐ GPT−4", ["投資", "-google", '-"米国 株"', "gpt−4"]),
        ('"" 「」 -', []),
        ("C++ e-mail a*b 100%", ["c++", "e-mail", "a*b", "100%"]),
    ],
)
def test_query_is_read_as_terms(text, terms):
    assert read(text) == terms


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("サーバー", "サーバ$"),  # where the word ends
        ("サーバ管理", "サーバー管理"),
        ("ウィルス", "ウイルス"),
        ("ウエアラブル", "ウェアラブル"),
    ],
)
def test_katakana_has_other_spellings(text, spelling):
    assert spelling in parse(text).terms[0].spellings


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("生成AIとは", "生成ai"),
        ("C++は", "c++"),
        ("AIバブル崩壊？", "aiバブル崩壊"),
    ],
)
def test_name_may_stand_before_particles(text, name):
    (term,) = parse(text).terms
    assert term.names == (term.text, name)


@pytest.mark.parametrize("text", ["もの", "とは", "みずほ", "特に", "株の", "学びの", "？", '"半導体の"'])
def test_particles_of_a_word_belong_to_it(text):
    assert len(parse(text).terms[0].names) == 1


@given(st.text(max_size=300))
def test_any_text_has_a_reading(text):
    query = parse(text)
    assert all(term.text and all(term.spellings) for term in query.terms)
    assert len(query.terms) <= MAX_TERMS
