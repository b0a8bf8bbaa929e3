"""What editors do at the desk, one after another and to the same article, by what they see on the screen."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.desk import Desk
from tests.browser.tab import Tab
from tests.patience import PATIENCE

TURN = 25  # milliseconds in which Playwright hands over what has happened


def compose(desk: Desk, *steps: str, into: str = "textarea.editor__text") -> None:
    """Types the last of `steps` at the end of a field as an input method does: through what it stands for before."""
    desk.page.focus(into)
    desk.page.keyboard.press("ControlOrMeta+End")
    ime = desk.context.new_cdp_session(desk.page)
    for step in steps[:-1]:
        ime.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
    ime.send("Input.insertText", {"text": steps[-1]})


def press(desk: Desk, button: str, told: str) -> None:
    """Presses a button of the form and waits for what the desk says then."""
    desk.page.get_by_role("button", name=button, exact=True).first.click()
    expect(desk.page.locator(".messagelist")).to_contain_text(told)


def follow(desk: Desk, link: str, within: str = "body") -> Page:
    desk.page.locator(within).get_by_role("link", name=link).first.click()
    desk.page.wait_for_load_state()
    return desk.page


def find_at_start(desk: Desk, group: str, title: str) -> None:
    """Opens an article where the start page shows it."""
    desk.open("/admin/")
    desk.page.get_by_role("region", name=group).get_by_role("link", name=title).click()
    desk.page.wait_for_load_state()


def hold(page: Page, address: str) -> list[Route]:
    """What is posted to the address, of which the site does not hear before a test lets it through."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    return held


def wait_for_held(page: Page, held: list[Route], number: int = 1) -> Route:
    """The last of so many."""
    for _ in range(PATIENCE * 1000 // TURN):
        if len(held) == number:
            return held[-1]
        page.wait_for_timeout(TURN)
    raise AssertionError(f"{len(held)} instead of {number} were posted")


def choose_section(desk: Desk, name: str) -> None:
    desk.page.locator(".field-category .select2-selection").click()
    desk.page.locator(".select2-search__field:focus").wait_for()
    desk.page.keyboard.type(name)
    desk.page.locator(".select2-results__option", has_text=name).click()


def timeless(html: str) -> str:
    """Without its times: which second an article is published in is what no preview can know."""
    return re.sub(r"<time.*?</time>", "", html)


def faults(tab: Tab) -> list[str]:
    """What went wrong since a page was last opened by its address, save what was still asked when it was left."""
    return [fault for fault in tab.faults if "ERR_ABORTED" not in fault]
