"""What is typed on the pages beside the form of an article, which have no autosave."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import SAVE, Desk
from tests.browser.newsroom import choose_section, follow, press
from tests.sites.editors import PASSWORD

pytestmark = pytest.mark.sqlite


def change_what_readers_see(desk: Desk) -> str:
    """Publishes an article and changes it. Returns the address of its form."""
    desk.open().fill("#id_title", "読者に知らせる記事")
    desk.page.fill("#id_excerpt", "知らせる順に読みます。")
    choose_section(desk, "市場")
    desk.write("はじめに書いた文です。")
    press(desk, "公開する", "公開しました")
    form = f"{desk.address_of('読者に知らせる記事')}change/"
    desk.open(form)
    desk.write("あとから足した文です。")
    desk.page.locator(SAVE).first.click()
    expect(desk.page.locator(".messagelist")).to_be_visible()
    return form


def test_note_is_offered_again_after_the_login_had_ended(at_desk):
    desk = at_desk("noting")
    page = desk.open(desk.own_article.replace("/change/", "/notes/"))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    restore_button = page.get_by_role("button", name="復元")
    page.locator("#id_text").press_sequentially("長いメモ。")
    page.reload()
    assert asked == ["beforeunload"]
    restore_button.click()
    expect(page.locator("#id_text")).to_have_value("長いメモ。")
    desk.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="メモを書く").click()
    page.wait_for_url("**/login/**")
    page.fill("#id_username", desk.name)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    restore_button.click()
    page.get_by_role("button", name="メモを書く").click()
    expect(page.locator(".notes")).to_contain_text("長いメモ。")
    page.wait_for_load_state()  # its scripts have seen that the note was taken, which only this page says
    page.reload()
    expect(restore_button).to_have_count(0)
    assert asked == ["beforeunload"]


def test_note_to_readers_is_offered_after_a_refusal_and_no_more_once_it_was_taken(at_desk):
    desk = at_desk("times")
    form = change_what_readers_see(desk)
    page, asked = desk.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.open(form.replace("/change/", "/history/"))
    follow(desk, "第2版", ".versions")
    follow(desk, "読者に知らせる", ".version-links")
    address = page.url
    page.select_option("[name=kind]", index=1)
    page.fill("[name=note]", "あ" * 3_000)
    page.get_by_role("button", name="知らせる", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    page.wait_for_load_state()  # only then its scripts have run
    page.goto(address)
    assert asked == ["beforeunload"], "what was refused is not told"
    page.get_by_role("button", name="復元").click()
    page.fill("[name=note]", "文を足しました。")
    page.get_by_role("button", name="知らせる", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("読者に知らせました")
    follow(desk, "読者に知らせた変更", ".version-links")
    page.get_by_role("button", name="知らせるのをやめる").click()
    page.goto(address)
    expect(page.locator("[name=note]")).to_have_value("")
    expect(page.get_by_role("button", name="復元")).to_have_count(0)
