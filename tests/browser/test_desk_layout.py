"""How the parts of the desk's pages stand to each other."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import ADMINS_OWN, AXE_SCRIPT, each_theme, faint, show_theme, violations
from tests.browser.desk import ADD
from tests.browser.newsroom import choose_section, follow, press

pytestmark = pytest.mark.sqlite

# How far the heading of each column stands from the left edge of the cell below it.
OFF = """table => {
  const left = cell => cell.getBoundingClientRect().left;
  const [heads, cells] = ["thead th", "tbody tr.form-row:not(.empty-form) td"].map(
    cells => [...table.querySelectorAll(cells)].filter(cell => cell.offsetWidth > 0));
  return heads.map((head, number) => Math.round(Math.abs(left(head) - left(cells[number]))));
}"""
# The days in a list that are broken over two lines.
BROKEN = r"""list => [...list.querySelectorAll("tbody :is(th, td)")].filter(cell => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text; (text = texts.nextNode());) {
    const day = text.data.match(/\d+年\d+月\d+日/);
    if (!day) continue;
    range.setStart(text, day.index);
    range.setEnd(text, day.index + day[0].length);
    if (new Set([...range.getClientRects()].map(({top}) => top)).size > 1) return true;
  }
}).map(cell => cell.innerText)"""


def test_related_article_is_chosen_under_its_heading_in_a_field_that_shows_its_title(at_desk):
    desk = at_desk("layout")
    page = desk.open(desk.own_article)
    desk.unfold("関連記事")
    page.locator(".inline-group .add-row a").first.click()
    off = page.locator(".inline-group table").first.evaluate(OFF)
    assert len(off) == 4
    assert max(off) <= 1
    row = page.locator(".inline-group tr.form-row:not(.empty-form)").first
    for width, least in ((1280, 400), (1024, 400), (768, 400), (390, 250), (320, 180)):
        desk.tab.resize(width)
        assert row.locator(".select2-container").bounding_box()["width"] > least
        assert desk.tab.overflow() == []


def test_long_title_in_front_makes_the_page_no_wider_than_the_window(looking_desk):
    desk = looking_desk()
    page = desk.open("/admin/blog/frontpick/")
    assert "巻頭の記事" in page.locator(".places__post").first.inner_text()
    for width in (390, 768, 1280):
        desk.tab.resize(width)
        assert desk.tab.overflow() == []


def test_no_list_is_cut_in_a_window_of_1024_pixels_or_more(looking_desk):
    desk = looking_desk()
    for name in ("post/", "post/?state=published", "image/", "tag/", "author/", "page/", "permalink/"):
        page = desk.open(f"/admin/blog/{name}")
        for width in (1024, 1100, 1200, 1280):
            desk.tab.resize(width)
            cut = page.locator("#result_list").evaluate("list => list.offsetWidth - list.parentElement.clientWidth")
            assert cut <= 0, (name, width)


def test_no_list_scrolls_sideways_on_a_phone(looking_desk):
    desk = looking_desk(width=390)
    for name in ("post", "image", "tag", "taggroup", "category", "author", "page", "houseword", "permalink"):
        page = desk.open(f"/admin/blog/{name}/")
        assert page.locator(".results").evaluate("box => box.scrollWidth - box.clientWidth") == 0, name


def test_article_is_duplicated_from_its_form_and_the_draft_opens(at_desk):
    desk = at_desk("layout")
    page = desk.open(desk.own_article)
    press(desk, "複製する", "「layoutの記事」を複製しました")
    expect(page.locator("#id_title")).to_have_value("layoutの記事（複製）")
    expect(page.get_by_role("region", name="状態")).to_contain_text("まだ公開していません。")
    desk.tab.resize(390)
    assert desk.tab.overflow() == []


def ask(desk, step):
    """Opens the page that asks before a step of an article in review."""
    page = desk.open("/admin/blog/post/?state=in_review")
    page.locator(".action-select").first.check()
    page.select_option("[name=action]", step)
    page.click("[name=index]")
    page.wait_for_selector("[name=confirmed]")
    return page


def test_day_and_time_of_a_step_stand_side_by_side(looking_desk):
    page = ask(looking_desk(), "schedule")
    page.set_viewport_size({"width": 1280, "height": 900})
    day, time = (page.locator(f"input[type={kind}]").bounding_box() for kind in ("date", "time"))
    assert day["y"] == time["y"]
    assert day["x"] + day["width"] < time["x"]


def test_what_is_wrong_stands_over_the_field(looking_desk):
    desk = looking_desk()
    page = ask(desk, "return")
    page.locator("#id_reason").evaluate("field => field.form.noValidate = true")
    page.click("[name=confirmed]")
    for width in (390, 1280):
        desk.tab.resize(width)
        assert_above(page.locator(".errorlist"), page.locator("#id_reason"))


def assert_above(words, field):
    words, field = words.bounding_box(), field.bounding_box()
    assert abs(words["x"] - field["x"]) <= 1
    assert words["y"] < field["y"]


def test_new_password_of_a_user_has_room_and_what_is_wrong_stands_over_it(looking_desk):
    desk = looking_desk("keeper")
    page = desk.open("/admin/auth/user/?q=screens")
    form = page.locator("#result_list tbody th a").first.get_attribute("href").partition("?")[0]
    page = desk.open(form.replace("change/", "password/"))
    page.locator("#user_form").evaluate("form => form.noValidate = true")
    page.click("#user_form [name=set-password]")
    for width in (390, 1280):
        desk.tab.resize(width)
        field = page.locator("#id_password1")
        assert_above(page.locator(".field-password1 .errorlist"), field)
        assert field.bounding_box()["width"] > 300


def test_link_that_looks_like_a_button_is_not_underlined_in_focus(looking_desk):
    page = ask(looking_desk(), "return")
    link = page.locator(".submit-row a.button")
    link.focus()
    expect(link).to_have_css("text-decoration-line", "none")


def test_phone_shows_the_button_below_the_texts_of_a_picture(looking_desk):
    desk = looking_desk()
    desk.tab.resize(390)
    page = desk.open()
    page.get_by_role("button", name="画像の一覧").click()
    page.locator(".library__picture").first.click()
    expect(page.get_by_role("button", name="本文に入れる")).to_be_in_viewport(ratio=1)


def test_code_that_is_only_looked_at_keeps_its_indentation(looking_desk):
    desk = looking_desk("typist")
    desk.open("/admin/blog/post/?q=巻頭の記事")
    shown = follow(desk, "長い題名", within="#result_list").locator(".field-body .readonly").inner_text()
    assert "if 値:\n    return 値\n\treturn 0" in shown


def test_open_chooser_keeps_its_height_on_a_phone_and_can_be_read_in_both_themes(looking_desk):
    page = looking_desk(width=390).open("/admin/blog/post/add/")
    chooser = page.locator(".field-category .select2-selection")
    height = chooser.bounding_box()["height"]
    chooser.click()
    expect(page.locator(".select2-results__option--highlighted")).to_be_visible()
    assert chooser.bounding_box()["height"] == height >= 44
    page.evaluate(AXE_SCRIPT)
    assert [faint(page) for _ in each_theme(page)] == [[], []]


def test_keys_above_a_form_are_large_enough_for_a_finger(looking_desk):
    page = looking_desk(width=390).open("/admin/blog/post/add/")
    heights = [page.locator(key).first.bounding_box()["height"] for key in (".theme-toggle", ".room-key")]
    assert min(heights) >= 44


def test_search_field_of_the_board_has_the_colours_of_the_desk_in_the_dark(looking_desk):
    page = looking_desk().open("/admin/")
    show_theme(page, "dark")
    colours = """field => {
      const quiet = document.body.appendChild(document.createElement("p"));
      quiet.style.color = "var(--body-quiet-color)";
      return [getComputedStyle(field, "::placeholder").color === getComputedStyle(quiet).color,
              getComputedStyle(field).backgroundColor === getComputedStyle(document.body).backgroundColor];
    }"""
    assert page.locator("#desk-search").evaluate(colours) == [True, True]


def test_button_for_a_picture_stands_beside_its_chooser(looking_desk):
    page = looking_desk().open("/admin/blog/author/add/")
    chooser = page.locator(".field-avatar .related-widget-wrapper").bounding_box()
    button = page.locator(".field-avatar .library-choice button").bounding_box()
    assert 8 <= button["x"] - chooser["x"] - chooser["width"] < 24


def test_lists_that_stand_as_cards_on_a_phone_are_whole(looking_desk):
    desk = looking_desk("keeper", width=390)
    for name in ("blog/page/", "blog/permalink/?kind=post", "auth/user/", "admin/logentry/"):
        page = desk.open(f"/admin/{name}")
        assert page.locator(".results").evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        assert desk.tab.overflow() == []


def test_numbers_of_pages_are_large_enough_for_a_pointer(looking_desk):
    desk = looking_desk()
    numbers = """bar => {
      const others = [2, 3, 10].map(number => `<a href="?p=${number}">${number}</a>`);
      bar.innerHTML = `<span class="this-page">1</span> ${others.join(" ")} 400件`;
      return [...bar.querySelectorAll("a")].map(link => Math.min(link.offsetWidth, link.offsetHeight));
    }"""
    page = desk.open("/admin/blog/postfinding/")
    for width in (390, 1280):
        desk.tab.resize(width)
        assert min(page.locator(".paginator").evaluate(numbers)) >= 24
        assert violations(page, without=ADMINS_OWN) == {}


def test_numbers_of_pages_and_the_total_stay_whole_on_a_phone(looking_desk):
    desk = looking_desk(width=390)
    broken = """bar => {
      const links = [...Array(9).keys()].map(number => `<a href="?p=${number + 2}">${number + 2}</a>`).join("");
      bar.innerHTML = `<span class="this-page">1</span>${links} 4,900件 <a class="showall" href="">すべて表示</a>`;
      const range = document.createRange();
      return [...bar.childNodes].filter(part => {
        range.selectNodeContents(part);
        return range.getClientRects().length > 1;
      }).map(part => part.textContent);
    }"""
    assert desk.open("/admin/blog/post/").locator(".paginator").evaluate(broken) == []
    assert desk.tab.overflow() == []


def test_field_for_a_tag_is_as_wide_as_the_other_filters(looking_desk):
    page = looking_desk().open("/admin/blog/post/")
    tag, month = page.locator("#filter-tag"), page.get_by_label("公開した月")
    assert tag.bounding_box()["width"] == month.bounding_box()["width"]


def test_search_field_of_a_list_has_room_on_a_phone_after_a_search_too(looking_desk):
    desk = looking_desk(width=390)
    page = desk.open("/admin/blog/tag/?q=AI")
    field = page.locator("#searchbar").bounding_box()
    assert field["width"] > 200
    assert page.get_by_role("link", name="検索をやめる").bounding_box()["y"] > field["y"] + field["height"]


def test_kept_texts_are_offered_in_little_room_on_a_phone(at_desk):
    desk = at_desk("layout", width=390)
    desk.open()
    desk.write_and_leave_the_field("控えに残る文です。" * 8)
    desk.page.close(run_before_unload=False)
    page = desk.new_window(ADD)
    buttons = [desk.offers.first.get_by_role("button", name=name).bounding_box() for name in ("復元", "破棄")]
    assert buttons[0]["y"] == buttons[1]["y"]
    assert buttons[0]["x"] < buttons[1]["x"]
    more = "list => list.append(...Array.from({length: 20}, () => list.firstElementChild.cloneNode(true)))"
    desk.offers.first.locator("xpath=..").evaluate(more)
    expect(page.locator("#id_title")).to_be_in_viewport()
    assert violations(page, without=ADMINS_OWN) == {}
    page.on("dialog", lambda dialog: dialog.accept())
    offered = desk.offers.count()
    desk.offers.first.get_by_role("button", name="破棄").click()
    expect(desk.offers).to_have_count(offered - 1)


def test_check_box_and_its_words_stand_side_by_side(looking_desk):
    desk = looking_desk()
    page = desk.open("/admin/blog/tag/?q=AI")
    for box in page.locator(".action-select").all()[:2]:
        box.check()
    page.select_option("[name=action]", "merge")
    page.click("[name=index]")
    for width in (390, 1280):
        desk.tab.resize(width)
        box, words = (page.locator(part).bounding_box() for part in ("[type=checkbox]", ".vCheckboxLabel"))
        assert box["x"] + box["width"] <= words["x"]
        assert words["y"] <= box["y"] + box["height"] / 2 <= words["y"] + words["height"]
    assert words["height"] < 2 * box["height"] + 8  # one line, where there is room for it


def test_row_of_a_draft_on_a_phone_says_nothing_of_the_day_that_it_lacks(at_desk):
    desk = at_desk("layout", width=390)
    desk.open(ADD).fill("#id_title", "日付のない下書き")
    choose_section(desk, "市場")
    desk.save()
    page = desk.open("/admin/blog/post/")
    row = page.locator("#result_list tr", has_text="日付のない下書き")
    expect(row).to_contain_text("市場")
    assert "—" not in row.inner_text()
    desk.tab.resize(1280)
    assert "—" in row.inner_text()


def test_printed_form_has_the_whole_text_and_what_was_chosen_and_no_buttons(looking_desk):
    desk = looking_desk()
    page = desk.open(desk.own_article)
    text = "text => [text.clientHeight, text.scrollHeight]"
    shown, whole = desk.text.evaluate(text)
    assert shown < whole
    page.emulate_media(media="print")
    for part in ("#header", ".room-bar", ".editor__head", "#id_category", ".button >> nth=0"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".field-category .select2-selection__rendered")).to_have_text("市場")
    shown, whole = desk.text.evaluate(text)
    assert shown == whole
    desk.open("/admin/blog/post/")
    for part in ("#toolbar", ".actions", ".action-select >> nth=0"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator("#result_list tbody th").first).to_be_visible()


def test_address_of_mail_is_whole_in_the_list_of_users_on_a_phone(looking_desk):
    desk = looking_desk("keeper", width=390)
    cell = desk.open("/admin/auth/user/").locator(".field-email").first
    cell.evaluate("cell => cell.textContent = 'a-rather-long.name@editors.example.co.jp'")
    lines = """cell => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return range.getClientRects().length;
    }"""
    assert cell.evaluate(lines) == 1
    assert desk.tab.overflow() == []


def test_names_in_a_history_stand_in_one_line_on_a_small_phone(looking_desk):
    desk = looking_desk(width=320)
    page = desk.open(desk.own_article.replace("change/", "history/"))
    names = page.locator(".versions__item > span:nth-child(3)")
    expect(names.first).to_be_visible()
    assert max(name.bounding_box()["height"] for name in names.all()) < 30


def test_no_list_breaks_a_day(looking_desk):
    desk = looking_desk()
    for name in ("blog/image", "blog/permalink", "admin/logentry"):
        page = desk.open(f"/admin/{name}/{'?kind=post' if name == 'blog/permalink' else ''}")
        for width in (390, 768, 1280):
            desk.tab.resize(width)
            assert page.locator("#result_list").evaluate(BROKEN) == [], (name, width)


def test_page_fits_a_window_that_became_narrower_after_its_text_was_scrolled(at_desk):
    desk = at_desk("layout")
    desk.open(desk.own_article)
    desk.show_preview()
    desk.wait_for_preview("長い段落")
    desk.text.hover()
    desk.text.evaluate("text => { text.scrollTop = text.scrollHeight }")
    expect(desk.page.locator(".editor__mirror")).to_have_attribute("style", re.compile("inline-size"))
    desk.tab.resize(390)
    assert desk.tab.overflow() == []


def test_filters_of_a_narrow_window_stand_apart_from_what_follows(looking_desk):
    desk = looking_desk()
    desk.tab.resize(390)
    page = desk.open("/admin/blog/postfinding/")
    filters = page.locator("#changelist-filter").bounding_box()
    assert filters["y"] + filters["height"] + 4 < page.locator(".audit").bounding_box()["y"]
    assert "→" not in page.locator("#changelist-filter").aria_snapshot()


def test_buttons_of_a_preview_link_stand_apart(at_desk):
    desk = at_desk("layout")
    page = desk.open(desk.own_article.replace("change/", "preview-links/"))
    page.get_by_role("button", name="作る").click()
    first, second = (page.locator(".preview-links__item .button").nth(number).bounding_box() for number in (0, 1))
    assert first["x"] + first["width"] + 6 < second["x"]


def test_bar_of_a_phone_is_there_for_its_buttons_which_look_like_buttons(looking_desk):
    desk = looking_desk(width=390)
    page = desk.open(ADD)
    colour = "button => getComputedStyle(button).backgroundColor"
    assert page.locator(".room-steps__summary").evaluate(colour) == page.locator("[name=_save]").evaluate(colour)
    article = desk.own_article
    reader = looking_desk("typist", width=390)
    reader.open(article)
    expect(reader.page.locator("[data-room-bar]")).to_be_hidden()
