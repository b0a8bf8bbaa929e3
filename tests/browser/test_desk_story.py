"""The life of articles at the desk, as writers, editors and readers see it."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.axe import ADMINS_OWN, violations
from tests.browser.desk import Desk
from tests.browser.newsroom import (
    choose_section,
    compose,
    count_clicks,
    faults,
    find_at_start,
    follow,
    press,
    timeless,
)
from tests.browser.tab import Tab, pasted
from tests.browser.test_keyboard import stop_at
from tests.sites.content import photograph
from tests.sites.editors import PASSWORD

pytestmark = pytest.mark.sqlite

TITLE = "決算短信を読む"
ARTICLE = "/2026/11/25/決算短信を読む/"
SAID_LIVE = "を変更しました"


@pytest.fixture
def reader(make_context, serve):
    with make_context() as context:
        tab = Tab(context)

        def read(path: str, status: int = 200) -> str:
            """The text of the page for a user without an account."""
            tab.open(serve("desk"), path, status)
            assert tab.faults == []
            return tab.page.locator("main").inner_text()

        yield read


def drop_picture(desk: Desk, alt: str) -> None:
    desk.give("drop", ("chart.jpg", "image/jpeg", photograph()))
    desk.dialog.get_by_label("代替テキスト", exact=True).fill(alt)
    desk.dialog.get_by_role("button", name="入れる").click()
    expect(desk.page.locator("dialog[open]")).to_have_count(0)


def test_article_goes_from_its_writer_through_review_and_a_date_to_its_readers(at_desk, reader):
    writer = at_desk("writer")
    writer.open("/admin/")
    follow(writer, "新しい記事を書く")
    compose(writer, "ｋ", "けっさん", TITLE, into="#id_title")
    compose(writer, "りーど", "数字の順に読みます。", into="#id_excerpt")
    choose_section(writer, "市場")
    compose(writer, "ｈ", "はじめに", "はじめに売上を見ます。")
    drop_picture(writer, "売上の推移")
    writer.wait_for_preview("はじめに売上を見ます。")
    press(writer, "確認に出す", "確認に出しました")
    assert writer.page.get_by_role("button", name="公開する").count() == 0

    chief = at_desk("chief")
    find_at_start(chief, "確認待ち", TITLE)
    chief.page.fill("#id_reason", "利益率にも触れてください。")
    press(chief, "差し戻す", "差し戻しました")

    find_at_start(writer, "差し戻し", TITLE)
    expect(writer.page.get_by_role("region", name="状態")).to_contain_text("利益率にも触れてください。")
    compose(writer, "\n\nりえき", "\n\n利益率も見ます。")
    writer.wait_for_preview("利益率も見ます。")
    previewed = writer.article_in_preview()
    press(writer, "確認に出す", "確認に出しました")
    assert faults(writer.tab) == []
    writer.open("/admin/")  # a check that is asked for again once the article is out is refused, as it should be

    find_at_start(chief, "確認待ち", TITLE)
    follow(chief, "履歴", ".object-tools")
    expect(chief.page.locator(".versions")).to_contain_text("差し戻しの理由：利益率にも触れてください。")
    find_at_start(chief, "確認待ち", TITLE)
    chief.page.get_by_label("日付").fill("2026-11-24")
    chief.page.get_by_label("時刻").fill("09:00")
    chief.page.get_by_role("button", name="予約する").click()
    expect(chief.page.locator(".field-publish_at")).to_contain_text("過ぎた日時には予約できません")
    chief.page.get_by_label("日付").fill("2026-11-26")
    press(chief, "予約する", "公開するよう予約しました")
    reader(ARTICLE, 404)

    find_at_start(chief, "公開予約", TITLE)
    press(chief, "公開する", "公開しました")
    assert "利益率も見ます。" in reader(ARTICLE)
    assert TITLE in reader("/")
    assert timeless(previewed) == timeless(writer.published_article(ARTICLE))
    assert faults(writer.tab) + faults(chief.tab) == []


def test_two_editors_of_one_article_lose_nothing_and_an_old_version_comes_back(at_desk, reader):
    chief, deputy = at_desk("chief"), at_desk("deputy")
    form = chief.own_article
    for desk in (chief, deputy):
        desk.open(form)
    compose(chief, "さき", "先に保存した文。")
    chief.page.fill("#id_excerpt", "先のリード文。")
    press(chief, "公開中の記事に反映する", SAID_LIVE)
    deputy.page.fill("#id_excerpt", "後のリード文。")
    deputy.page.fill("#id_title", "後から直した題")
    deputy.page.get_by_role("button", name="公開中の記事に反映する").click()

    page = deputy.page
    page.wait_for_url("**/merge/")
    expect(page.get_by_role("status")).to_contain_text("あなたが編集しているあいだに")
    page.locator("summary", has_text="相手が変えたところ").click()
    expect(page.locator("ins", has_text="先に保存した文。")).to_be_visible()
    page.get_by_role("group", name="リード文").get_by_label("自分の内容にする").check()
    page.get_by_label("公開中の記事に反映する").first.check()
    press(deputy, "統合して保存", "統合して保存しました")
    words = reader("/2026/04/01/chief/")
    assert all(part in words for part in ("先に保存した文。", "後のリード文。", "後から直した題"))

    chief.open(form)
    follow(chief, "履歴", ".object-tools")
    for version in ("第3版を比べる", "第1版を比べる"):
        chief.page.get_by_label(version, exact=True).check()
    chief.page.get_by_role("button", name="選んだ2つの版を比べる").click()
    expect(chief.page.locator("ins", has_text="先に保存した文。")).to_be_visible()
    chief.open(form)
    follow(chief, "履歴", ".object-tools")
    follow(chief, "第2版", ".versions")
    press(chief, "戻して、公開中の記事に反映する", "第2版の内容に戻しました")
    words = reader("/2026/04/01/chief/")
    assert "chiefの記事" in words
    assert "先に保存した文。" not in words
    assert faults(chief.tab) + faults(deputy.tab) == []


def test_change_over_a_live_article_is_shown_to_a_guest_and_then_to_everybody(at_desk, reader):
    deputy = at_desk("deputy")
    form = deputy.own_article
    deputy.open(form)
    compose(deputy, "みこう", "まだ公開しない文。")
    press(deputy, "公開せずに保存", "公開せずに保存しました")
    assert "まだ公開しない文。" not in reader("/2026/04/01/deputy/")

    deputy.open(form)
    follow(deputy, "プレビュー用リンク")
    deputy.page.get_by_label("渡す相手").fill("監修の方")
    press(deputy, "作る", "リンクを作りました")
    url = deputy.page.get_by_label("監修の方のURL").input_value()
    deputy.context.grant_permissions(["clipboard-write"])
    deputy.page.get_by_role("button", name="URLをコピー").click()
    expect(deputy.page.get_by_role("button", name="コピーしました")).to_be_visible()
    assert pasted(deputy.page) == url
    link = urlsplit(url).path
    assert "まだ公開しない文。" in reader(link)

    deputy.open(form)
    follow(deputy, "違いを見る・反映する・破棄する")
    expect(deputy.page.locator("ins", has_text="まだ公開しない文。")).to_be_visible()
    press(deputy, "公開中の記事に反映する", "公開前の変更を記事に反映しました")
    assert "まだ公開しない文。" in reader("/2026/04/01/deputy/")

    follow(deputy, "プレビュー用リンク")
    press(deputy, "取り消す", "リンクを取り消しました")
    reader(link, 404)
    assert faults(deputy.tab) == []


def test_writer_proposes_a_change_of_a_live_article_and_an_editor_brings_it_out(at_desk, reader):
    article, title = "/2026/04/01/columnist/", "columnistの記事"
    writer = at_desk("columnist")
    writer.open("/admin/")
    clicks = count_clicks(writer)
    writer.open("/admin/")
    writer.page.get_by_role("searchbox").fill(title)
    writer.page.keyboard.press("Enter")
    writer.page.get_by_role("link", name=title).first.click()
    expect(writer.page.get_by_role("region", name="状態")).to_contain_text("編集者が反映するまで読者に見えません")
    bar = writer.page.get_by_role("group", name="保存と公開")
    expect(bar.get_by_role("button")).to_have_attribute("value", "変更を提案する")  # the only one
    writer.write_and_leave_the_field("筆者が足した文。")
    writer.wait_for_preview("筆者が足した文。")
    press(writer, "変更を提案する", "変更を提案しました")
    assert len(clicks) <= 3
    expect(writer.page.get_by_role("region", name="公開前の変更")).to_contain_text("columnistが保存した")
    assert "筆者が足した文。" not in reader(article)

    chief = at_desk("chief")
    chief.open("/admin/")
    waiting = chief.page.get_by_role("region", name="公開前の変更")
    expect(waiting).to_contain_text("columnistさんが")
    waiting.get_by_role("listitem").filter(has_text=title).get_by_role("link", name="見て反映する").click()
    expect(chief.page.locator("ins", has_text="筆者が足した文。")).to_be_visible()
    press(chief, "公開中の記事に反映する", "公開前の変更を記事に反映しました")
    assert "筆者が足した文。" in reader(article)

    follow(writer, "違いを見る")
    expect(writer.page.locator("ins", has_text="筆者が足した文。")).to_be_visible()
    assert faults(writer.tab) + faults(chief.tab) == []
    writer.page.go_back()
    assert violations(writer.page, without=ADMINS_OWN) == {}


def test_article_is_written_and_submitted_with_the_keyboard_alone(make_context, serve):
    with make_context(1280) as context:
        tab = Tab(context)
        tab.open(serve("desk"), "/admin/login/?next=/admin/")
        page, keys = tab.page, tab.page.keyboard

        def go_to(html: str) -> None:
            """Every stop on the way can be seen to be one. A tall field may have its middle beyond the window."""
            stops = []
            stop_at(page, lambda stop: stops.append(stop) or html in stop["html"])
            small = [stop for stop in stops if not stop["html"].startswith(("<textarea", "<iframe"))]
            assert [stop["html"] for stop in small if not (stop["marked"] and stop["in_sight"])] == []

        expect(page.locator("#id_username")).to_be_focused()  # as the page is painted first
        keys.type("typist")
        keys.press("Tab")
        keys.type(PASSWORD)
        keys.press("Enter")
        page.wait_for_selector(".board")
        go_to(">新しい記事を書く<")
        keys.press("Enter")
        page.wait_for_url("**/add/")
        page.wait_for_selector(".field-category .select2-selection[aria-label]")
        expect(page.locator("#id_title")).to_be_focused()
        keys.type("キーだけで書く")
        go_to("editor__text")
        keys.type("手を離さずに書きます。")
        go_to("select2-selection")
        expect(page.get_by_role("combobox", name="セクション")).to_be_focused()
        keys.press("Enter")
        page.locator(".select2-search__field:focus").wait_for()  # it takes the words only once it has the focus
        keys.type("市場")
        page.locator(".select2-results__option--highlighted", has_text="市場").wait_for()
        keys.press("Enter")
        go_to('name="_submit"')
        keys.press("Enter")
        expect(page.locator(".messagelist")).to_contain_text("確認に出しました")
        assert faults(tab) == []
