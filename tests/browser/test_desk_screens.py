"""Every screen of the desk is readable and accessible, in narrow and wide windows and in both themes."""

import re
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import ADMINS_OWN, bring_axe, each_theme, violations_in
from tests.browser.desk import Desk
from tests.browser.newsroom import faults
from tests.browser.tab import AT_REST, Tab
from tests.sites.content import LONG_TITLE

pytestmark = pytest.mark.sqlite

AT_ONCE = 10

# The filters of a list: a wide window shows them folded, and axe judges nothing that is folded.
SHOW_FILTERS = "isOpen => document.querySelectorAll('.filters').forEach(filters => { filters.open = isOpen })"

# Titles and cells with less than five letters a line: Japanese breaks anywhere, down to one.
NARROW = """() => [...document.querySelectorAll("#result_list tbody :is(th, td), .start__title, .step-posts a")]
  .map(element => [element.innerText.trim(), element])
  .filter(([text]) => text)
  .map(([text, element]) => {
    const lines = new Set(), range = document.createRange();
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      for (const line of range.getClientRects()) lines.add(Math.round(line.bottom));
    }
    return [text, lines.size];
  })
  .filter(([text, lines]) => lines > 1 && text.length / lines < 5)
  .map(([text, lines]) => `${text.slice(0, 20)} on ${lines} lines`)"""
# Days and times that are wider than their fields: what is cut of them cannot be scrolled to.
CUT = """() => [...document.querySelectorAll("input:is([type=date], [type=time], [type=datetime-local])")]
  .filter(field => field.checkVisibility())
  .filter(field => {
    const width = field.offsetWidth;
    Object.assign(field.style, {width: "max-content", maxWidth: "none"});
    const whole = field.offsetWidth;
    Object.assign(field.style, {width: "", maxWidth: ""});
    return width < whole;
  })
  .map(field => `cut: ${field.outerHTML}`)"""


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


def of_first(rows: str, page_of_it: str = "change/") -> Callable[[Desk], None]:
    """A page of the first row of a list."""

    def open_it(desk: Desk) -> None:
        html = desk.page.request.get(desk.origin + rows).text()  # nobody looks at the list here
        form = re.search(r'id="result_list".*?<th[^>]*><a href="([^"?]*)', html, re.DOTALL)[1]
        desk.open(form.replace("change/", page_of_it))

    return open_it


def library(desk: Desk) -> None:
    page = desk.open("/admin/blog/post/add/")
    page.get_by_role("button", name="画像", exact=True).click()
    page.locator(".library__picture").first.click()
    expect(page.locator(".library__details")).to_be_visible()


def invited(desk: Desk) -> None:
    page = desk.open("/admin/auth/user/add/")
    page.fill("#id_last_name", "招待")
    page.fill("#id_username", "invited")
    page.get_by_label("執筆者").check()
    page.get_by_label("署名なし").check()
    page.click("#colleague_form [type=submit]")
    expect(page.locator("#invitation")).to_be_visible()


def publication_with_errors(desk: Desk) -> None:
    page = desk.open("/admin/blog/post/?q=傷のある記事")
    page.locator(".action-select").first.check()
    page.select_option("[name=action]", "publish")
    page.click("[name=index]")
    page.wait_for_selector(".blocked")


def form_that_errors_block(desk: Desk) -> None:
    desk.open(f"{desk.address_of('傷のある記事')}change/").click("[name=_publish]")
    desk.page.wait_for_selector(".blocked")
    expect(desk.page.locator("[data-findings] [data-fix]:visible").first).to_be_visible()


def open_filters(desk: Desk) -> None:
    """The filters are folded in a narrow window, which shows the first rows, and open beside them in a wide one."""
    page = desk.open("/admin/blog/post/?state=in_review")
    to_review = page.locator("#changelist-filter").get_by_role("link", name="確認待ち")
    expect(to_review).to_be_visible()
    desk.tab.resize(390)
    expect(to_review).to_be_hidden()
    assert page.locator("#result_list tbody tr").first.bounding_box()["y"] < 844
    page.locator(".filters__summary").click()
    expect(to_review).to_be_visible()


def refused_form(desk: Desk) -> None:
    """A new article that lacks most of its fields."""
    page = desk.open("/admin/blog/post/add/")
    page.fill("#id_title", "題")
    page.evaluate("document.querySelector('#post_form').noValidate = true")
    page.locator("[name=_schedule]").click()
    page.wait_for_selector(".errornote")


def renamed_tag(desk: Desk) -> None:
    """A tag in use, whose new name waits to be confirmed."""
    page = desk.open("/admin/blog/tag/?q=投資")
    page.locator("#result_list tbody th a").first.click()
    page.fill("#id_name", "新しい名前")
    page.click("[name=_save]")
    page.wait_for_selector(".address-change")


def refused_save(desk: Desk) -> None:
    """Sends the form of an article that was deleted meanwhile."""
    page = desk.open("/admin/blog/post/add/")
    page.fill("#id_title", "題")
    desk.write("本文です。")
    page.evaluate("document.querySelector('#post_form').action = '/admin/blog/post/99999/change/'")
    page.click("[name=_save]")
    page.wait_for_selector(".refused-save")
    desk.tab.faults.clear()  # it answers 404, as it should


def page_saved_meanwhile(desk: Desk) -> None:
    """A static page that another window saved while it was open."""
    page = desk.open("/admin/blog/page/add/")
    page.fill("#id_title", "運営について")
    page.fill("#id_path", "/unei/")
    desk.write("元の文です。")
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")
    other = desk.context.new_page()
    other.goto(page.url)
    other.fill("textarea.editor__text", "先の文です。")
    other.click("[name=_save]")
    other.wait_for_selector(".messagelist .success")
    other.close()
    desk.write("後の文です。")
    page.click("[name=_save]")
    page.wait_for_selector(".merge-question")


EDITORS_SCREENS: dict[str, str | Callable[[Desk], None]] = {
    "start page": "/admin/",
    "calendar of a month": "/admin/?month=2026-04&kept=all",
    "search": "/admin/search/?q=AI",
    "articles": "/admin/blog/post/?own=1",
    "articles with open filters": open_filters,
    "confirming a step": step_confirmation,
    "publishing texts with errors": publication_with_errors,
    "form that errors block": form_that_errors_block,
    "adding": "/admin/blog/post/add/",
    "refused form": refused_form,
    "refused save": refused_save,
    "page saved meanwhile": page_saved_meanwhile,
    "picks of the front page": "/admin/blog/frontpick/",
    "tags": "/admin/blog/tag/?q=AI",
    "merging tags": tag_merge,
    "renaming a tag": renamed_tag,
    "pictures": "/admin/blog/image/",
    "picture": of_first("/admin/blog/image/"),
    "replacing a picture": of_first("/admin/blog/image/", "replace/"),
    "library": library,
    "permalinks": "/admin/blog/permalink/?kind=post&q=2026/04",
    "password": "/admin/password_change/",
    "setting up a second factor": "/admin/second-factor/set-up/",
    "static page": of_first("/admin/blog/page/"),
    "tag in use": of_first("/admin/blog/tag/?q=AI", "delete/"),
    "findings": "/admin/blog/postfinding/",
    "fixing in many": "/admin/blog/postfinding/fix/?code=marker",
    "batch": "/admin/blog/postfinding/batches/1/",
    "queue": "/admin/blog/queuedtask/",
    "log of acts": "/admin/admin/logentry/",
    "article in a pop-up window": "/admin/blog/post/add/?_popup=1",
}
# Below the address of an article.
ARTICLE_SCREENS = {
    "draft": ("二人で直した記事", "change/"),
    "with findings": ("傷のある記事", "change/"),
    "pending version with errors": ("傷のある変更", "pending/"),
    "in review": (LONG_TITLE, "change/"),
    "pending version": ("変更を控えた記事", "pending/"),
    "links to the preview": ("変更を控えた記事", "preview-links/"),
    "notes": ("二人で直した記事", "notes/"),
    "history": ("二人で直した記事", "history/"),
    "revision": ("二人で直した記事", "revisions/2/"),
    "merging": ("二人で直した記事", "revisions/3/merge/"),
    "deleting": ("二人で直した記事", "delete/"),
}


ADMINISTRATORS_SCREENS = {
    "users": "/admin/auth/user/?q=screens",
    "invited": invited,
    "adding a user": "/admin/auth/user/add/",
    "a user": of_first("/admin/auth/user/?q=screens"),
}
# Below /admin/password-reset/, for whoever is not logged in.
RESETS = {"": 200, "done/": 200, "complete/": 200, "x/y/": 200, "invited/x/": 410}


def look(tab: Tab) -> list[str]:
    """All faults of the page in the tab, at both widths and in both themes, with its filters unfolded."""
    tab.page.evaluate(AT_REST)
    tab.page.evaluate(SHOW_FILTERS, True)
    found = faults(tab)  # before axe, which causes faults itself
    for width in (390, 1280):
        tab.resize(width)
        wrong = [*tab.page.evaluate(CUT), *tab.overflow(), *tab.page.evaluate(NARROW)]  # a theme is nothing but colours
        for theme in each_theme(tab.page):
            for rule, nodes in violations_in(tab.page, theme, without=ADMINS_OWN).items():
                wrong += [f"{rule}: {node}" for node in nodes]
        found += [f"{width} {fault}" for fault in wrong]
    tab.page.evaluate(SHOW_FILTERS, False)  # the browser remembers it
    return found


def faults_of(desk: Desk, screens: dict[str, str | Callable[[Desk], None]]) -> dict[str, list[str]]:
    found = {}
    bring_axe(desk.context)
    for name, way in screens.items():
        desk.open(way) if isinstance(way, str) else way(desk)
        found[name] = look(desk.tab)
    return {name: wrong for name, wrong in found.items() if wrong}


def in_parts(screens: dict[str, Any]) -> list[dict[str, Any]]:
    """A few screens for each test: those of a single one would keep a worker busy long after all others are done."""
    return [dict(islice(screens.items(), begin, begin + AT_ONCE)) for begin in range(0, len(screens), AT_ONCE)]


def first_of(screens: dict[str, Any]) -> str:
    return next(iter(screens))


@pytest.mark.parametrize("screens", in_parts(EDITORS_SCREENS), ids=first_of)
def test_lists_and_forms_keep_no_editor_out(at_desk, screens):
    assert faults_of(at_desk("screens"), screens) == {}


@pytest.mark.parametrize("screens", in_parts(ARTICLE_SCREENS), ids=first_of)
def test_articles_in_every_state_keep_no_editor_out(at_desk, screens):
    desk = at_desk("screens")
    addresses = {title: desk.address_of(title) for title, _ in screens.values()}
    assert faults_of(desk, {name: f"{addresses[title]}{page}" for name, (title, page) in screens.items()}) == {}


def test_login_and_users_keep_nobody_out(at_desk, tab, serve):
    for path, status in {"login/": 200, **{f"password-reset/{page}": RESETS[page] for page in RESETS}}.items():
        tab.open(serve("desk"), f"/admin/{path}", status)
        assert look(tab) == [], path
    assert faults_of(at_desk("keeper"), ADMINISTRATORS_SCREENS) == {}


def test_who_may_not_enter_is_told_so_by_a_page_that_keeps_nobody_out(at_desk):
    desk = at_desk("typist")
    found = []
    for path, status in (("/admin/auth/user/", 403), ("/admin/nothing/", 404)):
        desk.tab.open(desk.origin, path, status)
        found += look(desk.tab)
    assert found == []
