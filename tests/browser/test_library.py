"""A picture is found, used again and chosen for a field; an article is found by a phrase of its text."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.desk import GIVE, Desk
from tests.browser.newsroom import choose_section, faults
from tests.sites.content import photograph

pytestmark = pytest.mark.sqlite
PHRASE = "図書館で見つけた電力の需給の図です"


class Clicks:
    """Counts what an editor presses."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, target: Locator) -> None:
        target.click()
        self.number += 1


def use_again(desk: Desk) -> None:
    """The text gets it at the caret, and the library closes."""
    page, click = desk.page, Clicks()
    library = page.locator("dialog.library")
    click(page.get_by_role("button", name="画像", exact=True))
    click(library.get_by_role("button", name="斜めの面"))
    click(library.get_by_role("button", name="本文に入れる"))
    expect(library).to_be_hidden()
    assert len(re.findall(r"!\[斜めの面\]\(/media/images/\w+\.jpg\)", desk.text.input_value())) == 2
    assert click.number <= 3


def walk_by_keyboard(desk: Desk) -> None:
    """The focus stays inside, Esc closes, and the focus comes back."""
    page, library = desk.page, desk.page.locator("dialog.library")
    opener = page.get_by_role("button", name="画像", exact=True)
    opener.press("Enter")
    expect(library.get_by_role("searchbox")).to_be_focused()
    expect(library.locator(".library__picture").first).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('.library')")
    page.keyboard.press("Escape")
    expect(library).to_be_hidden()
    expect(opener).to_be_focused()


def drop_twice(desk: Desk) -> None:
    """A file that is dropped asks for its text; the same file again is the same picture."""
    page, library = desk.page, desk.page.locator("dialog.library")
    opener = page.get_by_role("button", name="画像", exact=True)
    opener.click()
    given = [["new.jpg", "image/jpeg", list(photograph(45))]]
    library.evaluate(f"(dialog, files) => ({GIVE})([dialog, 'drop', files])", given)
    expect(library.get_by_role("status")).to_have_text("追加しました。")
    library.get_by_role("button", name="本文に入れる").click()
    expect(library).to_be_visible()  # the browser asks for the text
    library.get_by_label("代替テキスト", exact=True).fill("斜めの面")
    library.get_by_role("button", name="本文に入れる").click()
    expect(library).to_be_hidden()
    opener.click()
    expect(library.get_by_role("button", name="斜めの面")).to_be_visible()
    library.evaluate(f"(dialog, files) => ({GIVE})([dialog, 'drop', files])", given)
    expect(library.get_by_role("status")).to_have_text("同じ画像がすでにあります。それを使います。")
    expect(library.get_by_role("button", name="斜めの面")).to_have_count(1)
    library.get_by_label("絞り込み").select_option("here")
    expect(library.locator(".library__picture")).to_have_count(1)
    library.get_by_role("button", name="閉じる").click()


def choose_for_field(desk: Desk) -> None:
    """A field shows the picture that it holds."""
    page, library = desk.page, desk.page.locator("dialog.library")
    page.get_by_role("button", name="リード画像を画像から選ぶ").click()
    library.get_by_role("searchbox").fill("斜めの")
    expect(library.locator(".library__picture")).to_have_count(1)
    library.get_by_role("button", name="斜めの面").click()
    library.get_by_role("button", name="リード画像にする").click()
    expect(page.locator(".library-choice__image").first).to_have_attribute("alt", "斜めの面")
    assert page.locator("#id_lead_image").input_value()


def find_by_phrase(desk: Desk) -> None:
    desk.open("/admin/")
    page, click = desk.page, Clicks()
    page.get_by_role("searchbox", name="デスク全体を検索").fill(PHRASE)
    click(page.get_by_role("search").get_by_role("button", name="検索"))
    click(page.get_by_role("region", name="記事").get_by_role("link", name="図のある記事"))
    expect(page.locator("#id_title")).to_have_value("図のある記事")
    assert click.number <= 2


def test_picture_is_used_again_with_three_clicks_and_an_article_found_with_two(at_desk):
    desk = at_desk("library")
    desk.open().fill("#id_title", "図のある記事")
    choose_section(desk, "市場")
    desk.write(f"{PHRASE}。\n")
    for step in (drop_twice, use_again, walk_by_keyboard, choose_for_field):
        step(desk)
    desk.save()
    find_by_phrase(desk)
    assert faults(desk.tab) == []


def test_every_dropped_file_is_taken_and_one_that_fails_is_named(at_desk):
    desk = at_desk("library")
    page = desk.open()
    library = page.locator("dialog.library")
    page.get_by_role("button", name="画像", exact=True).click()
    given = [
        ["two.jpg", "image/jpeg", list(photograph(10))],
        ["memo.jpg", "image/jpeg", list(b"memo")],
        ["three.jpg", "image/jpeg", list(photograph(20))],
    ]
    library.evaluate(f"(dialog, files) => ({GIVE})([dialog, 'drop', files])", given)
    expect(library.get_by_role("status")).to_contain_text("memo.jpg：")
    for name in ("two.jpg", "three.jpg"):
        expect(library.get_by_role("button", name=name)).to_be_visible()
    expect(library.locator("[data-facts]")).to_contain_text("未使用")
