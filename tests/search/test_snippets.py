"""Snippets show where the words of a query stand, in the text as it was written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blog.search.snippets import LENGTH, SENTENCE_LEAD, Words, marked, snippet
from blog.text.japanese import is_inside_character
from blog.text.words import fold
from tests.cost import cpu_seconds

STORY = (
    "半導体の需要は伸びています。国内の工場は、政府の補助金を受けて各地で建設が進み、雇用も増えました。"
    "なかでも電力を大量に使うデータセンターの建設が、送電網の増強を待たずに始まったことが、地域の電力会社にとって"
    "予想を超える負担になり、料金の見直しにまで話が広がっているという見方があります。"
    "一方で、生成AIの活用は企業の事務にも広がりました。投資家は、その効果が利益に現れる時期を待っています。" * 3
)


def words(*terms):
    return Words([fold(term)] if isinstance(term, str) else map(fold, term) for term in terms)


def shown(parts):
    return "".join(f"<{part.text}>" if part.is_marked else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "query", "wanted"),
    [
        ("生成AIの活用", ["ai", "活用"], "生成<AI>の<活用>"),
        ("ＡＩとAIとAirとopen ai", ["ai"], "<ＡＩ>と<AI>とAirとopen <ai>"),
        ("㍿日本と株式会社", ["会社"], "<㍿>日本と株式<会社>"),
        ("投資信託と投資", ["投資", "投資信託"], "<投資信託>と<投資>"),
        ("生成 AI と生成AI", ["生成AI"], "<生成 AI> と<生成AI>"),
        ("Ｑ＆Ａ", ["Q&A"], "<Ｑ＆Ａ>"),
        ("NVIDIAとエヌビディア", [("nvidia", "エヌビディア")], "<NVIDIA>と<エヌビディア>"),
        ("何もない", ["投資"], "何もない"),
    ],
)
def test_words_are_marked_in_the_text_as_it_was_written(text, query, wanted):
    assert shown(marked(text, words(*query))) == wanted


def test_snippet_shows_the_stretch_with_the_most_words_between_borders_of_phrases():
    found = shown(snippet(STORY, words("電力", "料金")))
    assert found.count("<") >= 2
    assert "<料金>" in found
    assert found.startswith("なかでも<電力>を大量に使う")
    assert len(found) <= LENGTH + SENTENCE_LEAD


def test_snippet_shows_running_text_rather_than_a_table_if_it_has_as_many_words():
    table = "電力\n高\n中\n低\n料金\n高\n中\n低\n"
    assert shown(snippet(f"{table}{STORY}", words("電力"))).startswith("なかでも<電力>を大量に使う")
    assert shown(snippet(f"{table}{STORY}", words("電力", "低"))).startswith("<電力>\n高\n中\n<低>")
    assert shown(snippet(table, words("電力"))).startswith("<電力>\n高")


def test_snippet_of_a_text_that_goes_on_ends_with_an_ellipsis_even_after_a_sentence():
    assert shown(snippet("半導体の話。" + "次の文がここにある。" * 50, words("半導体")))[-2:] == "。…"
    assert shown(snippet("半導体\n", words("半導体"))) == "<半導体>\n"


def test_text_without_the_words_has_no_snippet():
    assert snippet(STORY, words("宇宙")) == []


letters = st.text(
    st.one_of(st.characters(), st.sampled_from("ＡｶﾞﾊﾟかﾞがÅA\u030a\u3099\ufe0f\u200d👩👧🇯🇵㍿…ﬁß 　\n。投資ai")),
    max_size=300,
)


@given(text=letters, query=st.lists(letters, max_size=3))
@example(text="🇯🇵" * 100, query=["🇵"])
def test_marking_loses_nothing_and_cuts_no_character(text, query):
    found = words(*query)
    parts = marked(text, found)
    assert "".join(part.text for part in parts) == text
    for shortened in (parts, snippet(text, found, length=20)):
        whole = "".join(part.text for part in shortened)
        at = 0
        for part in shortened[:-1]:
            at += len(part.text)
            assert not is_inside_character(whole, at) or "…" in whole[at - 1 : at + 1]


@pytest.mark.parametrize("sign", ["か\u3099", "a", "ａ", "…", "\u3099", "🇯🇵", "。", " ", "投資 ", "👩\u200d"])
def test_no_text_is_slow(sign):
    with cpu_seconds(2, sign):
        for query in (["投資"], [sign], ["a" * 100] * 8):
            snippet(sign * 20_000, words(*query))
