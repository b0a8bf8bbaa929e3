"""Tags are proposed in the search field: by the keyboard, by a click, and not while an IME composes."""

import pytest

pytestmark = pytest.mark.sqlite

ANSWERED = "**/search/suggestions.json?*"


@pytest.fixture
def page(tab, serve):
    tab.open(serve("full"), "/search/")
    tab.page.get_by_role("combobox", name="記事を検索").focus()
    return tab.page


def type_and_wait(page, text):
    with page.expect_response(ANSWERED):
        page.keyboard.type(text)
    page.get_by_role("option").first.wait_for()


def selected(page):
    return page.evaluate(
        "() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent ?? ''"
    )


def test_keyboard_chooses_a_tag_and_searches_for_it(page):
    field = page.get_by_role("combobox")
    assert field.get_attribute("aria-expanded") == "false"
    type_and_wait(page, "話題")
    assert field.get_attribute("aria-expanded") == "true"
    names = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert selected(page) == names[0]
    page.keyboard.press("ArrowUp")
    assert selected(page) == names[-1]
    page.keyboard.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert field.input_value() == "話題"
    type_and_wait(page, "1")
    page.keyboard.press("ArrowDown")
    name = selected(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert page.get_by_role("combobox").input_value() == name


def test_enter_without_a_choice_searches_for_what_was_typed(page):
    type_and_wait(page, "話題")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert page.get_by_role("combobox").input_value() == "話題"


def test_click_chooses_and_leaving_closes(page):
    type_and_wait(page, "話題")
    page.keyboard.press("Tab")
    assert page.get_by_role("option").count() == 0
    page.get_by_role("combobox").focus()
    type_and_wait(page, "1")
    name = page.get_by_role("option").first.inner_text()
    page.get_by_role("option").first.click()
    page.wait_for_url("**/search/?q=*")
    assert page.get_by_role("combobox").input_value() == name


def test_nothing_is_asked_while_an_ime_composes(tab, serve):
    asked, page = [], tab.page
    page.clock.install()
    tab.open(serve("full"), "/search/")
    page.get_by_role("combobox").focus()
    page.on("request", lambda request: asked.append(request.url))
    keyboard = page.context.new_cdp_session(page)
    for text in ("w", "わ", "わだ", "わだい"):
        keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        page.clock.run_for(1_000)
    assert asked == []
    with page.expect_response(ANSWERED):
        keyboard.send("Input.insertText", {"text": "話題"})
        page.clock.run_for(1_000)
    assert len(asked) == 1
