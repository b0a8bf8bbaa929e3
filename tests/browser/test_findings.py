"""The desk check in a browser: an editor jumps to findings, fixes them, and is asked before errors go out."""

import pytest
from playwright.sync_api import Locator, expect

from blog.text.desk import DRAFT_TEXTS
from tests.browser.desk import Desk
from tests.browser.newsroom import choose_section, faults, follow, hold, press, wait_for_held
from tests.browser.tab import Tab
from tests.sites.editors import FLAWED

pytestmark = pytest.mark.sqlite

PAUSE = 800  # milliseconds after the last letter, in static/desk/findings.js
SELECTED = "text => text.value.slice(text.selectionStart, text.selectionEnd)"


def panel(desk: Desk) -> Locator:
    return desk.page.get_by_role("region", name="原稿チェック")


def counts(desk: Desk) -> Locator:
    return panel(desk).locator("[data-findings-counts]")


def row(desk: Desk, words: str) -> Locator:
    return panel(desk).get_by_role("listitem").filter(has_text=words)


def mend_in_a_batch_and_take_it_back(desk: Desk, title: str) -> None:
    """From the audit page, which lists the articles of other tests too."""
    page = desk.open("/admin/blog/postfinding/?code=marker")
    page.get_by_role("button", name="選んだ種類の修正を確認する").click()
    for box in page.locator("[name=post]").all():
        box.uncheck()
    page.get_by_role("checkbox", name=title).check()
    page.get_by_role("button", name="この画面で選んだ記事を直す").click()
    batch = page.get_by_role("link", name="この一括修正を元に戻す")
    expect(batch).to_be_visible()
    address = batch.get_attribute("href")
    form = f"{desk.address_of(title)}change/"
    desk.open(form)
    assert "---END---" not in desk.text.input_value()
    desk.open(address).get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("に元に戻しました。")).to_be_visible()
    desk.open(form)
    assert desk.text.input_value() == FLAWED


def test_editor_mends_a_flawed_article_and_publishes_it_with_a_reason(at_desk, make_context, serve):
    desk = at_desk("proof")
    page = desk.open()
    expect(counts(desk)).to_have_text("本文を書くと、ここに指摘が出ます。")
    expect(panel(desk)).to_have_attribute("data-checked", " ".join(DRAFT_TEXTS))
    page.fill("#id_title", "点検する記事")
    page.fill("#id_excerpt", "点検の順に読みます。")
    choose_section(desk, "市場")
    desk.text.fill(FLAWED)
    expect(counts(desk)).to_contain_text("公開を止める指摘1件")

    panel(desk).get_by_role("link", name="3行目").click()
    expect(desk.text).to_be_focused()
    assert desk.text.evaluate(SELECTED) == "---END---"

    row(desk, "---END---").get_by_role("button", name="直す").click()
    expect(counts(desk)).to_contain_text("公開を止める指摘0件")
    assert "---END---" not in desk.text.input_value()
    page.keyboard.press("ControlOrMeta+z")
    expect(counts(desk)).to_contain_text("公開を止める指摘1件")
    assert desk.text.input_value() == FLAWED

    panel(desk).get_by_role("button", name="すべて直す").press("Enter")
    expect(counts(desk)).to_contain_text("公開を止める指摘0件")
    assert "## 😀の見出し" in desk.text.input_value()
    page.keyboard.press("ControlOrMeta+z")
    assert desk.text.input_value() == FLAWED

    page.get_by_role("button", name="公開する", exact=True).click()
    question = page.get_by_role("region", name="公開する前に確かめること")
    expect(question).to_contain_text("公開を止めている指摘（1件）")
    assert desk.text.input_value() == FLAWED
    question.get_by_label("直さずに公開する理由").fill("速報のため、校了後に直す。")
    press(desk, "公開する", "公開しました")

    follow(desk, "点検する記事", "#result_list")
    follow(desk, "履歴", ".object-tools")
    expect(page.locator(".versions")).to_contain_text("指摘1件を直さずに公開：速報のため、校了後に直す。")
    mend_in_a_batch_and_take_it_back(desk, "点検する記事")
    assert faults(desk.tab) == []
    with make_context() as context:
        tab = Tab(context)
        tab.open(serve("desk"), "/")
        assert "点検する記事" in tab.page.locator("main").inner_text()


def test_findings_that_cannot_be_brought_up_to_date_stay_and_are_called_old(at_desk):
    desk = at_desk("signal", width=390)
    page = desk.open()
    page.fill("#id_excerpt", "点検の順に読みます。")
    held = hold(page, "**/desk/check/")
    desk.text.fill("まだの段落です。")
    wait_for_held(page, held)
    desk.text.fill(FLAWED)
    wait_for_held(page, held, 2).continue_()  # the first is taken back
    expect(counts(desk)).to_contain_text("公開を止める指摘1件")
    page.unroute("**/desk/check/")

    desk.context.set_offline(True)
    desk.text.fill(f"前に足した段落です。\n\n{FLAWED}")
    expect(panel(desk)).to_contain_text("サーバーにつながりません。")
    expect(panel(desk).get_by_text("古い", exact=True)).to_be_visible()
    page.locator("[data-view=page]").click()
    row(desk, "---END---").get_by_role("link", name="3行目").click()
    assert desk.text.evaluate(SELECTED) == "---END---"  # where the line is by now
    row(desk, "---END---").get_by_role("button", name="直す").click()
    assert "---END---" in desk.text.input_value()

    desk.context.set_offline(False)
    expect(panel(desk).get_by_role("link", name="5行目")).to_be_visible()
    expect(panel(desk).get_by_text("古い", exact=True)).to_be_hidden()
    row(desk, "---END---").get_by_role("button", name="直す").click()
    expect(counts(desk)).to_contain_text("公開を止める指摘0件")
    assert "---END---" not in desk.text.input_value()
