"""What is missing from an article: its end, the end of a code block, the body, the excerpt."""

import pytest

from blog.text.desk import World, check
from tests.text.desk.texts import END, KNOWING, LONG, OTHER, article, draft, fixed, found

RELATED = "\n\n---\n\n## 関連記事\n\n- [別の記事](/2026/01/02/other/)\n"
CALL = "\n\n---\n\n## ご相談ください\n\nお気軽にどうぞ\n\n[窓口](/contact/?utm_medium=cta)\n{: .consulting-cta-link}\n"

CUT = (
    "図1：電力の確保が計算資源の拡大を",
    "表2　費用の内訳が",
    "引用元：総務省の調査は",
    "編集部は電力の確保が",
    "2026年4月2日の発表",
    "お問い合わせ：電力会社の窓口に",
    "図1 から分かるように、売上は伸び続けて",
    "表2　に示した費用の内訳",
    "図3 のとおり、費用が増え続けて",
    "図4  を見ると、電力の費用",
    "図5 では費用の伸び",
    "図6 とは別の数字",
    "会場：東京で開かれた展示会には多くの人が訪れ",
    "日時：予定では四月に始まり、六月には終わり",
    "住所：本社を移したときに変わり",
    "電話：窓口に朝からかかり続け",
    "前回見たように費用は[表](https://example.com/)",
    "次回から下がる費用は[表](https://example.com/)",
    "詳しく述べたように費用は[表](https://example.com/)",
    "前編のとおり費用は[表](https://example.com/)",
    "費用は前の年の二倍以上",
    "発表があったのは2026年4月2日",
    "費用が下がるのは\n\n<!-- あとで --> <!-- 書く。 -->",
    "費用が下がるのは\n\n<!-- あとで --> <!-- 閉じていない注。",
    "費用が下がるのは\n\n<!-- あとで --><br>",
    "費用が下がるのは\n\n<!-->",
    "電力の確保が`計算資源`",
    "~~電力の確保が~~",
    "今日の電力「需要」",
    "詳しくは[発表の資料](https://example.com/)で",
    f"- {OTHER}水も足りず、",
    "費用が下がるのは<br>",
    "費用が下がるのは[1]",
    "費用が下がるのは<!-- あとで -->",
    "費用が下がるのは\n<!-- あとで -->",
    "費用が下がるのは\n\n<!-- あとで -->",
    "費用が下がるのは\n\n<!-- <b>あとで</b>\n\n書く。 -->\n\n<!-- 二つめ。 -->",
    "費用が下がるのは\n\n<!-- 閉じていない注。\n\nここは見えない。",
    "費用が下がるのは\n<br>",
    "費用が下がるのは\n\n<br>",
    "費用が下がるのは\n\n<BR />\n<br/>",
    f"- 電力は貯められない。\n- 立地は限られている。\n- 費用を負担するのは\n\n<!-- あとで -->{RELATED}",
    "- 電力は貯められない。\n- 立地は限られている。\n- 費用を負担するのは\n  <br>",
    f"- 電力\n- 立地\n- {OTHER}これに加えて、冷却の費用や変電所までの送電線の工事を",
    f"- {OTHER}これに加えて、冷却の費用や変電所までの送電線の工事が[^1]",
    "- 電力\n- **冷却の費用:** 変電所までの送電線を引く工事に先立って、まずは冷却の",
    "- 電力\n- 変電所までの送電線を引くのに先立って決めておくべきなのは、",
    f"1. 電力\n2. **立地**：{OTHER}これに加えて、冷却や変電所までの送電線の工事、\n\n<br>",
    "費用 = 設備の値段 + 電気代 +",
    "費用 = 設備の値段に",
    "式は 費用 = 設備の値段 で、電気代を",
    "一方で――その先に",
    "これは「新しい常識」――つまり",
    "「まだ始まったばかりだ」――そう語る彼の",
    "「新しい常識」とは、\n次の「世代」",
    "費用が下がるのは（下の図）【表1】",
    "写真：電力の確保が計算資源の拡大を",
    "文は電力の確保が計算資源の拡大を",
    "資料は https://example.com/ で公開され、",
    "◆ 費用が下がるのは",
    "😀費用が下がるのは",
    "電力会社は「足りる」（担当者）と",
    "電力の確保が計算資源の拡大を",
    "電力の確保が拡大を左右し、",
    "立地の選び方は「分散",
    "費用を負担するのは（おそらく",
    "これは「新しい常識」",
    "**これからの見通し：",
    "一方で、\n次の点も",
    "## これからの見通し",
    "### まとめ\n\n---",
    "**費用：**",
    "**費用**：",
    "**費用:**\n\n---\n\n<br>",
    f"**費用の見通し：**{RELATED}",
    f"電力の確保が計算資源の拡大を{RELATED}",
    f"電力の確保が計算資源の拡大を{CALL}{RELATED}",
    "電力の確保が計算資源の拡大を\n\n---END---",
    f"{END}{RELATED}\n続きの段落は、ここで途切れ",
    "費用は30億円に達する見込みで、2027年",
    "- 電力は貯められない。\n- 立地は限られている。\n- 費用を負担するのは",
    "- **電力**：貯められない。\n- **立地**：限られている。\n- **費用",
    "- 電力は貯められない。\n- 立地は限られている。だから分散が",
    "費用が下がるのは[^1]",
    "費用が下がるのは\n\n[^1]: 電力会社の発表。",
    "費用が下がる見込みは[元の資料](https://example.com/)",
    f"1. 電力は足りるか？\n2. 立地は限られている。\n3. 費用を{RELATED}",
)
NOT_CUT = (
    "費用の問題は残るのです｡",
    "費用の問題は残るのか⁉\ufe0f",
    "費用の問題は残るのです。&nbsp;",
    "費用の問題は残るのです。\u200b",
    "費用の問題は残るのです。\\",
    "~~費用の問題は残るのです。~~",
    "`費用の問題は残るのです。`",
    f"{END}\n\n以上",
    f"{END}\n\n〈了〉",
    f"{END}\n\n（次回に続く）",
    f"{END}\n\n敬具",
    f"{END}\n\nALLFORCES編集部",
    f"{END}\n\n2026年4月2日 編集部",
    f"{END}\n\n更新日：2026-04-02",
    f"{END}\n\n© 2026 ALLFORCES",
    f"{END}\n\nお問い合わせ：desk@example.com",
    f"{END}\n\n#電力 #計算資源",
    f"{END}\n\n$E = mc^2$",
    f"{END}\n\n図1：費用の推移",
    f"{END}\n\n表2　費用の内訳",
    f"{END}\n\n図1 がん検診の費用",
    f"{END}\n\n図2 とうもろこしの値段",
    f"{END}\n\n図3 よく使う言葉",
    f"{END}\n\n図4 はじめての電力",
    f"{END}\n\n表1：から揚げの値段",
    f"{END}\n\n会場：東京国際展示場",
    f"{END}\n\n会場：みなとみらい",
    f"{END}\n\n会場：渋谷ヒカリエにて",
    f"{END}\n\n会場：オンラインでの開催のみ",
    f"{END}\n\n前回の分析は[こちら](/2026/04/01/a/)",
    f"{END}\n\n次回の連載は[こちら](/2026/04/01/a/)",
    f"{END}\n\n会場：駅前に建つホール",
    f"{END}\n\n会場：駅前に建つホールほか",
    f"{END}\n\n日時：2026年4月2日に開場、10時から18時まで",
    f"{END}\n\n日時：平日は10:00から",
    f"{END}\n\n電話：03-0000-0000（平日のみ）",
    f"{END}\n\n住所：東京都千代田区",
    "前回は[こちら](https://example.com/)",
    "次回の記事は、[こちら](https://example.com/)",
    "前回までの話は[こちら](https://example.com/)",
    "詳しい計算の方法は[こちら](https://example.com/)",
    "続きを読む方は[後編](https://example.com/)",
    "費用が下がるのは\n\n<!--> 残るのです。",
    f"{END}\n\n引用元：総務省",
    f"{END}\n\n写真提供：電力会社",
    f"{END}\n\n参考文献：山田『電力の値段』",
    f"{END}\n\n（注1）価格は税込み",
    f"{END}\n\n注2：価格は税込み",
    f"{END}\n\n*1 価格は税込み",
    f"{END}詳しくは[発表の資料](https://example.com/)",
    "続きは[後編](https://example.com/)",
    "山田さん「もう足りないんですよ」",
    "また来年お会いしましょう（^^）",
    "「まだ始まったばかりですね。」（A社 DX推進担当者）",
    "彼女はこう話す。「まだ始まったばかりですね」（A社 DX推進担当者）",
    "昔はよく停電したものでした（笑）",
    "残るのは費用の問題です．",
    "費用は三割も下がった‼",
    "また来年お会いしましょう♡",
    "また来年お会いしましょう❤️",
    "また来年お会いしましょう😀",
    "費用の問題は残るのです。<br>",
    "費用の問題は残るのです。</span><br />",
    "費用の問題は残るのです。<!-- 注 -->",
    "費用 = 設備の値段 + 電気代 × 12",
    "1,000万円 (設備) + 500万円 (電気) = **1,500万円**",
    "$$ E = mc^2 $$",
    "「まだ始まったばかりだ。\nこの先は長い」",
    "「まだ始まったばかりだ。\nこの先は長い」（担当者）",
    "「まだ始まったばかりだ」――山田太郎",
    "> まだ始まったばかりだ。\n\n— 山田太郎",
    "費用の問題は残るのです。\n<br>",
    "費用の問題は残るのです。\n<br>\n<br>\n",
    "費用の問題は残るのです。\n\n<br>",
    "費用の問題は残るのです。\n\n<!-- 費用が下がるのは -->",
    "費用の問題は残るのです。\n<!-- 費用が\n\n下がるのは",
    "費用が下がるのは\n\n<!-- 注 --> 残るのです。",
    "- 電力\n- 立地\n\n<!-- あとで -->",
    "- エネルギーをみんなに。そしてクリーンに",
    "- 安全な水とトイレを世界中に\n- すべての人に健康と福祉を",
    "- もっと光を。もっと広い庭を",
    f"- {OTHER}これに加えて要るのは、冷却の費用と変電所までの送電線の工事",
    "- 電力\n- 町に水を、光を",
    "- 電力\n- 変電所までの送電線と、冷却の水を引く管を、いまある町の道の下に",
    "- 電力\n- 変電所までの送電線も冷却の水を引く管もない町にも明かりを",
    "- 電力\n- 送電線のない島に住むすべての人に、明かりと、冷たい水と、働くための電話を",
    "- 電力\n- 変電所までの送電線や冷却の水を引く管のうち、電力会社が自分のものと認めたもの",
    f"- {OTHER}これに加えて要るのは、冷却の費用と変電所までの送電線の工事を。",
    f"- {OTHER}「冷却の費用と変電所までの送電線の工事を、次の世代の都市に」",
    "費用の問題は残るのです。[1]",
    "費用の問題は残るのです。[1][2, 3]",
    "【了】",
    "費用の問題は残る。【了】",
    "◆◆◆",
    "取材・文：山田太郎",
    "撮影＝山田太郎",
    "https://example.com/a?b=1",
    "公式サイト：https://example.com/",
    END,
    "本当に足りるのだろうか？",
    "それが問いである……",
    "彼はこう話す。「まだ始まったばかりだ」",
    "「まだ始まったばかりだ」",
    "費用の問題は残る（詳しくは次回に述べる）。",
    "費用の問題は残る。（編集部）",
    "（編集部）",
    "（つづく）",
    "**費用の問題は残る。**",
    "費用の問題は残る**。**",
    "The bill is still open.",
    "- 電力\n- 立地",
    "1. 電力\n2. 立地",
    "費用は下がる。[^1]",
    "費用は**下がる。**[^1] [^注]\n\n[^1]: 電力会社の発表",
    "「まだ始まったばかりだ」[^1]",
    "費用は下がる。[元の資料](https://example.com/)",
    "- 電力は貯められない。[^1]\n- 立地は限られている。\n- 費用は下がる。[^2]",
    "- 電力は貯められない。\n- 立地",
    "- 電力は貯められない。\n- 立地\n- 費用",
    "- 電力\n- 立地は限られている。\n- 費用",
    "- 電力は貯められない。\n- 立地は限られている。\n- 費用は下がる。",
    "- 電力は貯められない。\n- 立地は限られている。\n- [元の資料](https://example.com/)",
    "- 電力は貯められない。\n- 立地は限られている。\n- 出典：電力会社の発表",
    "- 電力は貯められない。\n- 立地は限られている。\n- （編集部）",
    f"{OTHER}\n\n- 費用",
    "| 項目 | 値 |\n|---|---|\n| 電力 | 3 |",
    "```\nprint(1)\n```",
    "> 電力は貯められない",
    "※ 数字は2026年11月の発表による",
    "*※ 数字は2026年11月の発表による*",
    "[元の資料](https://example.com/)",
    "[資料1](https://example.com/1) ｜ [資料2](https://example.com/2)",
    "**文責：編集部**",
    "**費用**",
    "**費用：三割増**",
    "**費用：** 三割増えた。",
    "**費用：**\n\n三割増えた。",
    "**費用：**\n\n- 三割増",
    "**ご相談：**\n\n[窓口](/contact/?utm_medium=cta)",
    f"{END}{RELATED}",
    f"{END}{CALL}{RELATED}{CALL}",
    f"{END}{RELATED}\n続きの段落も終わっている。{RELATED}",
    f"{END}\n\n[^1]: 電力会社の発表",
    f"{END}\n\n<!-- 下書きの控え -->",
    '<div class="note">注</div>',
    "**注：**\n\n[^1]: 総務省の調べ。",
    "**参考文献：**\n\n[a]: https://example.jp/a",
    "出典：総務省「情報通信白書」",
    "**出典**：総務省「情報通信白書」",
    "[1] 総務省「情報通信白書」",
    "なんと！",
    "音が聞こえる♪",
    f"{END}　",
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


CODE = "import math\n\n# 面積を求める\narea = math.pi * 2 ** 2"
OPEN_FENCES = (
    (f"```python\n{CODE}\n\n{OTHER}\n\n## 次\n\n{END}", f"```python\n{CODE}\n```\n\n{OTHER}\n\n## 次\n\n{END}"),
    (f"```\n{CODE}\n\n## 次の見出し\n\n{END}", f"```\n{CODE}\n```\n\n## 次の見出し\n\n{END}"),
    (f"~~~\n{CODE}\n```\n\n{OTHER}", f"~~~\n{CODE}\n```\n~~~\n\n{OTHER}"),
    (f"````\n{CODE}\n```\n\n{OTHER}", f"````\n{CODE}\n```\n````\n\n{OTHER}"),
    (f"```{CODE}", f"```{CODE}\n```"),
    ("```", "```\n```"),
    (f"```\n{CODE}　", f"```\n{CODE}　\n```"),
    (f"```\n{CODE}\n```\n\n```js\nlet a = 1", f"```\n{CODE}\n```\n\n```js\nlet a = 1\n```"),
    (f"- 手順\n\n  ```\n  {CODE[:11]}", f"- 手順\n\n  ```\n  {CODE[:11]}\n  ```"),
    (
        f"```\n{CODE}\n\n---\n\n## 関連記事\n\n- [別](/b/)",
        f"```\n{CODE}\n```\n\n---\n\n## 関連記事\n\n- [別](/b/)",
    ),
)
CLOSED_FENCES = (
    f"```python\n{CODE}\n```",
    f"~~~\n{CODE}\n~~~",
    f"````\n```\n{CODE}\n```\n````",
    f"```\n{CODE}\n``````",
    "```\n```",
    "``` `code` ```",
    "`` ` ``",
    "    ```\n    字下げした見本",
    f"- 手順\n\n  ```\n  {CODE[:11]}\n  ```",
    "波ダッシュ~~~ではない。",
    "> ```\n> 引用の中の見本",
)


@pytest.mark.parametrize(("body", "closed"), OPEN_FENCES)
def test_open_code_block_is_found_and_closed_where_prose_begins_again(body, closed):
    assert len(found(body, "fence")) == 1
    assert fixed(body, "fence") == closed
    assert found(closed, "fence") == []


@pytest.mark.parametrize(("body", "closed"), [row for row in OPEN_FENCES if "\n" in row[0]])
def test_open_code_block_with_line_ends_of_windows_is_closed_in_the_same_place(body, closed):
    assert fixed(body.replace("\n", "\r\n"), "fence") == closed.replace("\n", "\r\n")


@pytest.mark.parametrize("body", CLOSED_FENCES)
def test_closed_code_block_passes(body):
    assert found(body, "fence") == []


EMPTY = (
    "",
    " \n　\n",
    "## 見出しだけ",
    "---",
    "---END---",
    "<!-- あとで書く -->",
    "<!-- あとで書く",
    "<!-- 図 --> <!-- あとで書く",
    '<!-- <img src="/a.png" alt="図"> -->',
    "<p><!-- ![図](/a.png) --></p>",
    '<p class="a"></p><hr/><x-note>\n</x-note>',
    "&#160;&#x3000;&emsp;",
    "{% include ads.html %}",
    f"## はじめに{RELATED}",
    f"{RELATED}{CALL}",
    "[^1]: 注だけ",
    "**",
    "<br>",
    "<p></p>\n\n<div>&nbsp;</div>",
    "&nbsp;",
    "\u200b",
    "```\n```",
    "> ",
    "・",
    "[](/a/)",
    "| |\n|-|",
)
NOT_EMPTY = (
    "😀",
    '<img src="/a.png" alt="">',
    '<iframe src="https://www.youtube.com/embed/a"></iframe>',
    "あ",
    "- 項目",
    "> 引用",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "```\ncode\n```",
    "![図](/a.png)",
    f"{RELATED}\n\n{END}",
    "<p>本文</p>",
    "[資料](/a/)",
    "<https://example.jp/a>",
    "<desk@example.jp>",
    "&#12354;",
    "&#x1F600;",
    "&copy;",
    f"&#{'1' * 5_000};",
    "<!-- あとで書く --> 本文",
    '<!-- 図 --><img src="/a.png" alt="図">',
    "<!--> 本文",
    "## 見出し\n\n続く。",
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
