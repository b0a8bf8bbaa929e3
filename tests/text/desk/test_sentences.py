"""Paragraphs that end, or begin, where no sentence does."""

import pytest

from tests.text.desk.asking import in_body, lines

BEFORE = "データセンターの電気代は、計算の値段の三割を占める。\n\n"
AFTER = "\n\n残りの七割は、機械と人の値段である。"


@pytest.mark.parametrize(
    "cut",
    [
        "冷却を空気から水に替えると、電力は二割減る。ただし配管の",
        "冷却を空気から水に替えると、",
        "配管の工事には半年かかる。費用は電気代の",
        "冷却を空気から水に替えると電力は二割減るが、配管の工事には半年かかり、その間は隣の建物に計算を移しておかなければならない場合も少なくないと考え",
        "冷却水は**川から引く。**だから夏は",
        "電力は二割減る。決め手は、川から引いた「水」",
        "電力は二割減る。工事の手順は[冷却の工夫](/2026/04/01/cooling/)に",
        "冷却を空気から水に替えると、電力は二割減る。ただし配管の[^1]",
        "「水に替えたら、電力は二割も減った。」――そう語る工場長の",
        "年間の費用 = 電力の単価 × 床面積あたりの消費電力 × 稼働時間 + 水道の単価 × 一年に使う水の量 + 保守の費用 +",
        "電力は二割減る。式は 費用 = 単価 × 量 で、単価を",
        "電力は二割減る。ただし配管の<br>",
    ],
)
def test_paragraph_cut_inside_is_found(cut):
    assert lines("cut_inside", BEFORE + cut + AFTER) == [3]


def test_cut_is_found_at_the_line_that_is_cut():
    assert lines("cut_inside", f"{BEFORE}一行目は終わる。\n二行目は終わらない。だから{AFTER}") == [4]


@pytest.mark.parametrize(
    "whole",
    [
        "冷却を空気から水に替えると、電力は二割減る。",
        "冷却を空気から水に替えると、電力は二割減る（工事費は除く）。",
        "電力は二割減る。担当者は「工事は半年で終わる。」",
        "「電力は二割減ったが、工事には半年かかり、その間は隣の建物に計算を移しておかなければならず、費用もかさんだ」",
        "**冷却を空気から水に替える工事の費用と、その間に計算を移しておく隣の建物の電気代を比べた表を、次に示しておく**",
        "「水に替えたら、電力は二割も減った。工事の間は、隣の建物に計算を移して『つないで』いた。」（A社 工場長）",
        "「水に替えたら、電力は二割も減った。\n工事の間は、隣の建物に計算を移しておくほかになかったが、それでも費用は一年で取り戻せた」",
        "「水に替えたら、電力は二割も減った。工事の間は隣の建物に計算を移した。」―― A社の工場長",
        "*冷却を空気から水に替える工事の費用と、その間に計算を移しておく隣の建物の電気代とを比べた表を、この次に示しておく*",
        "年間の費用 = 電力の単価 × 床面積あたりの消費電力 × 稼働時間 + 水道の単価 × 一年に使う水の量 + 保守の費用",
        "電力は二割減る。[1]",
        "電力は二割減る。<br>",
        "冷却の工夫",
        "結果は次のとおり：",
        "冷却の方法は次の三つで、いずれも工事を伴う\n\n- 水冷\n- 液浸",
        "※電気代は契約によって違い、季節でも変わるため、ここに挙げた額は目安として読み、契約の前に各社に問い合わせてほしい",
        "[冷却の工夫を読む](/2026/04/01/cooling/)",
        "電力は本当に減るのか？",
        "工事の費用（税込)",
        "水を替えた担当者の顔文字（笑",
        "「川の水や\n\n機械の熱や\n\n音がする」",
        "川の水や機械に残る熱の音\n\n川の水や機械に残る熱の音とは、工場長の句である。",
        "冷却を空気から水に替えると、電力は二割減る。[^1]",
        "工場長は電気代の明細を見せながら話す。「水に替えたら、電力は二割も減った」[^1] [^各社]",
        "工場長は電気代の明細を見せながら話す。「水に替えたら、電力は二割も減った」",
        "工場長は話す。「水に替えたら、配管の『継ぎ目』から漏れた」",
        "電力は二割減った。（数字は各社の発表による）",
        "電力は二割減る。工事の手順は[冷却の工夫](/2026/04/01/cooling/)",
        "電力は二割減った。請求書を三度も見直した（笑）",
        "**対象**: 床面積が千平方メートル以上で、年間の電気代が一億円を超え、水道の引き込みに制限がないデータセンター",
    ],
)
def test_paragraph_that_ends_and_what_is_no_sentence_pass(whole):
    assert in_body("cut_inside", BEFORE + whole + AFTER) == []


COOLING = "冷却を空気から水に替える工事には、少なくとも半年の時間がかかる。"


@pytest.mark.parametrize("below", ["…費用も減る。", "に替えると、電力は二割減る。", "**の値段**は下がる。"])
def test_short_line_above_a_paragraph_that_begins_inside_a_sentence_is_cut(below):
    assert lines("cut_inside", f"{BEFORE}水と空気\n\n{below}") == [3]


@pytest.mark.parametrize("below", ["費用も減る。", "……費用も減る。", "- に替える", "## の値段"])
def test_short_line_above_anything_else_is_a_title(below):
    assert in_body("cut_inside", f"{BEFORE}水と空気\n\n{below}") == []


def test_last_paragraph_and_headline_are_not_cut_inside():
    assert lines("cut_inside", f"冷却が計算の値段を決める時代の{BEFORE}冷却を水に替えると、") == []
    assert lines("cut_inside", f"{BEFORE}冷却を水に替えると、ただし配管の\n\n[^1]: 各社の発表による。") == []
    assert (
        lines(
            "cut_inside",
            f"データセンターの冷却に使う水は川から引くのか、それとも海から引くのか、その答えを探る旅\n\n{BEFORE}",
        )
        == []
    )


@pytest.mark.parametrize(
    "paragraph",
    [
        "…水に替えると、電力は二割減る。",
        "...水に替えると、電力は二割減る。",
        "、電力は二割減る。",
        "を水に替えると、電力は二割減る。",
        "の工事には半年かかる。",
        "が減るのは電力だけではない。",
        "といった工夫がいる。",
        "ンターの電気代は三割を占める。",
        "っている電力は三割に達する。",
        "への投資は一年で戻る。",
        "のである。水も足りない。",
        "のだ、と業者は言う。",
        "ている建物では電力が減る。",
        "」という声もある。",
    ],
)
def test_paragraph_that_begins_inside_a_sentence_is_found(paragraph):
    assert lines("starts_inside", BEFORE + paragraph) == [3]


@pytest.mark.parametrize(
    "paragraph",
    [
        "……そう言われて十年がたつ。",
        "のちに電力は二割減った。",
        "のだからといって、電力は減らない。",
        "というわけで、電力は二割減った。",
        "というのも、電力が足りないからだ。",
        "でも、電力は減った。",
        "もちろん電力は減る。",
        "はじめに電力の話をする。",
        "にもかかわらず、電力は足りない。",
        "するとどうなるか。",
        "ですから、電力は足りない。",
        "ますます電力は足りない。",
        "ていねいに電力を測る。",
        "べき乗則は電力にも当てはまる。",
        "するどい指摘である。",
        "してみると、電力は足りない。",
        "して、電力は足りるのか。",
        "してしまった後悔は、電力の話ではない。",
        "しておけばよかった。",
        "している棟はまだ少ない。",
        "・電力は二割減る。",
        "「電力は減る」と業者は言う。",
        "xAIも電力を買う。",
        "やがて電力は余る。",
        "がんの研究にも電力がいる。",
        "- を使う",
    ],
)
def test_word_that_begins_a_sentence_passes(paragraph):
    assert in_body("starts_inside", BEFORE + paragraph) == []


WHOLE = "半年の工事の間は、隣の建物に移した計算が滞りなく動くように見守っていかなければならない。ハルビンにも棟がある。"


@pytest.mark.parametrize("characters", [1_001, 1_500, 5_000, 20_000])
def test_paragraph_without_an_end_is_found(characters):
    assert lines("run_on", f"{BEFORE}{'読' * characters}") == [3]


@pytest.mark.parametrize(
    "body",
    [
        "読" * 1_000,
        f"{'読' * 600}\n\n{'読' * 600}",
        f"```\n{'x' * 2_000}\n```",
        f"| 甲 |\n|---|\n| {'読' * 1_500} |",
        f"> {'読' * 1_500}",
    ],
)
def test_paragraphs_of_a_thousand_characters_and_other_blocks_pass(body):
    assert in_body("run_on", BEFORE + body) == []
