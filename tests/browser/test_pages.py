"""Static pages as editors see them: two of them lose nothing, a closed window keeps the text, a move is asked about."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.newsroom import compose, faults, follow, press
from tests.browser.tab import Tab

pytestmark = pytest.mark.sqlite

ADD = "/admin/blog/page/add/"
SAVED = ".messagelist .success"


@pytest.fixture
def reader(make_context, serve):
    with make_context() as context:
        tab = Tab(context)

        def read(path: str, status: int = 200) -> str:
            """The text of the page for a user without an account."""
            tab.open(serve("desk"), path, status)
            return tab.page.locator("main").inner_text()

        yield read


def make_page(desk: Desk, title: str, path: str, text: str) -> str:
    """Adds a public page and returns the path of its form."""
    page = desk.open(ADD)
    page.fill("#id_title", title)
    page.fill("#id_path", path)
    desk.write(text)
    page.check("#id_is_published")
    page.locator("[name=_save]").first.click()
    page.wait_for_selector(SAVED)
    return page.url.removeprefix(desk.origin)


def test_two_editors_of_one_page_lose_nothing_and_an_old_version_comes_back(at_desk, reader):
    first, second = at_desk("pages"), at_desk("pager")
    form = make_page(first, "会社案内", "/company/", "はじめの文。")
    for desk in (first, second):
        desk.open(form)
    compose(first, "さき", "先に保存した文。")
    first.page.fill("#id_title", "先の会社案内")
    first.save()
    second.page.fill("#id_title", "後の会社案内")
    second.unfold("検索・共有")
    second.page.fill("#id_description", "後から書いた説明。")
    second.page.click("[name=_save]")

    page = second.page
    expect(page.get_by_role("status")).to_contain_text("この固定ページが保存されました")
    page.locator("summary", has_text="相手が変えたところ").click()
    expect(page.locator("ins", has_text="先に保存した文。")).to_be_visible()
    page.get_by_role("group", name="タイトル").get_by_label("自分の内容にする").check()
    press(second, "統合して保存", "統合して保存しました")
    assert second.page.input_value("#id_description") == "後から書いた説明。"
    words = reader("/company/")
    assert "後の会社案内" in words
    assert "先に保存した文。" in words

    first.open(form)
    follow(first, "履歴", ".object-tools")
    follow(first, "第1版", ".versions")
    with first.page.expect_popup() as shown:
        first.page.get_by_role("link", name="この版をページで見る").click()
    expect(shown.value.locator("main")).to_contain_text("はじめの文。")
    shown.value.close()
    press(first, "この版に戻す", "第1版の内容に戻しました")
    words = reader("/company/")
    assert "会社案内" in words
    assert "先に保存した文。" not in words
    assert faults(first.tab) + faults(second.tab) == []


def test_text_of_a_window_that_was_closed_is_offered_and_is_that_of_the_page(at_desk):
    desk = at_desk("pages")
    form = make_page(desk, "採用情報", "/jobs/", "はじめの文。")
    desk.open(form)
    desk.write_and_leave_the_field("閉じる前に書いた。")
    expect(desk.status).to_contain_text("下書きを")
    desk.page.close(run_before_unload=False)

    desk.new_window("/admin/blog/post/add/")
    expect(desk.offers).to_have_count(0)
    desk.open(form)
    assert desk.text.input_value() == "はじめの文。"
    expect(desk.offers).to_have_count(1)
    desk.offers.first.get_by_role("button", name="復元").click()
    expect(desk.status).to_contain_text("固定ページはまだ保存していません")
    assert desk.text.input_value() == "はじめの文。閉じる前に書いた。"
    desk.wait_for_preview("閉じる前に書いた。")
    previewed = desk.article_in_preview()
    desk.save()
    assert desk.published_article("/jobs/") == previewed
    desk.open(form)
    expect(desk.offers).to_have_count(0)
    assert faults(desk.tab) == []


def test_move_of_a_public_page_is_asked_about_and_leaves_a_redirect(at_desk, reader):
    desk = at_desk("pages")
    form = make_page(desk, "お問い合わせ", "/inquiry/", "はじめの文。")
    page = desk.open(form)
    page.fill("#id_path", "/toiawase/")
    desk.write("一緒に直した文。")
    page.click("[name=_save]")
    expect(page.locator(".errornote + .errorlist, .errorlist.nonfield").first).to_contain_text("URLが変わります")
    question = page.get_by_role("region", name="URLの変更")
    expect(question).to_contain_text("/inquiry/")
    expect(question).to_contain_text("/toiawase/")
    assert "一緒に直した文。" not in reader("/inquiry/")
    question.get_by_role("checkbox").check()
    desk.save()
    assert "一緒に直した文。" in reader("/toiawase/")
    reader("/inquiry/")
    assert faults(desk.tab) == []
