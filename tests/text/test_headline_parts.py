"""Titles as the archive has them, and what a page sets of them: label, head and deck."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.text.headlines import says_only_year, take_apart


def parts(title):
    labels, head, deck = take_apart(title)
    return "・".join(labels), head, deck


@pytest.mark.parametrize(
    ("title", "label", "head", "deck"),
    [
        ("【2026年版】画像生成AI比較10選｜特徴と選び方", "2026年版", "画像生成AI比較10選", "特徴と選び方"),
        (
            "[2026年最新] 小売業のAI活用ガイド——681社のデータから",
            "2026年最新",
            "小売業のAI活用ガイド",
            "681社のデータから",
        ),
        ("RAG vs 微調整｜手法を5軸で比べる", "", "RAG vs 微調整", "手法を5軸で比べる"),
        ("製造業の次なる一手：現場の予知保全が変わる", "", "製造業の次なる一手", "現場の予知保全が変わる"),
        ("品質管理市場の真意とは？〜アナリストの見方〜", "", "品質管理市場の真意とは？", "アナリストの見方"),
        ("投資競争は36兆円規模へ！調達が示す次の一手", "", "投資競争は36兆円規模へ！", "調達が示す次の一手"),
        ("医療は変わるのか？がん検診の最前線", "", "医療は変わるのか？", "がん検診の最前線"),
        (
            "Googleの英国AI投資、その真意はどこにあるのか？による業務効率化",
            "",
            "Googleの英国AI投資",
            "その真意はどこにあるのか？による業務効率化",
        ),
        (
            "2026年【完全ガイド】AI導入の道筋｜戦略から運用まで",
            "2026年・完全ガイド",
            "AI導入の道筋",
            "戦略から運用まで",
        ),
    ],
)
def test_title_is_taken_apart(title, label, head, deck):
    assert parts(title) == (label, head, deck)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "短い題：副題",
        "「なぜ？」が大切な理由を考えてみる",
        "これは本当なのか？と問う前に",
        "この投資は何を示すのか？の全貌と実践的な活用法",
        "次の一手となるのか？による業務効率化と競争力強化",
        "AIは仕事を奪うのか？という不安の正体を考える",
        "文字をすばやく読み取り、そのまま翻訳できるアプリの使い方",
        "三大クラウド（AWS・Azure・GCP）の料金を比べる",
        "午前10:30から始まる会議で話したこと",
        "2026年の展望を語る",
        "2026年度の予算とAIの行方",
        "2026年問題とは何なのか",
        "AIエージェント本格普及（OpenAI・Amazon）による競争力強化（技術トレンド",
    ],
)
def test_title_of_one_part_stays_whole(title):
    assert parts(title) == ("", title, "")


@pytest.mark.parametrize(
    ("label", "only"),
    [
        ("2026年版", True),
        ("2026年最新版", True),
        ("2026年4月最新", False),
        ("速報", False),
    ],
)
def test_label_of_the_year_alone_is_known(label, only):
    assert says_only_year(label, 2026) is only


PIECES = st.sampled_from(
    [*"あ投エAZ 3.、。？！・｜|：:—〜（）「」【】[]「", "2026年", "2026年版", "OpenAI", "生成AIの活用"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_parts_are_the_title_in_its_order(title):
    labels, head, deck = take_apart(title)
    rest = title
    for part in (*labels, head, deck):
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]
    assert bool(head) == bool(title.strip())
