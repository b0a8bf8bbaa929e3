"""Every screen of the desk can be read and worked by every editor, in narrow and wide windows, by day and by night."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.desk import Desk
from tests.browser.tab import Tab
from tests.browser.test_every_page import AXE, AXE_OPTIONS
from tests.sites.content import LONG_TITLE

pytestmark = pytest.mark.sqlite

COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Titles with less than six letters a line: a Japanese one breaks anywhere, down to one.
NARROW = """() => [...document.querySelectorAll("#result_list tbody th a, .start__title, .step-posts a")]
  .map(element => [element.innerText, element.getClientRects().length])
  .filter(([text, lines]) => lines > 1 && text.length / lines < 6)
  .map(([text, lines]) => `${text.slice(0, 20)} on ${lines} lines`)"""
NIGHT_HAS_COME = "() => Promise.all(document.getAnimations().map(animation => animation.finished)).then(() => true)"


def tag_merge(desk: Desk) -> None:
    page = desk.open("/admin/blog/tag/?q=AI")
    for box in page.locator(".action-select").all()[:2]:
        box.check()
    page.select_option("[name=action]", "merge")
    page.click("[name=index]")
    page.wait_for_selector("[name=confirmed]")


def step_confirmation(desk: Desk) -> None:
    page = desk.open(f"/admin/blog/post/?q={LONG_TITLE[:20]}")
    page.locator(".action-select").first.check()
    page.select_option("[name=action]", "return")
    page.click("[name=index]")
    page.wait_for_selector("[name=confirmed]")


def refused_form(desk: Desk) -> None:
    """A new article that lacks most; tests.browser.test_preview looks at the form before."""
    page = desk.open("/admin/blog/post/add/")
    page.fill("#id_title", "題")
    page.evaluate("document.querySelector('#post_form').noValidate = true")
    page.locator("[name=_schedule]").click()
    page.wait_for_selector(".errornote")


def screens(desk: Desk) -> dict[str, object]:
    """How each is opened: a path, or what is pressed on the way."""
    form = desk.own_article
    post = form.removesuffix("change/")
    return {
        "start page": "/admin/",
        "articles": "/admin/blog/post/",
        "articles to review": "/admin/blog/post/?state=in_review",
        "editing": form,
        "history": f"{post}history/",
        "revision": f"{post}revisions/1/",
        "links to the coming version": f"{post}preview-links/",
        "picks of the front page": "/admin/blog/frontpick/",
        "merging tags": tag_merge,
        "confirming a step": step_confirmation,
        "refused form": refused_form,
    }


def violations(tab: Tab, options: dict[str, object]) -> list[str]:
    found = tab.page.evaluate(AXE, {**options, "rules": {"empty-table-header": {"enabled": False}}})  # the admin's own
    return [f"{violation['id']}: {node['html']}" for violation in found for node in violation["nodes"]]


def inspect(tab: Tab) -> list[str]:
    """All that is wrong with what the tab shows, in both themes."""
    found = [*tab.overflow(), *tab.faults, *tab.page.evaluate(NARROW)]  # before axe, which makes faults itself
    tab.page.evaluate(AXE_SCRIPT)
    found += violations(tab, AXE_OPTIONS)
    tab.page.emulate_media(color_scheme="dark")
    tab.page.evaluate(NIGHT_HAS_COME)
    found += [f"dark {violation}" for violation in violations(tab, COLOURS)]
    tab.page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("width", [390, 1280])
def test_screens_keep_nobody_out(width, at_desk, make_context, serve):
    with make_context(width) as context:
        outside = Tab(context)
        outside.open(serve("desk"), "/admin/login/")
        found = {"login": inspect(outside)}
    desk = at_desk("screens", width=width)
    for name, way in screens(desk).items():
        desk.open(way) if isinstance(way, str) else way(desk)
        desk.page.evaluate("() => new Promise(requestIdleCallback)")  # what scripts do once it is loaded
        found[name] = inspect(desk.tab)
    assert {name: faults for name, faults in found.items() if faults} == {}
