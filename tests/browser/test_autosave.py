"""Typed text is never lost: the desk keeps it, or without a connection the browser, and the editor can restore it."""

import re

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.desk import ADD, SAVE, Desk
from tests.browser.newsroom import choose_section

pytestmark = pytest.mark.sqlite

SAVED = re.compile(r"^下書きを \d{1,2}:\d\d に保存$")
LOCAL_AUTOSAVES = "Object.keys(localStorage).filter(name => name.startsWith('desk-autosave:')).length"


def accept(dialog: Dialog) -> None:
    dialog.accept()


def local_autosaves(desk: Desk) -> int:
    return desk.page.evaluate(LOCAL_AUTOSAVES)


def crash(desk: Desk) -> None:
    """Ends the window without any event in its page, and opens a new one."""
    desk.page.close(run_before_unload=False)
    desk.new_window()


def restore(desk: Desk) -> None:
    desk.offers.first.get_by_role("button", name="復元").click()
    expect(desk.status).to_contain_text("復元しました")


def test_form_is_kept_after_a_few_seconds_without_a_press_of_any_button(at_desk):
    desk = at_desk("autosave")
    desk.open_in_standing_time()
    desk.write("書きかけ")
    assert desk.status.inner_text() == ""
    desk.page.clock.run_for(3_100)
    expect(desk.status).to_have_text(SAVED)
    assert local_autosaves(desk) == 0


def test_whole_form_comes_back_after_a_crash_and_only_when_asked_for(at_desk):
    desk = at_desk("crash")
    page = desk.open()
    page.fill("#id_title", "途中の題")
    page.fill("#id_tag_names", "AI、投資")
    desk.unfold("検索エンジンへの指示")
    page.locator("#id_noindex").check()
    desk.unfold("関連記事")
    choose_section(desk, "AI技術ガイド")
    page.locator(".add-row a").click()
    page.fill("#id_related_rows-0-reason", "あわせて読む理由")
    desk.write_and_leave_the_field(" 前に空白、\n\n\tタブ、後に改行\n")
    assert desk.tab.faults == []
    crash(desk)

    page = desk.open()
    expect(desk.offers).to_have_count(1)
    expect(desk.offers.first).to_contain_text("「途中の題」")
    assert desk.text.input_value() == ""
    restore(desk)
    assert desk.text.input_value() == " 前に空白、\n\n\tタブ、後に改行\n"
    assert page.input_value("#id_title") == "途中の題"
    assert page.input_value("[name=tag_names]") == "AI、投資"
    assert page.locator("#id_noindex").is_checked()
    assert page.locator("#select2-id_category-container").inner_text() == "AI技術ガイド"
    assert page.input_value("#id_related_rows-0-reason") == "あわせて読む理由"
    expect(desk.offers).to_have_count(0)
    desk.text.focus()
    page.keyboard.press("ControlOrMeta+z")
    assert desk.text.input_value() == ""


def test_text_outlives_the_connection_and_the_window(at_desk):
    desk = at_desk("offline")
    page = desk.open()
    page.fill("#id_title", "つながっていた題")
    desk.write_and_leave_the_field("つながっていた。")
    desk.context.set_offline(True)
    desk.write("切れてから書いた。")
    page.locator("#id_title").focus()
    expect(desk.status).to_contain_text("この端末に")
    assert local_autosaves(desk) == 1
    desk.close_unheard()

    desk.new_window(ADD)
    expect(desk.offers).to_have_count(1)
    expect(desk.offers.first).to_contain_text("この端末だけに残っています。")
    restore(desk)
    assert desk.text.input_value() == "つながっていた。切れてから書いた。"
    expect(desk.status).to_have_text(SAVED)
    assert local_autosaves(desk) == 0


def test_saved_article_leaves_no_autosave_behind(at_desk):
    desk = at_desk("kept")
    form = desk.own_article
    page = desk.open(form)
    desk.write_and_leave_the_field("足した。")
    desk.write("すぐに保存する。")
    desk.save()
    desk.open(form)
    page.wait_for_load_state("networkidle")
    expect(desk.offers).to_have_count(0)
    assert local_autosaves(desk) == 0
    assert desk.text.input_value().endswith("足した。すぐに保存する。")


def test_two_windows_of_one_editor_overwrite_nothing(at_desk):
    desk = at_desk("windows")
    form = desk.own_article
    first = desk.open(form)
    desk.write_and_leave_the_field("一つ目の窓。")
    second = desk.new_window(form)
    expect(desk.offers).to_have_count(1)
    desk.write_and_leave_the_field("二つ目の窓。")
    expect(desk.status).to_contain_text("別のウィンドウ")
    expect(desk.offers).to_have_count(1)
    assert local_autosaves(desk) == 1
    second.on("dialog", accept)
    desk.offers.first.get_by_role("button", name="破棄").click()
    expect(desk.status).to_have_text(SAVED)

    desk.page = first
    first.bring_to_front()
    desk.write_and_leave_the_field("まだ書く。")
    expect(desk.offers).to_have_count(1)
    assert "一つ目の窓。まだ書く。" in desk.text.input_value()


def test_autosave_that_is_older_than_the_article_says_so_and_overwrites_nobody(at_desk):
    desk = at_desk("stale")
    form = desk.own_article
    page = desk.open(form)
    desk.write_and_leave_the_field("下書きの文。")
    crash(desk)
    other = at_desk("discard")  # another editor
    other.open(form)
    other.page.fill("#id_title", "先に保存された題")
    other.save()

    page = desk.open(form)
    expect(desk.offers.first).to_contain_text("記事が1回保存されています")
    restore(desk)
    page.click(SAVE)
    page.wait_for_url("**/merge/**")
    desk.open(form)
    assert page.input_value("#id_title") == "先に保存された題"
    page.wait_for_load_state("networkidle")
    expect(desk.offers).to_have_count(0)  # the history holds the late edit now


@pytest.mark.parametrize("path", [ADD, "/admin/blog/page/add/"])
def test_browser_asks_before_unsaved_text_is_left(at_desk, path):
    desk = at_desk("leaving")
    page = desk.open(path)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.open(path)
    assert asked == []
    desk.write("保存していない。")
    page.goto(f"{desk.origin}/admin/password_change/")
    assert asked == ["beforeunload"]


def test_editor_who_logs_in_again_elsewhere_goes_on_typing(at_desk):
    desk = at_desk("session")
    page = desk.open()
    writing = desk.tab
    desk.context.clear_cookies()
    desk.write_and_leave_the_field("切れた。")
    expect(desk.status).to_contain_text("ログインの期限が切れています")
    desk.log_in()
    desk.page, desk.tab = page, writing
    with page.expect_response(lambda response: response.url.endswith("/keep/") and response.ok):
        desk.write("戻った。")
        page.locator("#id_title").focus()
    expect(desk.status).to_have_text(SAVED)
    desk.wait_for_preview("切れた。戻った。")
    page.fill("#id_title", "ログインし直しても保存できる")
    page.locator("[name=_save]").first.click()
    page.wait_for_selector(".errornote")  # no section was chosen; the form got through


def test_text_of_one_editor_is_not_kept_for_another_who_logs_in(at_desk):
    desk = at_desk("session")
    page = desk.open()
    desk.context.clear_cookies()
    desk.log_in("discard")
    other = desk.page
    desk.page = page
    with page.expect_response("**/admin/desk/token/"):
        desk.write("私だけの文。")
        page.locator("#id_title").focus()
    expect(desk.status).to_contain_text(
        "別の人がログインしました。続けるには、元の人でログインし直してください。この端末に"
    )
    page.fill("#id_title", "題")
    page.locator("[name=_save]").first.click()
    page.wait_for_load_state()
    assert page.locator(".errornote, .messagelist").count() == 0  # the form was not taken
    page.close(run_before_unload=False)
    desk.page = other
    other.goto(f"{desk.origin}{ADD}")
    other.wait_for_load_state("networkidle")
    expect(desk.offers).to_have_count(0)

    desk.context.clear_cookies()
    desk.log_in()
    desk.open()
    expect(desk.offers.filter(has_text="私だけの文。")).to_have_count(1)
