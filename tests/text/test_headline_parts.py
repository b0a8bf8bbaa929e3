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
        ("NVIDIA Blackwell: AI時代の覇権を握る", "", "NVIDIA Blackwell", "AI時代の覇権を握る"),
        ("製造業の次なる一手：現場の予知保全が変わる", "", "製造業の次なる一手", "現場の予知保全が変わる"),
        ("医療AI、8864億ドル市場へ──壮大な予測の真意", "", "医療AI、8864億ドル市場へ", "壮大な予測の真意"),
        ("品質管理市場の真意とは？〜アナリストの見方〜", "", "品質管理市場の真意とは？", "アナリストの見方"),
        ("AI法、2026年8月施行。日本企業はどう備えるか", "", "AI法、2026年8月施行", "日本企業はどう備えるか"),
        ("投資競争は36兆円規模へ！調達が示す次の一手", "", "投資競争は36兆円規模へ！", "調達が示す次の一手"),
        ("これは本当なのか？はじめての導入ガイド", "", "これは本当なのか？", "はじめての導入ガイド"),
        ("医療は変わるのか？がん検診の最前線", "", "医療は変わるのか？", "がん検診の最前線"),
        (
            "Googleの英国AI投資、その真意はどこにあるのか？による業務効率化",
            "",
            "Googleの英国AI投資",
            "その真意はどこにあるのか？による業務効率化",
        ),
        (
            "2026年AIエージェントの本格普及（OpenAI・Google）による業務効率化",
            "2026年",
            "AIエージェントの本格普及",
            "（OpenAI・Google）による業務効率化",
        ),
        (
            "2026年【完全ガイド】AI導入の道筋｜戦略から運用まで",
            "2026年・完全ガイド",
            "AI導入の道筋",
            "戦略から運用まで",
        ),
        ("2026年、検索をどう作り直すのか", "2026年", "検索をどう作り直すのか", ""),
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
        "「一手：その真意とは何なのか、その先は」",
        "これは本当なのか？と問う前に",
        "この投資は何を示すのか？の全貌と実践的な活用法",
        "これで何が変わるのか？がもたらす産業構造の転換",
        "次の一手となるのか？による業務効率化と競争力強化",
        "その狙いとは何か、その先",
        "AIは仕事を奪うのか？という不安の正体を考える",
        "生成AIは何ができるのか？には三つの答えがある",
        "このまま生成AIを使わない？ではなく使い分ける",
        "文字をすばやく読み取り、そのまま翻訳できるアプリの使い方",
        "議事録を自動で作成し、その場で共有する方法",
        "三大クラウド（AWS・Azure・GCP）の料金を比べる",
        "日本銀行の中央銀行デジタル通貨（CBDC）の実証実験の結果",
        "午前10:30から始まる会議で話したこと",
        "2026年の展望を語る",
        "2026年8月に施行されるAI法",
        "2026年度の予算とAIの行方",
        "2026年中に終わらせたい仕事",
        "2026年問題とは何なのか",
        "【速報】",
        "何もない題名がここにあります",
        "AIエージェント本格普及（OpenAI・Amazon）による競争力強化（技術トレンド",
        "Anthropicの可能性とは？（OpenAI・Google）が変える未来（年黒字化見込",
        "国産AI「Pilipinas AI｜その技術革新がもたらす変化",
    ],
)
def test_title_of_one_part_stays_whole(title):
    assert parts(title) == ("", title, "")


@pytest.mark.parametrize(
    ("label", "only"),
    [
        ("2026年版", True),
        ("2026年", True),
        ("2026年最新版", True),
        ("2025年版", False),
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
