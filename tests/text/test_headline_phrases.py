"""Where the lines of a headline may end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.text.headlines import heading_in_phrases
from blog.text.markdown import render_markdown
from blog.text.phrases import (
    BOUND,
    NO_BREAK_SPACE,
    PHRASE_END,
    in_phrases,
    plain,
)
from tests.cost import cpu_seconds


def shown(text):
    return in_phrases(text).replace(PHRASE_END, "/").replace(BOUND, "^").replace(NO_BREAK_SPACE, "_")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("荷主が変える海運業界の明日", "荷主が/変える/海運業界の/明日"),
        ("Gemini 3とTPUの発表が示すもの", "Gemini_3と/TPUの/発表が/示す/もの"),
        ("DALL-Eで描く画像と権利の話", "DALL-^Eで/描く/画像と/権利の/話"),
        ("工場の設備AD-01を点検する手順", "工場の/設備AD-^01を/点検する/手順"),
        ("広告を「食い尽くす」という予測", "広告を/「食い尽くす」^と/いう/予測"),
        ("AIがもたらす長期的な競争優位性", "AIが/もたらす/長期的な/競争優位性"),
        ("生成AIプロンプトエンジニアリング入門", "生成AI/プロンプトエンジニアリング/入門"),
        ("自社のAIエージェントを育てる", "自社の/AIエージェントを/育てる"),
        ("小売・卸売業の活用ガイド", "小売・^卸売業の/活用ガイド"),
        ("成功事例から学ぶ導入の秘訣", "成功事例から/学ぶ/導入の/秘訣"),
        ("Google・Extraordinary claimsを読む", "Google・^Extraordinary claimsを/読む"),
        ("導入効果・リスク管理・組織の条件", "導入効果・\u2063リスク管理・\u2063組織の/条件"),
        ("企業の料金比較完全解説を読む", "企業の/料金比較完全解説を/読む"),
    ],
)
def test_lines_end_where_phrases_do(text, wanted):
    assert shown(text) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("## 荷主が変える海運業界の明日", "荷主が<wbr>変える<wbr>海運業界の<wbr>明日"),
        ("## 荷主 & 海運業界の**明日の話**", "荷主 &amp; 海運業界の<strong>明日の話</strong>"),
        ("## 設定ファイルの `荷主が変える海運業界` を直す", "<code>荷主が変える海運業界</code>"),
        (
            "## <ruby>海運業界の明日の姿<rt>かいうんぎょうかい</rt></ruby>",
            "海運業界の明日の姿<rt>かいうんぎょうかい</rt>",
        ),
    ],
)
def test_headings_of_a_body_are_set_in_phrases(source, wanted):
    assert wanted in render_markdown(source).html


@given(st.text("あ投ャーエaZ3 　、。？！・-「」（）[&<>\xa0" + PHRASE_END, max_size=60))
def test_nothing_is_lost(text):
    clean = plain(text)
    assert plain(in_phrases(clean)) == clean


@given(st.text("あ投エaZ3 &;<>\"'", max_size=60))
def test_heading_keeps_its_markup(text):
    markup = f"<em>{text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</em>"
    assert heading_in_phrases(markup).replace("<wbr>", "").translate({ord(BOUND): None, 0xA0: " "}) == markup


@pytest.mark.parametrize("sign", ["あ", "投", "エ", "・", "「", "A-", " ", "3 ", "投エ"])
def test_no_body_is_slow(sign):
    heading = f"## {(sign * 280)[:280]}\n\n"
    with cpu_seconds(3, sign):
        render_markdown(heading * 500)


def test_narrow_cell_of_a_table_parts_where_scripts_meet_and_keeps_names():
    table = render_markdown("|道具|用途|\n|-|-|\n|画像生成はDALL-E 3で|検索エンジン|\n|DALL-E 3|図|").html
    assert table.count(f"DALL-{BOUND}E{NO_BREAK_SPACE}3") == 2
    assert "検索<wbr>エンジン" in table
