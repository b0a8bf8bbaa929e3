"""Leftover markers. The texts are our own, written after the kinds that stand in the archive."""

import pytest

from blog.text.desk import World, check
from tests.text.desk.texts import END, KNOWING, LONG, OTHER, article, draft, fixed, found

LINES = (
    "---END---",
    "【既存の記事の最後の部分】",
    "…（提供された記事の末尾から続く）…",
    "[Web検索結果]",
)
RESIDUE = (
    "既存の記事でも触れたように、電力の確保が次の課題になる。",
    "の直前までが既存記事の終わりなので、そこから続きを書く。",
    "提供された記事の続きを、ご要望に沿って自然に補完し、完成させます。",
    "（文字数：約3,200字）",
    "I have completed the request.",
)
LEFT_IN_SENTENCES = (
    "これは既存記事で述べた三つの条件のひとつである。",
    "ええ、承知いたしました。発表が見つからなかったのは残念だが、このテーマは重要である。",
    "Web検索結果によると、三社が設備の計画を見直した。",
    "タイトル：計算資源は誰のものか",
    "- タイトル：計算資源は誰のものか\n- 電力の費用：三割増えた。",
)
REFUSALS = (
    "Sure, here is the article you asked for:",
    "大変申し訳ございませんが、ご依頼の内容にはお答えできません。",
    "申し訳ありませんが、詳細な分析を行うためのデータが不足しています。",
    "私はAIなので、個別の銘柄を勧めることはできかねます。",
    "I'm sorry, but I can't help with that request.",
)
PLACEHOLDERS = (
    "編集部の〇〇がこの件を担当した。",
    "同社の売上高はXX億円に達した。",
    "【ここに図版の説明を入れる】",
    "TODO: 数字を確かめる",
    "[Your Name]は発表した。",
    "- 某大規模言語モデル企業は、発電所の隣に移った。",
)
NAMED_SOURCES = (
    "電力の需要は三割増えた[cite: 12 - この数値は仮定のものです]。",
    "電力の需要は三割増えた [cite: 電力研究所, 3]。",
    "- 電力の需要【12:3†report.pdf】",
    "図 oaicite:1 を見る。",
)
# Each with what is left of it.
WITHOUT_SOURCE = {
    "電力の需要は三割増えた（参照データ）。": "電力の需要は三割増えた。",
    "電力の需要は三割増えた。[cite: 検証済みファクト]": "電力の需要は三割増えた。",
    "[cite_start]電力の需要は三割増えた。[cite: 3, 4]": "電力の需要は三割増えた。",
    "電力の需要は三割増えた。:contentReference[oaicite:0]{index=0}": "電力の需要は三割増えた。",
    "電力の需要は三割増えた。citeturn0search0": "電力の需要は三割増えた。",
    "電力の需要は三割増えた。\ue200cite\ue202turn12view3\ue201": "電力の需要は三割増えた。",
    "電力の需要は三割増えた【4†source】。": "電力の需要は三割増えた。",
    "The demand [cite: 1] grew by 30 %.": "The demand grew by 30 %.",
    "> 電力の需要は三割増えた。【1†source】": "> 電力の需要は三割増えた。",
    "> ## [cite_start]電力の需要": "> ## 電力の需要",
    "[^1]: 各社の発表【4†source】": "[^1]: 各社の発表",
}
ENDING_LABELS = {
    "### 5. 開かれた結び：電力の行方": "### 5. 電力の行方",
    "**開かれた結び： 電力の行方**": "**電力の行方**",
    "開かれた結び：電力は誰のものか。": "電力は誰のものか。",
}
CITATIONS = (*NAMED_SOURCES, *WITHOUT_SOURCE)
NEAR_MISSES = (
    "原稿の末尾に付く「---END---」は、道具が書いた印である。",
    "原稿に（要確認）という印を付ける習慣は、編集部に長く残った。",
    "取材に応じたのは、○○株式会社（仮名）の担当者である。",
    "はい、その通りです。私も最初は半信半疑だった。",
    "申し訳ございませんが、お席のご用意ができかねます。",
    "論文は[3]と[^cite]を参照し、†は没年を示す。",
    "本文には`[cite: 12]`や「turn0search0」という印が残ることがある。",
    "銀行の窓口は、手続きが遅れて申し訳ありませんと頭を下げた。",
    "目標は数字で置く（例：問い合わせへの対応時間を〇〇％短縮する）。",
    "編集部は既存の記事を半年ごとに見直し、古くなった数字を改めている。",
    "（元記事：本誌2026年4月2日）",
    "（既存記事への反響をもとに加筆した）",
    "あなたからの問いかけ、ありがとうございます。編集部です。",
    "参照データによると、冬の需要は四割である。",
    "某社と某大手企業は、発電所の隣に移った。某国の企業も続く。",
    "XXという記号で表される未知の値を推定する。",
    "> 論文は[3]と[1]を引き、†は没年を示す。",
    "タイトル：計算機の歴史\n著者：山田太郎",
    "- タイトル：32文字以内\n- ディスクリプション：120文字以内\n- 見出し：三つ以上",
    "タイトル：計算機の夜\n\n監督：山田太郎",
    "`[名前]` と書くと、宛名が差し込まれる。",
    "The regulator asked the makers to let it know if there is a defect.",
)


@pytest.mark.parametrize(
    "text", [*LINES, *RESIDUE, *LEFT_IN_SENTENCES, *REFUSALS, *CITATIONS, *ENDING_LABELS, *PLACEHOLDERS]
)
def test_leftover_is_found_at_its_line(text):
    assert [finding.line for finding in found(article(text), "marker")] == [5]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_text_that_only_looks_like_a_leftover_passes(text):
    assert found(article(text), "marker") == []


@pytest.mark.parametrize("text", LINES)
def test_marker_line_goes_with_its_gap(text):
    assert fixed(article(text)) == article(LONG).replace(f"\n\n{LONG}", "", 1)


def test_marker_line_in_a_paragraph_leaves_the_paragraph():
    assert fixed(article(f"{OTHER}\n---END---")) == article(OTHER)
    assert fixed(article(f"---END---\n{OTHER}")) == article(OTHER)
    assert fixed(article(f"{OTHER} ---END---")) == article(OTHER)


@pytest.mark.parametrize(
    "mark",
    [
        *("**「---END---」**", "「**---END---**」", "**---END---**", "*---END---*", "__---END---__", "~~---END---~~"),
        *("***---END---***", "# ---END---", "### **---END---**", "**「---END---」** **「---END---」**"),
    ],
)
def test_block_that_is_only_a_mark_goes_with_its_signs(mark):
    assert fixed(article(mark)) == article(LONG).replace(f"\n\n{LONG}", "", 1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("設定は`config.yml`---END---", "設定は`config.yml`"),
        ("---END--- `bar`で終わる", "`bar`で終わる"),
        ("`---END---`と書く", "`---END---`と書く"),
        ("- `（続き）：` と書く ---END---", "- `（続き）：` と書く"),
        ("（続き）`x` ---END---", "（続き）`x`"),
    ],
)
def test_mark_beside_code_goes_alone(text, left):
    assert fixed(text, "marker") == left


def test_continuation_mark_goes_from_a_heading_but_not_from_a_numbered_table():
    assert fixed(article("### 電力の行方（続き）\n\n" + OTHER)) == article("### 電力の行方\n\n" + OTHER)
    assert fixed(article("**電力の行方 (続き)**\n" + OTHER)) == article("**電力の行方**\n" + OTHER)
    assert fixed(article(f"図 2（続き）\n\n{OTHER}")) == article(f"図 2（続き）\n\n{OTHER}")


@pytest.mark.parametrize("text", [*LEFT_IN_SENTENCES, *REFUSALS, *NAMED_SOURCES, *PLACEHOLDERS])
def test_leftover_that_is_a_sentence_is_left_to_the_editor(text):
    assert fixed(article(text)) == article(text)


@pytest.mark.parametrize(("text", "left"), [*WITHOUT_SOURCE.items(), *ENDING_LABELS.items()])
def test_citation_without_a_source_and_label_of_the_order_go_from_their_sentence(text, left):
    assert fixed(article(text), "marker") == article(left)


@pytest.mark.parametrize(
    "text",
    [
        "**[cite: 3]**",
        "出典：（参照データ）",
        "[【4†source】](/demand/)を読む。",
        "**開かれた結び：**",
    ],
)
def test_citation_or_label_without_which_nothing_is_left_beside_it_is_left_to_the_editor(text):
    assert fixed(article(text), "marker") == article(text)


@pytest.mark.parametrize("text", ["[cite: 3]", "[cite: 3] [cite: 4]"])
def test_paragraph_that_is_only_citations_goes(text):
    assert fixed(f"{LONG}\n\n{text}\n\n{OTHER}\n", "marker") == f"{LONG}\n\n{OTHER}\n"


@pytest.mark.parametrize("field", ["title", "excerpt"])
def test_leftover_in_title_and_excerpt_is_found_outside_the_body(field):
    findings = check(draft(article(OTHER), **{field: "申し訳ありませんが、情報が見つかりませんでした。"}), World())
    assert [(finding.code, finding.line, finding.fix) for finding in findings] == [("marker", 0, ())]


CONFLICT = "<<<<<<< Updated upstream\n{}\n=======\n{}\n>>>>>>> Stashed changes"
RELATED = "\n---\n\n## 関連記事\n\n- [別の記事](/2026/01/02/other/)\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "left"),
    [
        (OTHER, "", f"{OTHER}\n"),
        ("", OTHER, f"\n{OTHER}"),
        (OTHER, RELATED, f"{OTHER}\n{RELATED}"),
    ],
)
def test_conflict_without_competing_text_keeps_both_sides(ours, theirs, left):
    body = article(CONFLICT.format(ours, theirs))
    assert [finding.line for finding in found(body, "marker")] == [5]
    text = fixed(body, "marker")
    assert [line for line in text.split("\n") if line] == [line for line in article(left).split("\n") if line]


@pytest.mark.parametrize(
    "conflict",
    [CONFLICT.format(OTHER, END), CONFLICT.format(OTHER, "").replace("=======", f"||||||| base\n{END}\n=======")],
)
def test_conflict_between_two_versions_is_left_to_the_editor(conflict):
    assert [finding.fix for finding in found(article(conflict), "marker")] == [()]


@pytest.mark.parametrize("label", ["HEAD", "Stashed changes", "3f2a91c (電力の記事を直す。)", "origin/main"])
def test_conflict_line_goes_with_the_name_that_git_wrote(label):
    assert fixed(article(f"<<<<<<< HEAD\n{OTHER}\n=======\n>>>>>>> {label}"), "marker") == article(OTHER)


@pytest.mark.parametrize(
    "conflict", [f"<<<<<<< HEAD\n{OTHER}\n=======\n>>>>>>> {END}", f"<<<<<<< {END}\n=======\n>>>>>>> a"]
)
def test_conflict_line_with_a_sentence_stays(conflict):
    assert [finding.fix for finding in found(article(conflict), "marker")] == [()]


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        (f"<<<<<<< HEAD\n{OTHER}\n=======\n{END}", [5, 7]),
        (f"{OTHER}\n=======\n{END}\n>>>>>>> theirs", [6, 8]),
        (f"{OTHER}\n>>>>>>> theirs", [6]),
        (f">>>>>>> {END}", [5]),
        (f"<<<<<<< HEAD\n{OTHER}\n\n{CONFLICT.format(END, LONG)}", [5, 8]),
    ],
)
def test_half_a_conflict_is_found_line_by_line_and_stays(lines, places):
    findings = found(article(lines), "marker")
    assert sorted(finding.line for finding in findings) == places
    assert [edit for finding in findings for edit in finding.fix] == []


@pytest.mark.parametrize(
    "refusal",
    [
        "I apologize, but I am unable to gather the latest information on this topic.",
        "申し訳ありませんが、Web検索が現在利用できないため、記事を書けません。",
        "Web検索ツールが現在利用できないため、一般的な知識で述べます。",
    ],
)
def test_refusal_as_title_or_first_paragraph_is_an_error(refusal):
    in_title = [f for f in check(draft(LONG, title=refusal), KNOWING) if f.code == "marker"]
    assert [finding.line for finding in in_title] == [0]
    assert [finding.line for finding in found(f"{refusal}\n\n{LONG}", "marker")] == [1]


@pytest.mark.parametrize("text", ["{}^" * 600, f"費用は{'{}^' * 600}である。", "ははは" * 400])
def test_paragraph_that_repeats_one_short_piece_is_an_error(text):
    assert [finding.line for finding in found(f"{LONG}\n\n{text}", "marker")] == [3]


@pytest.mark.parametrize(
    "text", [LONG * 3, "ははは" * 20, f"```\n{'0 ' * 2_000}\n```", "|a|b|\n|-|-|\n" + "|0|0|\n" * 400]
)
def test_paragraph_of_words_and_code_and_tables_may_repeat_themselves(text):
    assert found(f"{LONG}\n\n{text}", "marker") == []
