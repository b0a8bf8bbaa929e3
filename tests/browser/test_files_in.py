"""Files in at the desk: what is dropped is told before anything is sent."""

import pytest
from playwright.sync_api import expect

from blog.admin.imports.forms import MAX_FILES
from tests.browser.desk import GIVE

pytestmark = pytest.mark.sqlite
# Tells for each click whether the page stopped it, and sends nothing itself.
CLICK_TWICE = """form => {
  const stopped = [], button = form.querySelector("[type=submit]"), ended = new AbortController();
  form.addEventListener("submit", event => {
    stopped.push(event.defaultPrevented);
    event.preventDefault();
  }, ended);
  button.click();
  button.click();
  ended.abort();
  return stopped;
}"""


def test_more_files_than_can_be_taken_are_told_and_not_sent(at_desk):
    page = at_desk("files").open("/admin/desk/import/")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    box = page.locator("[data-drop]")
    files = [[f"2026-04-02-{number}.md", "text/markdown", [120]] for number in range(4 * MAX_FILES)]
    box.evaluate(f"(box, files) => ({GIVE})([box, 'drop', files])", files)
    expect(box.locator("[data-drop-list] li")).to_have_text(
        "一度に取り込めるのは30個までです（いまは120個）。選び直してください。"
    )
    page.click(".import-form [type=submit]")
    expect(page.locator("input[type=file]")).to_be_focused()
    assert not sent
    box.evaluate(f"(box, files) => ({GIVE})([box, 'drop', files])", files[:2])
    expect(box.locator("[data-drop-list] li")).to_have_text(["2026-04-02-0.md", "2026-04-02-1.md"])
    page.click(".import-form [type=submit]")
    page.wait_for_selector(".import-report")
    assert page.locator(".import-form").evaluate(CLICK_TWICE) == [False, True]


def test_sending_is_told_and_one_that_was_stopped_can_be_begun_again(at_desk):
    page = at_desk("files").open_in_standing_time("/admin/desk/import/")
    told = page.locator("[data-drop-list] li")
    file = {"name": "2026-04-02-a.md", "mimeType": "text/markdown", "buffer": b"x"}
    page.set_input_files("input[type=file]", [file])
    form = page.locator(".import-form")
    assert form.evaluate(CLICK_TWICE) == [False, True]
    expect(told).to_have_text(["2026-04-02-a.md", "送信しています。"])
    page.set_input_files("input[type=file]", [file])
    expect(told).to_have_text(["2026-04-02-a.md"])
    assert form.evaluate(CLICK_TWICE) == [False, True]
    page.clock.run_for(60_000)
    expect(told).to_have_text(["2026-04-02-a.md"])
    assert form.evaluate(CLICK_TWICE) == [False, True]
