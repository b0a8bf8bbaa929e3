"""The writing room: where the parts of a form stand, what keys do to it, and how few clicks a day's work takes."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import ADMINS_OWN, violations
from tests.browser.desk import ADD
from tests.browser.newsroom import choose_section, count_clicks, find_at_start
from tests.sites.content import LONG_TITLE

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


def box_of(part: Locator) -> tuple[float, float, float]:
    box = part.bounding_box()
    return box["x"], box["y"], box["width"]


def test_text_has_the_room_and_the_rail_and_the_buttons_stay_beside_it(at_desk):
    desk = at_desk("room")
    page = desk.open(desk.own_article)
    rail, bar = page.get_by_role("complementary", name="記事の設定"), page.get_by_role("group", name="保存と公開")
    assert box_of(desk.text)[2] > 850
    assert box_of(rail)[0] > sum(box_of(desk.text)[::2])
    assert in_sight(bar.get_by_role("button", name="公開せずに保存"))
    links = rail.get_by_role("region", name="この記事").get_by_role("listitem")
    assert all(link.bounding_box()["height"] > 30 for link in links.all())  # each above its own rule
    expect(page.get_by_role("navigation", name="パンくずリスト")).to_be_hidden()
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    page.keyboard.press("Control+Alt+m")
    expect(page.locator("#nav-sidebar")).to_be_visible()
    page.get_by_role("button", name="メニュー", expanded=True).click()
    expect(page.locator("#nav-sidebar")).to_be_hidden()

    desk.text.focus()
    page.keyboard.press("Control+Alt+Enter")
    expect(rail).to_be_hidden()
    expect(bar).to_be_hidden()
    expect(page.locator("#id_title")).to_be_visible()
    assert violations(page, without=ADMINS_OWN) == {}
    page.keyboard.press("Escape")
    expect(rail).to_be_visible()
    expect(desk.text).to_be_focused()

    for width in (320, 390, 768):
        desk.tab.resize(width)
        assert desk.tab.overflow() == []
        assert box_of(rail)[1] > box_of(desk.text)[1]
        assert in_sight(bar.get_by_role("button", name="公開せずに保存"))


def test_tools_and_views_are_one_stop_between_the_standfirst_and_the_text(at_desk):
    desk = at_desk("room")
    page = desk.open(desk.own_article)
    tools, preview = page.get_by_role("toolbar", name="書式と表示"), page.get_by_role("button", name="プレビュー")
    page.locator("#id_excerpt").focus()
    page.keyboard.press("Tab")
    expect(tools.get_by_role("button", name="太字")).to_be_focused()
    page.keyboard.press("Tab")
    expect(desk.text).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowLeft")
    expect(preview).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="太字")).to_be_focused()

    preview.click()  # with a pointer, which moves no focus
    page.locator("#id_excerpt").focus()
    page.keyboard.press("Tab")
    expect(tools.get_by_role("button", name="本文")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(preview).to_be_focused()
    assert violations(page, without=ADMINS_OWN) == {}
    tools.get_by_role("button", name="本文").click()


def test_many_findings_make_no_long_page_of_a_phone(at_desk):
    desk = at_desk("room")
    desk.tab.resize(390)
    page = desk.open(ADD)
    desk.write("\n\n".join(f"[{number}](/2020/01/01/none-{number}/)" for number in range(40)))
    findings = page.locator(".finding:visible")
    expect(findings.nth(39)).to_be_visible()
    height = "document.querySelector('[data-findings]').offsetHeight"
    assert page.evaluate(height) < 2 * page.evaluate("innerHeight")
    findings.last.scroll_into_view_if_needed()
    assert in_sight(findings.last.locator("a"))
    assert violations(page, without=ADMINS_OWN) == {}


def test_reason_of_a_return_takes_one_line_until_somebody_writes_it(at_desk):
    desk = at_desk("room", width=1024)
    page = desk.open(f"{desk.address_of(LONG_TITLE)}change/")
    reason = page.get_by_label("差し戻しの理由")
    assert reason.evaluate("field => field.offsetHeight") < 48
    keeping, leaving = page.get_by_role("button", name="保存", exact=True), page.get_by_role("link", name="削除")
    assert abs(box_of(keeping)[1] - box_of(leaving)[1]) < 8, "the way out needs no line of its own"
    reason.focus()
    assert reason.evaluate("field => field.offsetHeight") > 80
    page.keyboard.type("出典を足してください。")
    desk.text.focus()
    assert reason.evaluate("field => field.offsetHeight") > 80


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
    expect(line).to_contain_text("URL名：gemini-3／検索エンジン向けの説明：検索する人のための説明です。")
    related = page.locator("[data-room-group=rows]")
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


def test_room_with_nothing_but_text_still_says_what_became_of_it(at_desk):
    desk = at_desk("room")
    page = desk.open(desk.own_article)
    desk.write_and_leave_the_field("\n控えに残る文。")
    desk.new_window(desk.own_article)
    page = desk.page
    page.keyboard.press("Control+Alt+Enter")
    expect(desk.offers.first).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".room--focus")).to_have_count(1)
    expect(page.locator(".messagelist")).to_be_visible()
    expect(page.locator("#header")).to_be_hidden()


def test_key_that_leaves_something_else_does_not_leave_the_room_with_nothing_but_text(at_desk):
    desk = at_desk("room")
    page = desk.open(ADD)
    room = page.locator(".room--focus")
    desk.text.fill("| 年 | 売上 |\n| --- | --- |\n| 2025 | 10 |")
    desk.text.press("ControlOrMeta+Home")
    page.keyboard.press("Control+Alt+Enter")
    page.keyboard.press("ControlOrMeta+f")
    desk.text.focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("search", name="本文の検索と置換")).to_be_hidden()
    expect(room).to_have_count(1)
    page.keyboard.press("Escape")  # the table
    expect(room).to_have_count(1)
    page.keyboard.press("Escape")
    expect(room).to_have_count(0)


def test_title_is_one_line_however_tall_and_enter_leads_on(at_desk):
    desk = at_desk("room")
    page = desk.open(ADD)
    page.focus("#id_title")
    page.keyboard.type("一行の題")
    low = page.locator("#id_title").bounding_box()["height"]
    page.keyboard.press("Enter")
    assert page.input_value("#id_title") == "一行の題"
    assert page.evaluate(f"{FOCUSED}.id") == "id_excerpt"
    page.fill("#id_title", "とても長い題" * 16)
    assert page.locator("#id_title").bounding_box()["height"] > 1.5 * low
    assert page.evaluate("(t => t.scrollHeight <= t.clientHeight + 1)(document.querySelector('#id_title'))")


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


def test_stop_of_the_tools_is_never_a_button_that_a_narrower_window_hides(at_desk):
    desk = at_desk("room")
    page = desk.open(desk.own_article)
    page.locator("[data-view=side]").press("Enter")
    page.focus("#id_excerpt")
    page.set_viewport_size({"width": 900, "height": 800})
    expect(page.locator("[data-view=side]")).to_be_hidden()
    expect(page.locator(".editor__head button[tabindex='0']").locator("visible=true")).to_have_count(1)
