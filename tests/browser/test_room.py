"""The writing room: where the parts of a form stand, what keys do to it, and how few clicks a day's work takes."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import ADMINS_OWN, violations
from tests.browser.desk import ADD
from tests.browser.newsroom import choose_section, count_clicks, find_at_start

pytestmark = pytest.mark.sqlite

FOCUSED = "document.activeElement"
# Whether an element lies within the window and nothing covers its middle.
IN_SIGHT = """element => {
  const box = element.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const hit = document.elementFromPoint(x, y);
  return box.top >= 0 && box.bottom <= innerHeight && (element.contains(hit) || Boolean(hit?.contains(element)));
}"""


def in_sight(part: Locator) -> bool:
    return part.evaluate(IN_SIGHT)


def test_folded_groups_say_what_they_hold(at_desk):
    desk = at_desk("room")
    page = desk.open(ADD)
    group = page.locator("[data-room-group]", has_text="URL・検索・共有")
    line = group.locator("summary")
    expect(line).to_contain_text("なし")
    line.click()
    page.fill("#id_slug", "gemini-3")
    page.fill("#id_title", "【速報】" + "長い題" * 12)
    page.fill("#id_description", "検索する人のための説明です。")
    expect(page.get_by_role("region", name="検索結果での見え方")).to_contain_text("gemini-3")
    expect(page.locator("[data-found-title]")).to_have_text("【速報】" + "長い題" * 9 + "…")
    expect(page.locator("[data-found-description]")).to_have_text("検索する人のための説明です。")
    expect(page.get_by_role("region", name="共有したときのカード")).to_contain_text("長い題" * 12)
    expect(page.locator("#id_description_width")).to_have_text("14字（検索結果に出るのは120字ほど）")
    assert violations(page, without=ADMINS_OWN) == {}
    line.click()
    expect(line).to_contain_text("変更あり（保存前）")
    related = page.locator("[data-room-group]", has_text="関連記事")
    expect(related.locator("summary")).to_contain_text("なし")


def test_first_error_of_a_refused_save_has_the_focus_and_its_group_is_open(at_desk):
    desk = at_desk("room")
    page = desk.open(desk.own_article)
    page.locator("summary", has_text="URL・検索・共有").click()
    page.fill("#id_slug", "AI News")
    page.locator("summary", has_text="URL・検索・共有").click()
    page.keyboard.press("Control+s")
    page.wait_for_selector(".errornote")
    slug = page.get_by_label("URL名")
    expect(slug).to_be_focused()
    assert in_sight(slug)
    expect(page.locator(".room-faults").get_by_role("link", name="URL名")).to_have_attribute("href", "#id_slug")
    slug.fill("room")
    desk.text.fill("")
    page.get_by_role("button", name="公開中の記事に反映する").click()
    page.wait_for_selector(".errornote")
    expect(desk.text).to_be_focused()

    desk.tab.resize(390)
    page = desk.open(ADD)
    page.fill("#id_title", "題だけ")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".errornote")
    expect(page.get_by_role("combobox", name="セクション")).to_be_focused()
    assert in_sight(page.get_by_role("combobox", name="セクション"))
    rail = page.get_by_role("complementary", name="記事の設定").bounding_box()
    row = page.locator(".field-category .related-widget-wrapper").bounding_box()
    assert row["x"] + row["width"] <= rail["x"] + rail["width"]


def test_key_saves_without_leaving_and_the_caret_stays(at_desk):
    desk = at_desk("room")
    page = desk.open(desk.own_article)
    desk.write("\nキーで保存した文。")
    desk.text.evaluate("text => text.setSelectionRange(3, 5)")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("公開せずに保存しました")
    expect(desk.text).to_be_focused()
    assert desk.text.evaluate("text => [text.selectionStart, text.selectionEnd]") == [3, 5]
    assert desk.text.input_value().endswith("キーで保存した文。")
    follow_changes = page.get_by_role("link", name="違いを見る・反映する・破棄する")
    expect(follow_changes).to_be_visible()


def test_article_is_written_submitted_scheduled_and_corrected_in_few_clicks(at_desk):
    writer = at_desk("typist")
    writer.open("/admin/")
    clicks = count_clicks(writer)
    writer.open("/admin/")
    writer.page.get_by_role("link", name="新しい記事を書く").click()
    writer.page.wait_for_url("**/add/")
    expect(writer.page.locator("#id_title")).to_be_focused()
    writer.page.keyboard.type("少ない手数で書く")
    writer.page.fill("#id_excerpt", "少ない手数で書きます。")
    writer.page.fill("textarea.editor__text", "本文です。")
    choose_section(writer, "市場")
    writer.page.get_by_role("button", name="確認に出す").click()
    expect(writer.page.locator(".messagelist")).to_contain_text("確認に出しました")
    assert len(clicks) <= 4

    chief = at_desk("planner", width=1280)
    chief.open("/admin/")
    clicks = count_clicks(chief)
    find_at_start(chief, "確認待ち", "少ない手数で書く")
    bar = chief.page.get_by_role("group", name="保存と公開")
    for part in (bar.get_by_label("日付"), bar.get_by_label("時刻"), bar.get_by_label("差し戻しの理由")):
        assert in_sight(part)
    bar.get_by_label("日付").fill("2026-12-01")
    bar.get_by_label("時刻").fill("07:30")
    bar.get_by_role("button", name="予約する").click()
    expect(chief.page.locator(".messagelist")).to_contain_text("公開するよう予約しました")
    assert len(clicks) <= 4
    assert chief.page.evaluate("scrollY") == 0

    chief.open(chief.own_article)
    clicks.clear()
    chief.write("直した文。")
    chief.page.get_by_role("button", name="公開中の記事に反映する").click()
    expect(chief.page.locator(".messagelist")).to_contain_text("を変更しました")
    assert len(clicks) <= 2  # and one more opens the article from its list


def test_phone_unfolds_the_steps_and_without_scripts_everything_is_there(at_desk):
    desk = at_desk("room", width=390)
    page = desk.open(ADD)
    publish = page.get_by_role("button", name="公開する")
    expect(publish).to_be_hidden()
    page.locator("summary", has_text="公開・確認へ進む").click()
    assert in_sight(publish)
    assert in_sight(page.get_by_role("button", name="予約する"))
    page.locator("summary", has_text="公開・確認へ進む").click()
    desk.text.press("ControlOrMeta+f")
    panel = page.get_by_role("search", name="本文の検索と置換")
    before, after = (panel.get_by_role("button", name=name).bounding_box() for name in ("前へ", "次へ"))
    assert before["y"] == after["y"] > panel.get_by_label("探す言葉").bounding_box()["y"]
    assert desk.tab.overflow() == []
    assert desk.tab.faults == []

    plain = at_desk("room", width=390, java_script_enabled=False)
    page = plain.open(ADD)
    for name in ("保存", "公開する", "予約する"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("navigation", name="パンくずリスト")).to_be_visible()
    page.fill("#id_title", "題だけ")
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator(".room-faults").get_by_role("link", name="セクション").click()
    assert page.url.endswith("#id_category")
