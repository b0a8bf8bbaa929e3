"""Text that is typed during or after a save is not in the save: it becomes a new autosave."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import ADMINS_OWN, violations
from tests.browser.desk import ADD, SAVE, Desk
from tests.browser.newsroom import choose_section, hold, wait_for_held

pytestmark = pytest.mark.sqlite


def save_and_type_on(desk: Desk, words: str) -> None:
    """Without locators: Playwright lets none be found while an answer is waited for. The caret stays in the text."""
    with desk.page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/change/")):
        desk.page.evaluate("selector => document.querySelector(selector).click()", SAVE)
    desk.page.keyboard.type(words)


def restored(desk: Desk) -> str:
    """The text of the one autosave that is offered."""
    expect(desk.offers).to_have_count(1)
    desk.offers.first.get_by_role("button", name="復元").click()
    expect(desk.status).to_contain_text("復元しました")
    return desk.text.input_value()


def test_text_typed_while_a_save_is_under_way_is_offered_after_it(at_desk):
    desk = at_desk("saving")
    form = desk.own_article
    page = desk.open(form)
    held = hold(page, "**/change/")
    before = desk.text.input_value()
    desk.write_and_leave_the_field("控えた。")
    desk.write("保存する。")
    save_and_type_on(desk, "待つあいだに書いた。")
    wait_for_held(page, held).continue_()
    page.wait_for_selector(".messagelist .success")

    desk.open(form)
    saved = desk.text.input_value()
    assert saved == before + "控えた。保存する。"
    assert restored(desk) == saved + "待つあいだに書いた。"


def test_text_of_an_article_that_is_deleted_meanwhile_is_offered_for_a_new_one(at_desk):
    desk = at_desk("deleted")
    page = desk.open()
    page.fill("#id_title", "消える記事")
    choose_section(desk, "AI技術")
    page.locator("[name=_save]").first.click()
    page.wait_for_selector(".messagelist .success")
    deleting = desk.context.new_page()
    deleting.goto(page.url.replace("/change/", "/delete/"))
    deleting.locator("#content form [type=submit]").click()
    deleting.wait_for_selector(".messagelist .success")
    deleting.close()
    desk.write_and_leave_the_field("消えたあとに書いた。")
    expect(desk.status).to_contain_text("削除されたか、あなたの担当でなくなりました。この端末に")
    expect(desk.status).to_contain_text("「記事を追加」の画面で復元できます。")
    desk.write_and_leave_the_field("まだ書く。")
    page.close(run_before_unload=False)
    desk.new_window(ADD)
    assert restored(desk) == "消えたあとに書いた。まだ書く。"
    assert desk.page.input_value("#id_title") == "消える記事"
    with desk.page.expect_response("**/autosave/keep/") as kept:
        desk.write("続き。")
    assert kept.value.ok


def test_save_without_the_server_stays_in_the_room_and_is_tried_again(at_desk):
    desk = at_desk("saved")
    page = desk.open(desk.own_article)
    told = page.get_by_role("alert").filter(has_text="まだ保存していません。")
    desk.context.set_offline(True)
    page.get_by_role("button", name="公開中の記事に反映する").click()
    # There is nothing to be kept.
    expect(told).to_have_text(
        "サーバーにつながりません。まだ保存していません。もう一度「公開中の記事に反映する」閉じる"
    )
    desk.write("切れたときに書いた。")
    page.keyboard.press("Control+Alt+Enter")  # nothing but the text in sight
    page.keyboard.press("ControlOrMeta+s")
    expect(told).to_contain_text("書いたものは、この端末に")
    expect(told).to_be_in_viewport()
    assert desk.text.input_value().endswith("切れたときに書いた。")
    assert violations(page, without=ADMINS_OWN) == {}

    desk.context.set_offline(False)
    expect(told).to_contain_text("サーバーにつながりました。まだ保存していません。")
    told.get_by_role("button", name="もう一度「公開せずに保存」").click()
    page.wait_for_selector(".messagelist .success")
    assert desk.text.input_value().endswith("切れたときに書いた。")
    expect(desk.offers).to_have_count(0)


def test_save_after_the_login_has_run_out_stays_in_the_room_and_goes_on_after_a_new_one(at_desk):
    desk = at_desk("saved")
    page = desk.open(desk.own_article)
    writing = desk.tab
    desk.context.clear_cookies()
    desk.write("切れたあとに書いた。")
    page.locator("[data-room-save]").click()
    told = page.get_by_role("alert").filter(has_text="まだ保存していません。")
    expect(told).to_contain_text("ログインの期限が切れています。別のタブでログインし直してください。")
    assert desk.text.input_value().endswith("切れたあとに書いた。")
    told.get_by_role("button", name="もう一度").click()
    # Once the server has answered, 閉じる comes back, and nothing to be sent unasked with it.
    expect(told.get_by_role("button")).to_have_text(["もう一度「公開せずに保存」", "閉じる"])

    desk.log_in()
    desk.page.close()
    desk.page, desk.tab = page, writing
    again = told.get_by_role("button", name="もう一度「公開せずに保存」")
    again.focus()
    page.route("**/token/", lambda route: route.fulfill(status=503, body=""))
    page.keyboard.press("Enter")
    expect(told).to_contain_text("（503）")
    expect(again).to_be_focused()
    page.unroute("**/token/")
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist .success")
    assert desk.text.input_value().endswith("切れたあとに書いた。")


def test_text_typed_after_the_press_does_not_go_live(at_desk):
    desk = at_desk("saved")
    article, page = desk.own_article, desk.page
    held, posted = hold(page, "**/token/", "GET"), hold(page, "**/change/")
    desk.open(article)
    desk.write("押す前。")
    page.get_by_role("button", name="公開中の記事に反映する").click()
    route = wait_for_held(page, held)
    desk.write("押したあと。")
    route.continue_()
    told = page.get_by_role("alert").filter(has_text="押したあとに書き足されました。まだ保存していません。")
    again = told.get_by_role("button", name="もう一度「公開中の記事に反映する」")
    expect(again).to_be_visible()
    assert not posted
    page.unroute("**/token/")
    page.evaluate("button => button.click()", again.element_handle())  # waits for no answer
    save = wait_for_held(page, posted)
    assert "押す前。押したあと。" in save.request.post_data
    save.continue_()
    page.wait_for_selector(".messagelist .success")


def test_words_typed_before_the_scripts_have_come_are_kept(at_desk):
    desk = at_desk("early")
    form, page, asked = desk.own_article, desk.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    held = hold(page, "**/desk/editor*.js", "GET")
    desk.tab.open(desk.origin, form, until="commit")
    script = wait_for_held(page, held)
    desk.text.press_sequentially("早く書いた。")
    written = desk.text.input_value()
    with page.expect_response("**/autosave/keep/"):
        script.continue_()
    page.unroute("**/desk/editor*.js")
    desk.open(form)
    assert asked == ["beforeunload"]
    assert restored(desk) == written
