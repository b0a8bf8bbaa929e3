"""A redirect that an editor makes, changes and deletes."""

import pytest
from playwright.sync_api import expect

from tests.browser.newsroom import follow, press

pytestmark = pytest.mark.sqlite

MADE = "/admin/blog/permalink/?kind=handmade"


def test_editor_makes_a_redirect_corrects_it_and_takes_it_away_again(at_desk):
    desk = at_desk("redirects")
    page = desk.open("/admin/blog/permalink/add/")

    def end(path: str) -> tuple[int, str]:
        answer = desk.context.request.get(desk.origin + path, max_redirects=0)
        return answer.status, answer.headers.get("location", "")

    page.locator("#id_path").fill("/old?id=3")
    page.locator("#id_target").fill("/nowhere/")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".field-path .errorlist")).to_contain_text("「?」と「#」は使えません")
    page.locator("#id_path").fill("/old/")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".field-target .errorlist")).to_contain_text("読者が読めるページがありません")
    page.locator("#id_target").fill("/archive/")
    press(desk, "保存", "/old/")
    assert end("/old/?id=3") == (301, "/archive/?id=3")

    desk.open(MADE)
    follow(desk, "/old/", within="#result_list")
    page.locator("#id_path").fill("/older/")
    press(desk, "保存", "/older/")
    assert [end(path) for path in ("/old/", "/older/")] == [(404, ""), (301, "/archive/")]

    desk.open(MADE)
    follow(desk, "/older/", within="#result_list")
    follow(desk, "削除", within=".submit-row")
    press(desk, "削除する", "削除しました")
    assert end("/older/") == (404, "")


def test_path_of_an_article_and_of_a_changed_address_cannot_be_deleted(at_desk):
    desk = at_desk("redirects")
    page = desk.open("/admin/blog/permalink/?q=/2026/04/01/redirects/")
    follow(desk, "/2026/04/01/redirects/", within="#result_list")
    expect(page.locator(".submit-row")).not_to_contain_text("削除")
