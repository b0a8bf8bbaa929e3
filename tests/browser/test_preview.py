"""The preview beside the text: it shows the public page, follows the text, and fits into every window."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import ADMINS_OWN, violations
from tests.browser.newsroom import hold, wait_for_held
from tests.sites.content import photograph

pytestmark = pytest.mark.sqlite

PAUSE = 1_000  # milliseconds, longer than the pause before a preview

FRAMED = "document.querySelector('[data-editor-frame]').contentDocument"
# Each pane has a reference line, which moves from its top to its bottom as the pane is scrolled from top to bottom. The
# script brings a line of the text to it. It measures the height of that line on a copy of the field.
SCROLL_TO = """(text, line) => {
  const copy = text.cloneNode(), most = text.scrollHeight - text.clientHeight;
  copy.value = text.value.slice(0, text.value.indexOf(line));
  copy.style.cssText = `position: absolute; min-height: 0; height: 0; width: ${text.clientWidth}px`;
  text.after(copy);
  const top = copy.scrollHeight - 16 - parseFloat(getComputedStyle(copy).lineHeight);
  copy.remove();
  text.scrollTop = top / (1 + text.clientHeight / most);
}"""
# The distance of a heading in the preview from the reference line.
OFF_STEP = f"""words => {{
  const page = {FRAMED}.scrollingElement;
  const heading = [...page.querySelectorAll(".prose h3")].find(heading => heading.innerText === words);
  const text = document.querySelector("textarea.editor__text");
  return heading.getBoundingClientRect().top -
    text.scrollTop / (text.scrollHeight - text.clientHeight) * page.clientHeight;
}}"""
END = f"(({{scrollTop, scrollHeight}}) => scrollTop / scrollHeight)({FRAMED}.scrollingElement)"


def undated(html: str) -> str:
    """The page without the second of its last change, which a preview cannot know."""
    return html.partition("<dt>更新</dt>")[0] + html.partition("<dt>更新</dt>")[2].partition("</time>")[2]


def test_preview_is_the_page_before_and_after_it_is_saved(at_desk):
    desk = at_desk("preview")
    desk.open(desk.own_article)
    desk.wait_for_preview("背景")
    assert desk.article_in_preview() == desk.published_article("/2026/04/01/preview/")
    desk.page.fill("#id_title", "新しい題")
    desk.write("\n足した段落。[^2]\n\n[^2]: 足した注。\n")
    desk.wait_for_preview("足した注。")
    shown = desk.article_in_preview()
    assert "新しい題" in shown
    desk.save()
    assert undated(shown) == undated(desk.published_article("/2026/04/01/preview/"))
    assert desk.tab.faults == []


def test_newest_answer_wins_however_late_an_older_one_comes(at_desk):
    desk = at_desk("preview")
    page = desk.open_in_standing_time()  # else slow typing has pauses, and asks for more previews than two
    desk.show_preview()
    held = hold(page, "**/preview/post/")
    for number, words in enumerate(("古い文", "と新しい文")):
        desk.write(words)
        page.clock.run_for(PAUSE)
        wait_for_held(page, held, number + 1)
    older, newer = held
    newer.continue_()
    desk.wait_for_preview("古い文と新しい文")
    with page.expect_response("**/preview/post/"):
        older.continue_()
    page.evaluate("async () => (await fetch(location)).text()")  # the older one was received before
    assert "新しい文" in desk.article_in_preview()


def test_preview_that_cannot_be_made_says_so_and_comes_back(at_desk):
    desk = at_desk("preview")
    page = desk.open()
    desk.write("はじめの文")
    desk.wait_for_preview("はじめの文")
    desk.context.set_offline(True)
    desk.write("。")
    expect(page.locator("[data-editor-preview-notice]")).to_contain_text("つながりません")
    desk.context.set_offline(False)
    desk.write("続き")
    desk.wait_for_preview("はじめの文。続き")
    expect(page.locator("[data-editor-preview-notice]")).to_have_text("")


def test_editor_and_preview_keep_step_and_a_new_preview_stays_where_it_was(at_desk):
    desk = at_desk("scroll")
    page = desk.open(desk.own_article)
    desk.wait_for_preview("節8")
    desk.text.hover()
    desk.text.evaluate(SCROLL_TO, "### 節5")
    page.wait_for_function(f"() => Math.abs(({OFF_STEP})('節5')) < 60")
    desk.text.evaluate("text => { text.scrollTop = text.scrollHeight }")
    page.wait_for_function(f"() => {END} > 0.6")
    before = page.evaluate(END)
    page.fill("#id_title", "題だけを変える")
    desk.wait_for_preview("題だけを変える")
    assert page.evaluate(END) == pytest.approx(before, abs=0.02)
    desk.text.hover()
    desk.text.evaluate("text => { text.scrollTop = 0 }")
    page.wait_for_function(f"() => {END} === 0")


# --- windows ---


def test_preview_is_beside_the_text_or_alone_and_the_choice_stays(at_desk):
    desk = at_desk("tabs", width=390)
    page = desk.open(desk.own_article)
    preview, views = page.locator(".editor__preview"), page.get_by_role("group", name="表示")
    expect(preview).to_be_hidden()
    expect(views.get_by_role("button")).to_have_text(["本文", "プレビュー"])
    views.get_by_role("button", name="プレビュー").click()
    desk.wait_for_preview("背景")
    expect(desk.text).to_be_hidden()
    expect(page.get_by_role("group", name="書式")).to_be_hidden()
    assert desk.tab.overflow() == []
    views.get_by_role("button", name="本文").click()
    expect(desk.text).to_be_visible()
    desk.tab.resize(1280)
    expect(preview).to_be_hidden()
    assert desk.text.bounding_box()["width"] > 800
    views.get_by_role("button", name="並べる").click()
    expect(preview).to_be_visible()
    assert min(part.bounding_box()["width"] for part in (desk.text, preview)) > 550
    assert "ALLFORCES" not in page.frame_locator("[data-editor-frame]").locator("body").inner_text()
    page.keyboard.press("Control+Alt+p")
    expect(desk.text).to_be_hidden()
    expect(views.get_by_role("button", name="プレビュー", pressed=True)).to_be_focused()
    page.keyboard.press("Control+Alt+p")
    expect(desk.text).to_be_focused()
    desk.open(desk.own_article)
    expect(preview).to_be_visible()
    assert desk.tab.faults == []


@pytest.mark.parametrize("width", [390, 1280])
def test_form_and_its_dialogs_keep_nobody_out(at_desk, width):
    desk = at_desk("axe", width=width)
    page = desk.open()
    desk.write("## 見出し\n\n本文。")
    if width > 1000:
        desk.wait_for_preview("本文。")
    assert desk.tab.overflow() == []
    assert desk.tab.faults == []  # axe makes some itself
    found = [violations(page, without=ADMINS_OWN)]
    page.keyboard.press("ControlOrMeta+k")
    expect(desk.dialog.locator("li").first).to_be_visible()
    found.append(violations(page, without=ADMINS_OWN))
    page.keyboard.press("Escape")
    desk.give("drop", ("a.jpg", "image/jpeg", photograph(73)), ("b.txt", "text/plain", b"x"))
    expect(desk.dialog.locator("[data-status]")).to_contain_text("b.txt：")
    found.append(violations(page, without=ADMINS_OWN))
    assert found == [{}, {}, {}]
