"""What editors do at the desk, found by the words on the screen."""

import re

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.desk import Desk
from tests.browser.tab import Tab
from tests.patience import PATIENCE

TURN = 100  # milliseconds in which Playwright delivers pending events; each has its price, too


def compose(desk: Desk, *steps: str, into: str = "textarea.editor__text") -> None:
    """Types the last of `steps` at the end of a field as an input method does, after the steps before it."""
    desk.page.focus(into)
    desk.page.keyboard.press("ControlOrMeta+End")
    ime = desk.context.new_cdp_session(desk.page)
    for step in steps[:-1]:
        ime.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
    ime.send("Input.insertText", {"text": steps[-1]})


def press(desk: Desk, button: str, told: str) -> None:
    """Presses a button of the form and waits for the message of the desk."""
    desk.page.get_by_role("button", name=button, exact=True).first.click()
    expect(desk.page.locator(".messagelist")).to_contain_text(told)


def follow(desk: Desk, link: str, within: str = "body") -> Page:
    desk.page.locator(within).get_by_role("link", name=link).first.click()
    desk.page.wait_for_load_state()
    return desk.page


def count_clicks(desk: Desk) -> list[int]:
    """Counts the clicks of a pointer over all pages that follow."""
    clicks: list[int] = []
    desk.page.expose_function("tellClick", lambda: clicks.append(1))
    desk.page.add_init_script("onclick = event => event.isTrusted && event.detail && tellClick()")
    return clicks


def find_at_start(desk: Desk, group: str, title: str) -> None:
    """Opens an article from the start page."""
    desk.open("/admin/")
    desk.page.get_by_role("region", name=group).get_by_role("link", name=title).click()
    desk.page.wait_for_load_state()


def hold(page: Page | BrowserContext, address: str, method: str = "POST") -> list[Route]:
    """Holds the requests that go to the address until the test lets them through.

    It is called before the page is opened if a script asks soon: in an open page Chromium may let what is asked right
    afterwards pass, and nobody is told of it.
    """
    held: list[Route] = []
    page.route(address, lambda route: held.append(route) if route.request.method == method else route.continue_())
    return held


def wait_for_held(page: Page, held: list[Route], number: int = 1) -> Route:
    """Waits for the given number of requests and returns the last."""
    for _ in range(PATIENCE * 1000 // TURN):
        if len(held) == number:
            return held[-1]
        page.wait_for_timeout(TURN)
    raise AssertionError(f"{len(held)} instead of {number} were sent")


def choose_section(desk: Desk, name: str) -> None:
    desk.page.locator(".field-category .select2-selection").click()
    desk.page.locator(".select2-search__field:focus").wait_for()
    desk.page.keyboard.type(name)
    desk.page.locator(".select2-results__option", has_text=name).click()


def timeless(html: str) -> str:
    """The page without its times, since a preview cannot know the second of the publication."""
    return re.sub(r"<time.*?</time>", "", html)


def faults(tab: Tab) -> list[str]:
    """The faults since a page was last opened by its address, without requests that ended because the page was left."""
    return [fault for fault in tab.faults if "ERR_ABORTED" not in fault]
