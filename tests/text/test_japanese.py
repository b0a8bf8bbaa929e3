import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.japanese import (
    normalise,
    normalise_for_search,
    plain_text,
    post_slug,
    reading_minutes,
    split_tags,
    tag_name,
    tag_slug,
    truncate_japanese,
)
from tests.cost import cpu_seconds

any_text = st.text(st.characters(exclude_categories=[]), max_size=80)
quick = settings(max_examples=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("か\u3099", "が"),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("\ufeff題\x00名\x1b[0m", "題名[0m"),
        ("題名\u202egnp.exe\u202c", "題名gnp.exe"),
        ("半\ud800端", "半\ufffd端"),
        ("👩\u200d💻と🇯🇵", "👩\u200d💻と🇯🇵"),
    ],
)
def test_normalise_leaves_one_spelling_and_nothing_invisible(text, expected):
    assert normalise(text) == expected


@quick
@given(any_text)
def test_normalise_is_idempotent_and_can_be_stored(text):
    once = normalise(text)
    assert normalise(once) == once
    assert "\x00" not in once
    once.encode()


def test_search_spelling_ignores_width_case_and_runs_of_space():
    assert normalise_for_search("ＡＩ　ｶﾞｲﾄﾞ\n") == normalise_for_search("ai ガイド") == "ai ガイド"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("08-aiエーシェント本格普及", "08-aiエーシェント本格普及"),
        ("GPT-4.5が拓く、新時代！", "gpt-4-5が拓く-新時代"),
        ("--- !! ---", ""),
        ("か\u3099い\u3099", "がい\u3099"),
        ("①と½", "と"),
        ("", ""),
    ],
)
def test_post_slug_is_jekylls(text, slug):
    assert post_slug(text) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("C++", "cplusplus"),
        ("C#", "csharp"),
        ("C", "c"),
        ("ディープ・ラーニング", "ディープ-ラーニング"),
        ("！！", ""),
    ],
)
def test_tag_slug_keeps_apart_what_differs_only_in_signs(text, slug):
    assert tag_slug(text) == slug


@quick
@given(any_text)
def test_slugs_are_idempotent_and_fit_a_path(text):
    for slugify in (post_slug, tag_slug):
        slug = slugify(text)
        assert slugify(slug) == slug
        assert not set(slug) & set("/?#%. \n<>\"'")
        assert slug == slug.strip("-")
    assert post_slug(tag_slug(text)) == tag_slug(text)


def test_tags_split_at_japanese_and_latin_commas_and_never_at_spaces():
    assert split_tags("Google AI, 投資、生成 AI，LLM､C++\nIPO") == ["Google AI", "投資", "生成 AI", "LLM", "C++", "IPO"]


def test_tags_keep_their_order_and_the_first_spelling_of_a_repeated_one():
    assert split_tags("投資, AI,, ＡＩ、ai , \x00,投資") == ["投資", "AI"]


def test_tag_name_is_one_line_of_compatibility_forms():
    assert tag_name(" ＡＩ　 エージェント\n") == "AI エージェント"


class TestPlainText:
    def test_html_loses_markup_code_blocks_pictures_and_readings(self):
        markup = (
            '<h2 id="a">見出し</h2>\n<p>本文<strong>強調</strong>&amp;<code>x</code>\nです。</p>'
            '<pre class="highlight"><code>print(1)</code></pre><p><ruby>漢<rt>かん</rt></ruby>字'
            '<sup class="footnote-ref"><a href="#fn:1">1</a></sup><img src="/a" alt="絵"></p>'
        )
        assert plain_text(markup) == "見出し 本文強調&x です。漢字"


class TestReadingMinutes:
    @pytest.mark.parametrize(
        ("markup", "minutes"),
        [
            ("", 1),
            ("あ" * 1500, 3),
            ("word " * 660, 3),
            ("![絵](/a.png)\n" * 10, 2),
            ("あ" * 1000 + " word" * 220, 3),
            ("`" + "あ" * 3000 + "`", 1),
            ("https://example.com/a-b-c/d.e " * 400, 1),
            ("[あ](/" + "a-" * 1000 + ")", 1),
            ("。、！？「」" * 1000, 1),
        ],
    )
    def test_counts_only_what_is_read(self, markup, minutes):
        assert reading_minutes(markup) == minutes


class TestTruncate:
    def test_ends_at_the_last_full_stop_that_fits(self):
        assert truncate_japanese("一つ目の文です。「二つ目！」三つ目の文は長い。", 15) == "一つ目の文です。「二つ目！」"

    def test_ends_with_an_ellipsis_where_the_stop_comes_too_early(self):
        assert truncate_japanese("はい。長い文がここから続いていきます", 12) == "はい。長い文がここから…"

    @pytest.mark.parametrize("cluster", ["👩\u200d💻", "👍🏽", "🇯🇵", "か\u309a", "葛\U000e0100"])
    def test_character_made_of_several_is_not_cut(self, cluster):
        text = "あ" * 5 + cluster * 5
        for width in range(6, len(text)):
            kept = truncate_japanese(text, width).removesuffix("…").removeprefix("あ" * 5)
            assert kept == cluster * (len(kept) // len(cluster))

    @quick
    @given(any_text, st.integers(1, 60))
    def test_is_never_wider_than_asked(self, text, width):
        assert len(truncate_japanese(text, width)) <= width


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\uff9e\u0301", "\u3099\u0323", "\u05b0\u0301"])
def test_marks_without_end_on_one_letter_are_few_and_cheap(marks):
    with cpu_seconds(at_most=10):
        text = normalise_for_search(f"か{marks * 500_000}、か\u3099")
    assert text.endswith("、が")
    assert len(text) < 100
