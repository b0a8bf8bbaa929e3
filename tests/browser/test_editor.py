"""The Markdown editor: what keys, tools, pictures and the preview do to the text."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.sites.content import photograph
from tests.sites.editors import DESK_BODY

pytestmark = pytest.mark.sqlite

FOCUSED = "document.activeElement"
FRAMED = "document.querySelector('[data-editor-frame]').contentDocument"


def select(desk: Desk, words: str) -> None:
    desk.text.focus()
    start = desk.text.input_value().index(words)
    desk.text.evaluate("(text, [start, end]) => text.setSelectionRange(start, end)", [start, start + len(words)])


# --- without scripts ---


def test_editor_is_a_plain_field_without_scripts(at_desk):
    desk = at_desk("plain", java_script_enabled=False)
    form = desk.own_article
    desk.open(form)
    assert desk.text.is_visible()
    assert not desk.page.locator(".editor__tools, .editor__preview, .editor__foot").first.is_visible()
    desk.text.fill(DESK_BODY + "スクリプトなしで。\n")
    desk.save()
    desk.open(form)
    assert desk.text.input_value() == DESK_BODY + "スクリプトなしで。\n"


# --- keys and tools ---


def test_tools_write_markdown(at_desk):
    desk = at_desk("tools")
    desk.open()
    page = desk.page

    def after(tool: str, text: str, selected: str = "") -> str:
        desk.text.fill(text)
        select(desk, selected or text)
        page.click(f"[data-tool={tool}]")
        return desk.text.input_value()

    assert after("bold", "前 言葉 後", " 言葉 ") == "前 **言葉** 後"
    assert after("bold", "前**言葉**後", "言葉") == "前言葉後"
    assert after("italic", "前**言葉**後", "言葉") == "前***言葉***後"
    lines = ("# 題\n\n- 甲\n  1. 乙\n\n> 丙", "# **題**\n\n- **甲**\n  1. **乙**\n\n> **丙**")
    assert after("bold", lines[0]) == lines[1]
    assert after("bold", lines[1]) == lines[0]
    assert after("bold", "**甲**\n乙と**丙**") == "**甲**\n**乙と丙**"
    assert after("italic", "*甲*と乙\n**丙**") == "*甲と乙*\n***丙***"
    assert after("italic", "***甲***と乙\n***丙**と丁*") == "***甲**と乙*\n***丙**と丁*"
    assert after("italic", "***甲**と乙*\n***丙***") == "**甲**と乙\n**丙**"
    assert after("italic", "3 * 4と`a*b`\n5\\*6") == "*3 * 4と`a*b`*\n*5\\*6*"
    assert after("bold", f"甲\u2028乙{' ' * 50_000}丙\n丁") == f"**甲\u2028乙{' ' * 50_000}丙**\n**丁**"
    blocks = ("---", "* * *", "| a |\n| - |", "a | b\n- | -", "```py\nx = 1\n```", '![図](/a.png "題")', "[^1]: 注")
    for block in blocks:
        assert after("bold", f"甲\n\n{block}\n\n> 乙") == f"**甲**\n\n{block}\n\n> **乙**"
        assert after("bold", f"**甲**\n\n{block}\n\n> **乙**") == f"甲\n\n{block}\n\n> 乙"
    assert after("heading", "### 見出し") == "## 見出し"
    assert after("heading", "## 見出し") == "見出し"
    assert after("list", "甲\n\n乙\n1. 丙") == "- 甲\n\n- 乙\n- 丙"
    assert after("quote", "甲\n乙") == "> 甲\n> 乙"
    assert after("quote", "> 甲\n> 乙") == "甲\n乙"
    assert after("code", "前 x = 1 後", "x = 1") == "前 `x = 1` 後"
    assert after("code", "a\n```\nb") == "````\na\n```\nb\n````"
    assert after("footnote", "文。注[^2]\n\n[^2]: 二\n", "文。") == "文。[^3]注[^2]\n\n[^2]: 二\n[^3]: 注の内容\n"
    table = after("table", "前の段落の途中\n次の段落", "途")
    assert table.startswith("前の段落の途中\n\n| 項目 | 内容 |\n| --- | --- |\n")
    assert table.endswith("|\n\n次の段落")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("言葉")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("ControlOrMeta+b")
    page.keyboard.press("ControlOrMeta+i")
    assert desk.text.input_value() == "***言葉***"


# --- IME ---


def test_composition_is_nobodys_business_until_it_is_committed(at_desk):
    desk = at_desk("ime")
    page = desk.open_in_standing_time()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/admin/desk/" in request.url else None)
    desk.text.focus()
    page.wait_for_load_state("networkidle")
    asked.clear()
    ime = desk.context.new_cdp_session(page)
    for part in ("ｔ", "と", "とう", "とうし"):
        ime.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
        page.keyboard.press("ControlOrMeta+b")
        page.keyboard.press("ControlOrMeta+k")
    assert desk.text.input_value() == "とうし"
    page.clock.run_for(5_000)  # longer than any pause of the desk
    assert asked == []
    ime.send("Input.insertText", {"text": "投資"})
    page.clock.run_for(1_000)
    desk.wait_for_preview("投資")
    assert desk.text.input_value() == "投資"
    assert not desk.dialog.count()


# --- links ---


def test_link_to_an_article_is_picked_by_words_of_its_title_with_the_keyboard_alone(at_desk):
    desk = at_desk("links")
    page = desk.open()
    desk.write("詳しくは、こちら。")
    select(desk, "こちら")
    page.keyboard.press("ControlOrMeta+k")
    with page.expect_response("**/admin/desk/articles/?q=%E6%95%B0%E5%AD%97+%E4%B8%83%E3%81%A4"):
        page.keyboard.type("数字 七つ")
    expect(desk.dialog.get_by_role("button", name="AIニュースの数字を読む、七つの問い")).to_be_visible()
    expect(desk.dialog.locator("li").first).to_contain_text("七つの問い")  # before an article that only names it
    page.keyboard.press("Enter")
    assert desk.text.input_value() == "詳しくは、[こちら](/2026/02/16/ai-news-numbers/)。"
    assert page.evaluate(f"{FOCUSED}.matches('textarea')")
    page.keyboard.press("ControlOrMeta+z")
    assert desk.text.input_value() == "詳しくは、こちら。"
    assert desk.tab.faults == []


# --- pictures ---


def test_dropped_pictures_are_asked_for_their_text_and_stand_on_lines_of_their_own(at_desk):
    desk = at_desk("images")
    page, library = desk.open(), desk.dialog
    desk.show_preview()
    desk.write("前の段落。\n次の段落。")
    desk.text.evaluate("text => text.setSelectionRange(2, 2)")
    files = (("a.jpg", photograph(31)), ("memo.jpg", b"memo"), ("b.jpg", photograph(91)))
    desk.give("drop", *((name, "image/jpeg", content) for name, content in files))
    expect(library.locator("[data-status]")).to_contain_text("memo.jpg：")
    library.get_by_role("button", name="本文に入れる（あと1枚）").click()
    assert library.is_visible(), "a picture without its text is not sent"
    library.get_by_label("代替テキスト", exact=True).fill("灰色の面")
    library.get_by_label("キャプション").fill("面の説明")
    library.get_by_label("クレジット").fill("撮影：編集部")
    library.get_by_role("button", name="本文に入れる（あと1枚）").click()
    expect(library.locator("[data-facts]")).to_contain_text("b.jpg")
    library.get_by_label("装飾の画像").check()
    library.get_by_role("button", name="本文に入れる", exact=True).click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    before, first, second, after = desk.text.input_value().split("\n\n")
    assert (before, after) == ("前の段落。", "次の段落。")
    assert first.startswith("![灰色の面](/media/images/")
    assert second.startswith("![](/media/images/")
    assert first.endswith(' "面の説明")')
    expect(page.frame_locator("[data-editor-frame]").locator(".prose img")).to_have_count(2)
    expect(page.frame_locator("[data-editor-frame]").locator("figcaption")).to_contain_text("撮影：編集部")
    page.keyboard.press("ControlOrMeta+z")
    assert desk.text.input_value() == "前の段落。\n次の段落。"
    assert all("/pictures/add/" in fault for fault in desk.tab.faults)  # that refused one


def test_pasted_picture_goes_into_the_library_and_nothing_into_the_text_unless_it_is_taken(at_desk):
    desk = at_desk("images")
    desk.open()
    desk.give("paste", ("c.jpg", "image/jpeg", photograph(57)))
    expect(desk.dialog.locator("[data-facts]")).to_contain_text("未使用")
    desk.dialog.get_by_role("button", name="閉じる").click()
    expect(desk.page.locator("dialog[open]")).to_have_count(0)
    assert desk.text.input_value() == ""


def test_counts_follow_what_is_typed(at_desk):
    desk = at_desk("typing")
    page = desk.open()
    page.fill("#id_title", "全角とAI")
    expect(page.locator("#id_title_width")).to_have_text("全角4字（32字まで）")
    page.fill("#id_title", "あ" * 33)
    expect(page.locator(".title-width--over")).to_have_text("全角33字（32字まで）")
    desk.write("あ い\n" + "う" * 1198)
    expect(page.locator("[data-editor-counts]")).to_have_text("1,200字・約2分")


def test_key_of_a_mark_steps_out_of_it_at_its_end(at_desk):
    desk = at_desk("tools")
    page = desk.open()
    desk.text.focus()
    for key, mark in (("b", "**"), ("i", "*")):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.press("Delete")
        page.keyboard.press(f"ControlOrMeta+{key}")
        page.keyboard.type("a")
        page.keyboard.press(f"ControlOrMeta+{key}")
        page.keyboard.type("b")
        assert desk.text.input_value() == f"{mark}a{mark}b"


def test_link_is_taken_with_one_enter_and_another_article_with_an_arrow(at_desk):
    desk = at_desk("tools")
    page = desk.open()
    desk.text.focus()
    for arrows, title in ((0, 0), (2, 1)):
        page.keyboard.press("ControlOrMeta+k")
        with page.expect_response("**/admin/desk/articles/?q=%E8%A8%98%E4%BA%8B"):
            page.keyboard.type("記事")
        desk.dialog.locator("li button").nth(1).wait_for()
        words = desk.dialog.locator("li button").nth(title).inner_text().rpartition(" ")[0].strip()
        for _ in range(arrows):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(desk.dialog).to_have_count(0)
        assert f"[{words}](/" in desk.text.input_value()


def test_tags_are_chips_that_neither_glue_nor_send_the_form(at_desk):
    desk = at_desk("tools")
    page = desk.open()
    page.fill("#id_title", "題")
    chips, value = page.locator(".tag-chip"), page.locator("[name=tag_names]")
    page.focus("#id_tag_names")
    page.keyboard.type("手で書いたタグ、投")
    page.locator("[role=option]", has_text="投資").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("物価")
    for mark in ("isComposing: true", "keyCode: 229"):  # Safari says the second of the Enter that confirms kanji
        held = f"new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, cancelable: true, {mark}}})"
        assert page.locator("#id_tag_names").evaluate(f"tags => tags.dispatchEvent({held})")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    names = value.input_value().split("、")
    assert (names[0], names[2]) == ("手で書いたタグ", "物価")
    assert names[1].startswith("投資")
    expect(chips).to_have_count(3)
    expect(page.locator(".tag-said")).to_contain_text("新しいタグ")
    expect(page.locator(".tag-chip--new").first).to_be_visible()
    chips.nth(0).get_by_role("button").click()
    assert value.input_value() == "、".join(names[1:])
    page.keyboard.press("Backspace")
    assert page.input_value("#id_tag_names") == "物価"
    page.focus("#id_title")
    assert value.input_value() == "、".join(names[1:])
    assert page.url.endswith("/add/")
    assert page.locator(".errornote").count() == 0
