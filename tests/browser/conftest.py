"""A browser that looks at tests.sites. Nothing here touches the database of the test run."""

import functools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts import chromium
from scripts.debian import Unavailable
from tests.browser.axe import bring_axe
from tests.browser.desk import Desk
from tests.browser.tab import Tab
from tests.patience import PATIENCE
from tests.sites.editors import ARTICLES, SESSIONS

# A page of a test lives for a second. What V8 compiles beside it, to run loops faster that run long, comes too late: it
# took a sixth of what renderers cost. It changes nothing but that; who tells how long something takes leaves it on.
# And a window begins with a blank page, in a process that the page of a site may take over only where they are few.
FOR_A_SHORT_LIFE = ["--js-flags=--no-opt,--no-maglev", "--renderer-process-limit=1"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium. Not for the whole session: while Playwright runs, Django takes this thread for an async one."""
    try:
        path = chromium.find_shell()
    except Unavailable as error:
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        arguments = [*chromium.ARGUMENTS, *FOR_A_SHORT_LIFE]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        expect.set_options(timeout=PATIENCE * 1000)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def make_context(browser: Browser) -> Callable[..., BrowserContext]:
    """A reader's window: how wide it is, in which theme, and what else `Browser.new_context()` knows."""

    def make(width: int = 390, theme: str = "light", **options: object) -> BrowserContext:
        viewport = {"width": width, "height": 844}
        place = {"locale": "ja-JP", "timezone_id": "Asia/Tokyo"}
        context = browser.new_context(viewport=viewport, color_scheme=theme, **{**place, **options})
        context.set_default_timeout(PATIENCE * 1000)
        return context

    return make


@pytest.fixture(scope="package")
def reading_tab(make_context: Callable[..., BrowserContext]) -> Callable[[int], Tab]:
    """A tab for looking only: the same one for the same width, since a new one costs more than a page."""

    @functools.cache
    def open_tab(width: int) -> Tab:
        context = make_context(width)
        bring_axe(context)
        return Tab(context)

    return open_tab


@pytest.fixture(scope="package")
def shared_tab(make_context: Callable[..., BrowserContext]) -> Tab:
    return Tab(make_context())


@pytest.fixture
def looking_tab(shared_tab: Tab) -> Iterator[Tab]:
    """A tab of a phone in the light theme, for whoever presses nothing that is remembered and moves no pointer.

    It is the same one for all, since a new one loads and compiles all style sheets, scripts and letters anew.
    """
    shared_tab.page.emulate_media(media="null", color_scheme="light", forced_colors="none")
    shared_tab.resize(390)
    yield shared_tab
    shared_tab.leave()


@pytest.fixture(scope="package")
def plain_page(make_context: Callable[..., BrowserContext]) -> Page:
    """A page of a phone whose browser runs no script."""
    return make_context(java_script_enabled=False).new_page()


@pytest.fixture
def tab(make_context: Callable[..., BrowserContext]) -> Iterator[Tab]:
    """A new tab of a phone in the light theme, for whoever presses and types in it."""
    with make_context() as context:
        yield Tab(context)


@pytest.fixture(scope="package")
def desk_knowledge(sites_with: Callable[[str], Path]) -> tuple[dict[str, str], dict[str, str]]:
    """The sessions and articles that were made with the site: a login costs as much as two forms, a list as one."""
    folder = sites_with("desk") / "desk"
    sessions, articles = (json.loads((folder / name).read_text()) for name in (SESSIONS, ARTICLES))
    return sessions, articles


@pytest.fixture(scope="package")
def enter(
    serve: Callable[[str], str], desk_knowledge: tuple[dict[str, str], dict[str, str]]
) -> Callable[[BrowserContext, str], Desk]:
    """Logs an editor of tests.sites.editors in."""
    sessions, articles = desk_knowledge

    def open_desk(context: BrowserContext, name: str) -> Desk:
        desk = Desk(context, serve("desk"), name, articles)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": sessions[name], "url": desk.origin}
        context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
        return desk

    return open_desk


@pytest.fixture
def at_desk(
    make_context: Callable[..., BrowserContext], enter: Callable[[BrowserContext, str], Desk]
) -> Iterator[Callable[..., Desk]]:
    """The desk of an editor, in a browser of their own."""
    with ExitStack() as stack:
        yield lambda name, width=1280, **options: enter(stack.enter_context(make_context(width, **options)), name)
