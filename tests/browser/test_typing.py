"""Typing in the text: lists and tables that go on, what is pasted, and finding and replacing."""

import re

import pytest
from playwright.sync_api import expect

from blog.text.markdown import render_markdown
from tests.browser.axe import ADMINS_OWN, violations
from tests.browser.desk import ADD, Desk
from tests.browser.test_editor import FOCUSED, select

pytestmark = pytest.mark.sqlite

PASTE = """([textarea, html, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  if (html) data.setData("text/html", html);
  textarea.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
FROM_DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr">
<span style="font-weight:400">見出し</span></h2><p><span style="font-weight:400">本文の</span>
<span style="font-weight:700">強い</span><span>言葉と</span><a href="https://example.jp/a"><span>リンク</span></a>。</p>
<ul><li><p role="presentation"><span>一つ</span></p></li><ul><li><p>一の一</p></li></ul><li><p>二つ</p></li></ul>
<table><tbody><tr><td><p>列</p></td><td><p>値|縦</p></td></tr><tr><td>甲</td><td>1</td></tr></tbody></table></b>""".replace(
    "\n<span", "<span"
)
FROM_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal {margin: 0}</style></head>
<body><h1>章<o:p></o:p></h1><h2>節</h2><p class=MsoNormal><span lang=JA>はじめの<b>段落</b>です。<o:p></o:p></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>・<span>
</span></span><![endif]>甲</p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>・
</span>甲の一</p><p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.</span>乙</p>
<img src="file:///C:/a.png"></body></html>"""
FROM_SHEET = (
    """<table><col width=72><tr><td class=xl65>銘柄</td><td>株価</td></tr><tr><td>甲</td><td>1,200</td></tr></table>"""
)
HOSTILE = """<p>前<a href="javascript:window.pwned=1">押す</a><a href=" JaVaScRiPt:window.pwned=1">二</a>
<img src="x" onerror="window.pwned=1"><script>window.pwned = 1</script><svg onload="window.pwned=1"></svg>
<ruby onclick="window.pwned=1">漢<rt style="x">かん</rt></ruby>
<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>
<strong onmouseover="window.pwned=1">太</strong></p><a href="data:text/html,x">三</a>"""
FROM_EDITOR = '<div style="font-family: Consolas, monospace; white-space: pre;"><div><b>if</b> x:</div></div>'
PASTED = {
    "a document": (FROM_DOCS, "## 見出し\n\n本文の**強い**言葉と[リンク](https://example.jp/a)。\n\n"
        "- 一つ\n  - 一の一\n- 二つ\n\n| 列 | 値\\|縦 |\n| --- | --- |\n| 甲 | 1 |"),
    "a letter": (FROM_WORD, "## 章\n\n### 節\n\nはじめの**段落**です。\n\n- 甲\n  - 甲の一\n\n1. 乙"),
    "a sheet": (FROM_SHEET, "| 銘柄 | 株価 |\n| --- | --- |\n| 甲 | 1,200 |"),
    "an attack": (HOSTILE, "前押す二 <ruby>漢<rt>かん</rt></ruby> **太**\n\n三"),
    "code": (FROM_EDITOR, "かわりの文"),
    "a ragged sheet": ("<table><tr><th colspan=2>表<tr><td>甲<td>1</table>", "| 表 |  |\n| --- | --- |\n| 甲 | 1 |"),
    "a short row": ("<table><tr><td>甲<td>乙<tr><td>丙<br>丁</table>", "| 甲 | 乙 |\n| --- | --- |\n| 丙 丁 |"),
    "no marks": ("<p>かわりの文</p>", "かわりの文"),
    "nothing": ("", ""),
}  # fmt: skip


def paste(desk: Desk, html: str, text: str = "かわりの文") -> None:
    desk.page.evaluate(PASTE, [desk.text.element_handle(), html, text])


def test_what_is_pasted_becomes_markdown_and_runs_nothing(at_desk):
    desk = at_desk("links")
    page = desk.open(ADD)
    for name, (html, markdown) in PASTED.items():
        desk.text.fill("")
        desk.text.focus()
        paste(desk, html)
        if markdown:
            assert desk.text.input_value() == markdown, f"{name}: at once, before the next letter is typed"
            page.keyboard.press("ControlOrMeta+z")
        assert desk.text.input_value() == "", name  # without marks the browser pastes by itself, on a real paste
    desk.text.fill("```\nコード\n```\n")
    for html, text in ((FROM_DOCS, "かわりの文"), ("", "https://example.jp/")):
        select(desk, "コード")
        paste(desk, html, text)
        assert desk.text.input_value() == "```\nコード\n```\n", "the browser pastes the plain text"
    assert page.evaluate("window.pwned") is None
    expect(desk.status).to_contain_text("画像は「画像」から別に入れてください。")

    desk.text.fill("前の行")
    desk.text.press("End")
    paste(desk, FROM_SHEET)
    expect(desk.text).to_have_value("前の行\n\n| 銘柄 | 株価 |\n| --- | --- |\n| 甲 | 1,200 |")
    key = "new KeyboardEvent('keydown', {code: 'KeyV', ctrlKey: true, shiftKey: true, bubbles: true})"
    desk.text.evaluate(f"text => text.dispatchEvent({key})")  # pressed, the key would paste what the machine has copied
    before = desk.text.input_value()
    paste(desk, FROM_DOCS)
    assert desk.text.input_value() == before, "the browser pastes the plain text"

    desk.text.fill("詳しくはこちら。")
    select(desk, "こちら")
    paste(desk, "", "https://example.jp/x_(y)")
    assert desk.text.input_value() == "詳しくは[こちら](<https://example.jp/x_(y)>)。"
    page.keyboard.press("ControlOrMeta+z")
    assert desk.text.input_value() == "詳しくはこちら。"
    assert desk.tab.faults == []


def test_footnotes_of_word_become_notes_behind_those_of_the_article(at_desk):
    desk = at_desk("typing")
    desk.open()
    desk.text.fill("前[^1]\n\n[^1]: 注\n\n")
    desk.text.evaluate("text => text.setSelectionRange(text.value.length, text.value.length)")
    mark = "<span class=MsoFootnoteReference><span style='mso-special-character:footnote'>[1]</span></span>"
    paste(
        desk,
        f"""<p class=MsoNormal>本文です<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1">{mark}</a>。</p>
        <div style='mso-element:footnote-list'><hr align=left size=1 width="33%">
        <div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText>
        <a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1">{mark}</a> 注の文。</p></div></div>""",
    )
    assert desk.text.input_value().endswith("本文です[^2]。\n\n[^2]: 注の文。")


def test_list_goes_on_at_enter_and_ends_at_an_empty_item(at_desk):
    desk = at_desk("typing")
    page = desk.open(ADD)
    keys = page.keyboard

    def lines(*typed: str) -> str:
        desk.text.fill("")
        desk.text.focus()
        for line in typed:
            keys.type(line)
            keys.press("Enter")
        keys.type("終")
        return desk.text.input_value()

    assert lines("- 甲", "乙", "") == "- 甲\n- 乙\n\n終"
    assert lines("9. 甲", "乙", "") == "9. 甲\n10. 乙\n\n終"
    assert lines("> 引用", "続き", "") == "> 引用\n> 続き\n\n終"
    assert lines("- [x] 済み", "") == "- [x] 済み\n\n終"
    assert lines("- ", "") == "\n終"
    for text in ("- 甲", "> 引用"):
        assert "<p>終</p>" in re.sub(
            r"<(ul|blockquote)>.*</\1>", "", render_markdown(lines(text, "")).html, flags=re.DOTALL
        )
    assert lines("```", "- コード") == "```\n- コード\n終"
    assert lines("文") == "文\n終"

    def goes_on(text: str) -> str:
        desk.text.fill(text)
        desk.text.press("ControlOrMeta+End")
        keys.press("Enter")
        return desk.text.input_value().removeprefix(text)

    assert goes_on("- 甲\n  ```\n  - コード") == "\n"
    assert goes_on("- ```\n  - コード\n  ```\n- 甲") == "\n- "
    assert goes_on("> ```\n> - コード") == "\n> "
    assert goes_on("> ```\n> コード\n\n- 甲") == "\n- "
    assert goes_on("> ```\n> コード\n- 甲") == "\n- "
    assert goes_on("```\n> コード") == "\n"
    desk.text.fill("- 甲")
    desk.text.press("End")
    for mark in ("isComposing: true", "keyCode: 229"):
        held = f"new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, cancelable: true, {mark}}})"
        assert desk.text.evaluate(f"text => text.dispatchEvent({held})")
    assert desk.text.input_value() == "- 甲"
    keys.press("Enter")
    keys.press("ControlOrMeta+z")
    assert desk.text.input_value() == "- 甲"


def test_cells_of_a_table_are_walked_and_nobody_is_kept_in_it(at_desk):
    desk = at_desk("typing")
    page = desk.open(ADD)
    keys = page.keyboard
    desk.text.focus()
    page.click("[data-tool=table]")
    for word in ("年", "売上", "2025", "10", "2026", "12"):
        keys.type(word)
        keys.press("Tab")
    keys.type("2027")
    table = "| 年 | 売上 |\n| --- | --- |\n| 2025 | 10 |\n| 2026 | 12 |\n| 2027 |  |\n"
    assert desk.text.input_value() == table
    keys.press("Shift+Tab")
    chosen = "text => text.value.slice(text.selectionStart, text.selectionEnd)"
    assert desk.text.evaluate(chosen) == "12"
    keys.press("Escape")
    keys.press("Tab")
    expect(desk.text).not_to_be_focused()
    select(desk, "年")
    keys.press("Shift+Tab")
    assert page.evaluate(f"{FOCUSED}.matches('.editor button')")  # from the first cell the way back is free
    rows = "| 年 | 売上 |\n| --- | --- |\n| 2025 | 10 |"
    desk.text.fill(rows)
    for end, selected in ((rows.index("\n"), "2025"), (len(rows), "")):  # after the bar that closes a row
        desk.text.evaluate("(text, end) => text.setSelectionRange(end, end)", end)
        keys.press("Tab")
        assert desk.text.evaluate(chosen) == selected
    assert desk.text.input_value() == f"{rows}\n|  |  |"
    expect(desk.text).to_be_focused()
    desk.text.fill("| 表でない | 行 |")
    desk.text.press("End")
    keys.press("Tab")
    expect(desk.text).not_to_be_focused()


def test_words_are_found_and_replaced_in_one_step_of_undoing(at_desk):
    desk = at_desk("tools")
    page = desk.open(ADD)
    typed = "AIと投資。aiの話。\n" * 30
    desk.text.fill(typed)
    desk.text.press("ControlOrMeta+Home")
    page.keyboard.press("ControlOrMeta+f")
    panel = page.get_by_role("search", name="本文の検索と置換")
    count = panel.get_by_role("status")
    page.keyboard.type("ai")
    expect(count).to_have_text("1 / 60件")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(count).to_have_text("3 / 60件")
    page.keyboard.press("Shift+Enter")
    expect(count).to_have_text("2 / 60件")
    expect(page.locator(".editor__mark")).to_be_visible()
    assert page.url.endswith("/add/")
    panel.get_by_label("大文字と小文字を区別").check()
    expect(count).to_have_text("1 / 30件")
    panel.get_by_label("置き換える言葉").fill("人工知能")
    panel.get_by_role("button", name="置き換える", exact=True).click()
    assert desk.text.input_value().count("人工知能") == 1
    panel.get_by_role("button", name="すべて置き換える").click()
    expect(count).to_have_text("29件を置き換えました（Ctrl/⌘+Zで元に戻せます）")
    assert desk.text.input_value() == typed.replace("ai", "人工知能")
    assert desk.tab.faults == []  # axe makes some itself
    assert violations(page, without=ADMINS_OWN) == {}
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(desk.text).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    page.keyboard.press("ControlOrMeta+z")
    assert desk.text.input_value() == typed
    page.get_by_role("button", name="書き方").click()
    expect(desk.dialog).to_contain_text("プルクオート")
    assert violations(page, without=ADMINS_OWN) == {}
