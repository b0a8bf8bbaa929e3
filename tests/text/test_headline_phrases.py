"""Where the lines of a headline may end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.text.headlines import heading_in_phrases, parts_of, typeset, with_breaks
from blog.text.markdown import render_markdown
from blog.text.phrases import (
    BOUND,
    BOUND_IN_WIDE_LINES,
    BOUND_OUTSIDE_COLUMNS,
    LINE_OF_DECK,
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
        ("AMD Ryzen 9 9950Xの性能", "AMD Ryzen_9_9950Xの/性能"),
        ("DALL-Eで描く画像と権利の話", "DALL-^Eで/描く/画像と/権利の/話"),
        ("OpenAI GPT-5シリーズの特徴と強み", "OpenAI GPT-^5シリーズの/特徴と/強み"),
        ("工場の設備AD-01を点検する手順", "工場の/設備AD-^01を/点検する/手順"),
        ("GPT-5・Claude Opus・Gemini 3の料金", "GPT-^5・Claude_Opus・Gemini_3の/料金"),
        ("巨額調達による業界の変化", "巨額調達による/業界の/変化"),
        ("業界の地図をどう塗り替えるか", "業界の/地図を/どう/塗り替えるか"),
        ("広告を「食い尽くす」という予測", "広告を/「食い尽くす」^と/いう/予測"),
        ("みずほFGがW&Bを採用した理由", "みずほFGが/W&Bを/採用した/理由"),
        ("AIがもたらす長期的な競争優位性", "AIが/もたらす/長期的な/競争優位性"),
        ("AIが組織にもたらす「静かな変革」を捉える", "AIが/組織にもたらす/「静かな/変革」^を/捉える"),
        ("品質の良い切り口を探す方法とは", "品質の/良い/切り口を/探す方法とは"),
        ("生成AIプロンプトエンジニアリング入門", "生成AI/プロンプトエンジニアリング/入門"),
        ("自社のAIエージェントを育てる", "自社の/AIエージェントを/育てる"),
        ("人材育成：AIエージェントを育てる", "人材育成：AIエージェントを/育てる"),
        ("小売・卸売業の活用ガイド", "小売・^卸売業の/活用ガイド"),
        ("（OpenAI・Google）が変える業界", "（OpenAI・^Google）^が/変える/業界"),
        ("成功事例から学ぶ導入の秘訣", "成功事例から/学ぶ/導入の/秘訣"),
        ("もたらす産業構造の転換点について", "もたらす/産業構造の/転換点について"),
        ("AI導入コンサルティング会社の選び方", "AI導入/コンサルティング/会社の/選び方"),
        ("Claude Opus・Geminiの料金と選び方", "Claude_Opus・^Geminiの/料金と/選び方"),
        ("Claude Opusの料金と選び方", "Claude Opusの/料金と/選び方"),
        ("Google・Extraordinary claimsを読む", "Google・^Extraordinary claimsを/読む"),
        ("AIの未来 – 規制との共存", "AIの/未来_– 規制との/共存"),
        ("短い題", "短い題"),
        ("導入効果・リスク管理・組織の条件", "導入効果・\u2063リスク管理・\u2063組織の/条件"),
        ("AIによる医療文書作成支援の今", "AIによる/医療文書作成支援の/今"),
        ("企業の料金比較完全解説を読む", "企業の/料金比較完全解説を/読む"),
    ],
)
def test_lines_end_where_phrases_do(text, wanted):
    assert shown(text) == wanted


def test_chain_of_names_that_fills_a_line_of_a_phone_may_be_parted_there():
    chain = "Midjourney・DALL-E・Fluxの特徴"
    assert f"Midjourney・{BOUND_IN_WIDE_LINES}DALL" in in_phrases(chain)
    assert f"Midjourney・{BOUND_OUTSIDE_COLUMNS}DALL" in in_phrases(chain, LINE_OF_DECK)
    assert "Midjourney・DALL" in in_phrases(f"Stable Diffusion・{chain}", LINE_OF_DECK)


def test_chain_of_names_that_fills_any_line_may_be_parted():
    chain = "Midjourney・DALL-E・Stable Diffusion・Fluxの特徴"
    assert "Midjourney・DALL" in in_phrases(chain)
    assert "Midjourney・DALL" in in_phrases(f"Stable Diffusion・{chain}", LINE_OF_DECK)
    assert f"Microsoft・{BOUND_IN_WIDE_LINES}NVIDIAから" in in_phrases("Microsoft・NVIDIAから150億ドルを調達")


def test_chain_of_names_in_a_deck_may_be_parted_where_a_narrow_column_has_no_room_for_it():
    chain = "（経営・倫理的・社会的・活発化）"
    assert in_phrases(chain, LINE_OF_DECK).count(f"・{BOUND_OUTSIDE_COLUMNS}") == 3
    assert f"経営・{BOUND}倫理的" in in_phrases("（経営・倫理的・社会的）", LINE_OF_DECK)


def test_phone_has_no_bound_within_a_long_chain():
    assert with_breaks(f"甲・{BOUND_IN_WIDE_LINES}乙") == f'甲・<span class="bound">{BOUND}</span>乙'
    assert with_breaks(f"甲・{BOUND_OUTSIDE_COLUMNS}乙") == f'甲・<span class="bound-outside-columns">{BOUND}</span>乙'


def test_stored_headline_is_set_in_phrases():
    labels, head, deck = parts_of(typeset("【実例】荷主が変える海運業界の明日｜費用の目安と進め方を解説"))
    assert labels == ("実例",)
    assert head.split(PHRASE_END) == ["荷主が", "変える", "海運業界の", "明日"]
    assert PHRASE_END in deck


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


def test_contents_and_ids_are_those_of_the_heading_as_it_was_written():
    rendered = render_markdown("## 荷主が変える海運業界の明日")
    (entry,) = rendered.toc
    assert (entry["id"], entry["text"]) == ("荷主が変える海運業界の明日", "荷主が変える海運業界の明日")
    assert entry["html"] == "荷主が<wbr>変える<wbr>海運業界の<wbr>明日"


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
