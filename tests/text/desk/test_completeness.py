"""What is missing from an article: its end, the body, the excerpt."""

import pytest

from blog.text.desk import World, check
from tests.text.desk.texts import END, KNOWING, LONG, OTHER, article, draft, found

RELATED = "\n\n---\n\n## 関連記事\n\n- [別の記事](/2026/01/02/other/)\n"
CALL = "\n\n---\n\n## ご相談ください\n\nお気軽にどうぞ\n\n[窓口](/contact/?utm_medium=cta)\n{: .consulting-cta-link}\n"

CUT = (
    "図1：電力の確保が計算資源の拡大を",
    "2026年4月2日の発表",
    "図4  を見ると、電力の費用",
    "日時：予定では四月に始まり、六月には終わり",
    "詳しく述べたように費用は[表](https://example.com/)",
    "費用は前の年の二倍以上",
    "費用が下がるのは\n\n<!-- あとで --> <!-- 書く。 -->",
    "電力の確保が`計算資源`",
    f"- {OTHER}水も足りず、",
    "費用が下がるのは[1]",
    f"- {OTHER}これに加えて、冷却の費用や変電所までの送電線の工事が[^1]",
    "費用 = 設備の値段 + 電気代 +",
    "式は 費用 = 設備の値段 で、電気代を",
    "「新しい常識」とは、\n次の「世代」",
    "資料は https://example.com/ で公開され、",
    "電力の確保が計算資源の拡大を",
    "これは「新しい常識」",
    "一方で、\n次の点も",
    "### まとめ\n\n---",
    "**費用**：",
    f"電力の確保が計算資源の拡大を{CALL}{RELATED}",
    f"{END}{RELATED}\n続きの段落は、ここで途切れ",
    "- 電力は貯められない。\n- 立地は限られている。\n- 費用を負担するのは",
    "費用が下がるのは\n\n[^1]: 電力会社の発表。",
    f"1. 電力は足りるか？\n2. 立地は限られている。\n3. 費用を{RELATED}",
)
NOT_CUT = (
    "費用の問題は残るのです｡",
    f"{END}\n\n〈了〉",
    f"{END}\n\n2026年4月2日 編集部",
    f"{END}\n\n#電力 #計算資源",
    f"{END}\n\n図1：費用の推移",
    f"{END}\n\n会場：みなとみらい",
    f"{END}\n\n次回の連載は[こちら](/2026/04/01/a/)",
    "費用が下がるのは\n\n<!--> 残るのです。",
    f"{END}\n\n（注1）価格は税込み",
    "続きは[後編](https://example.com/)",
    "彼女はこう話す。「まだ始まったばかりですね」（A社 DX推進担当者）",
    "費用の問題は残るのです。</span><br />",
    "費用 = 設備の値段 + 電気代 × 12",
    "「まだ始まったばかりだ。\nこの先は長い」",
    "費用の問題は残るのです。\n<!-- 費用が\n\n下がるのは",
    "- 安全な水とトイレを世界中に\n- すべての人に健康と福祉を",
    f"- {OTHER}これに加えて要るのは、冷却の費用と変電所までの送電線の工事を。",
    "費用の問題は残るのです。[1]",
    "◆◆◆",
    "公式サイト：https://example.com/",
    "本当に足りるのだろうか？",
    "彼はこう話す。「まだ始まったばかりだ」",
    "**費用の問題は残る。**",
    "The bill is still open.",
    "1. 電力\n2. 立地",
    "費用は**下がる。**[^1] [^注]\n\n[^1]: 電力会社の発表",
    "費用は下がる。[元の資料](https://example.com/)",
    "| 項目 | 値 |\n|---|---|\n| 電力 | 3 |",
    "> 電力は貯められない",
    "*※ 数字は2026年11月の発表による*",
    "**費用**",
    "**費用：**\n\n- 三割増",
    f"{END}{RELATED}",
    f"{END}{RELATED}\n続きの段落も終わっている。{RELATED}",
    f"{END}\n\n<!-- 下書きの控え -->",
    "**注：**\n\n[^1]: 総務省の調べ。",
    "出典：総務省「情報通信白書」",
    "音が聞こえる♪",
)


@pytest.mark.parametrize("end", CUT)
def test_body_that_stops_in_mid_sentence_is_cut(end):
    assert len(found(f"{LONG}\n\n{end}\n", "cut")) == 1


@pytest.mark.parametrize("end", NOT_CUT)
def test_body_that_ends_is_not_cut(end):
    assert found(f"{LONG}\n\n{end}\n", "cut") == []


def test_cut_is_told_at_the_last_line_of_its_paragraph_and_has_no_fix():
    (finding,) = found(f"{LONG}\n\n一方で、\n次の点も{RELATED}", "cut")
    assert (finding.line, finding.excerpt, finding.fix) == (4, "次の点も", ())


EMPTY = (
    "",
    "## 見出しだけ",
    "<!-- あとで書く",
    '<!-- <img src="/a.png" alt="図"> -->',
    "{% include ads.html %}",
    f"{RELATED}{CALL}",
    "<p></p>\n\n<div>&nbsp;</div>",
    "> ",
)
NOT_EMPTY = (
    "😀",
    '<iframe src="https://www.youtube.com/embed/a"></iframe>',
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "![図](/a.png)",
    "<p>本文</p>",
    "<https://example.jp/a>",
    "<!-- あとで書く --> 本文",
    "<!--> 本文",
)


@pytest.mark.parametrize("body", EMPTY)
def test_body_without_text_is_empty(body):
    assert [finding.line for finding in found(body, "empty_body")] == [0]


@pytest.mark.parametrize("body", NOT_EMPTY)
def test_body_with_anything_to_read_is_not_empty(body):
    assert found(body, "empty_body") == []


@pytest.mark.parametrize("excerpt", ["", " ", "\n", "　", "\t", " \n ", "\u3000\n", "\r\n"])
def test_excerpt_of_spaces_is_empty(excerpt):
    findings = check(draft(article(OTHER), excerpt=excerpt), KNOWING)
    assert [(finding.code, finding.line) for finding in findings] == [("empty_excerpt", 0)]


@pytest.mark.parametrize("excerpt", ["あ", "A", "。", "　費用。", "1", "？", "「費用」", "費用\n電力"])
def test_excerpt_with_anything_in_it_passes(excerpt):
    codes = [finding.code for finding in check(draft(article(OTHER), excerpt=excerpt), World())]
    assert "empty_excerpt" not in codes
