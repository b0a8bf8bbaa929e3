"""The autosave while the desk answers late, and when something else answers in its place."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ADD, SAVE, Desk
from tests.browser.newsroom import hold, wait_for_held
from tests.browser.test_autosave import SAVED, local_autosaves, restore
from tests.browser.test_pages import ADD as ADD_PAGE
from tests.browser.test_pages import make_page

pytestmark = pytest.mark.sqlite

LIST, KEEP = "**/admin/desk/autosave/?*", "**/admin/desk/autosave/keep/"
FORMS = {
    "new article": lambda desk: ADD,
    "article": lambda desk: desk.own_article,
    "new page": lambda desk: ADD_PAGE,
    "page": lambda desk: make_page(desk, "断られる案内", "/refused/", "はじめの文。"),
}
OTHERS_ANSWERS = {
    "nothing in it": {"json": {}},
    "a page": {"content_type": "text/html", "body": "<p>お待ちください"},
    "403": {"status": 403, "body": ""},
    "500": {"status": 500, "json": {}},
    "none": None,
}


def be_refused(desk: Desk) -> None:
    """Sends a form without a title, which the browser would not send."""
    desk.page.evaluate("document.querySelector('#post_form, #page_form').noValidate = true")
    desk.page.fill("#id_title", "")
    desk.page.click(SAVE)


@pytest.mark.parametrize("kind", FORMS)
def test_refused_form_goes_on_with_its_autosave_before_the_list_has_come(at_desk, kind):
    desk = at_desk("refused")
    form, page = FORMS[kind](desk), desk.page
    held = hold(page, LIST, "GET")
    desk.open(form)
    desk.write_and_leave_the_field("本文。")
    be_refused(desk)
    expect(page.locator(".errornote")).to_be_visible()
    asked = wait_for_held(page, held, 2)
    desk.write_and_leave_the_field("続き。")
    expect(desk.status).to_have_text(SAVED)
    with page.expect_response(LIST):
        asked.continue_()
    desk.write_and_leave_the_field("まだ続く。")
    expect(desk.status).to_have_text(SAVED)
    expect(desk.offers).to_have_count(0)


def test_refused_form_overwrites_nothing_that_another_window_wrote_into_its_autosave(at_desk):
    desk = at_desk("windows")
    first = desk.open()
    desk.write_and_leave_the_field("一つ目の窓。")
    desk.new_window(ADD)
    restore(desk)
    desk.write_and_leave_the_field("二つ目の窓。")

    desk.page = first
    first.bring_to_front()
    with first.expect_response(LIST):
        be_refused(desk)
    expect(first.locator(".errornote")).to_be_visible()
    desk.write_and_leave_the_field("まだ書く。")
    expect(desk.status).to_contain_text("別のウィンドウ")
    expect(desk.offers).to_contain_text("一つ目の窓。二つ目の窓。")


def test_save_waits_for_the_autosave_that_is_under_way(at_desk):
    """Else a refused form would not know of it, and be offered its own text."""
    desk = at_desk("late")
    page = desk.open(desk.own_article)
    held, sent = hold(page, KEEP), hold(page, "**/change/")
    desk.write("本文。")
    page.locator("#id_excerpt").focus()
    keep = wait_for_held(page, held)
    be_refused(desk)
    expect(page.get_by_role("alert").filter(has_text="サーバーの応答を待っています。")).to_be_visible()
    assert not sent
    keep.continue_()
    wait_for_held(page, sent).continue_()
    expect(page.locator(".errornote")).to_be_visible()
    page.unroute(KEEP)
    desk.write_and_leave_the_field("続き。")
    expect(desk.status).to_have_text(SAVED)
    expect(desk.offers).to_have_count(0)


def test_list_that_does_not_come_takes_no_copy_and_stops_no_autosave(at_desk):
    desk = at_desk("late")
    desk.open()
    desk.context.set_offline(True)
    desk.write("前に書いた。")
    desk.page.locator("#id_title").focus()
    expect(desk.status).to_contain_text("この端末に")
    desk.close_unheard()

    lists, keeps = hold(desk.context, LIST, "GET"), hold(desk.context, KEEP)
    for kind, answer in OTHERS_ANSWERS.items():  # each in a window of its own, beside the same copy
        lists.clear()
        keeps.clear()
        page = desk.new_window(ADD)
        desk.write("いま書く。")
        page.locator("#id_title").focus()
        keep, asked = wait_for_held(page, keeps), wait_for_held(page, lists)
        asked.fulfill(**answer) if answer else asked.abort()
        expect(desk.offers, kind).to_have_count(1)
        expect(desk.offers, kind).to_contain_text("前に書いた。")
        assert local_autosaves(desk) == 2, kind
        keep.continue_()
        expect(desk.status, kind).to_have_text(SAVED)
        assert local_autosaves(desk) == 1, kind
        page.close(run_before_unload=False)


def test_text_that_something_else_than_the_desk_took_stays_in_the_browser(at_desk):
    desk = at_desk("late")
    page = desk.open()
    page.route(KEEP, lambda route: route.fulfill(**OTHERS_ANSWERS["a page"]))
    desk.write_and_leave_the_field("誰が受け取ったのか。")
    expect(desk.status).to_contain_text("サーバーにつながりません。この端末に")
    assert local_autosaves(desk) == 1
