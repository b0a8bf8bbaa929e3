"""What the scripts of the page add: the section that is read, sharing, progress."""

import pytest

from tests.browser.tab import Tab, pasted
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

LONG = PLACES["body of 50,000 characters"]


def open_place(tab, serve, place):
    tab.open(serve(place.content), place.path)
    return tab.page


@pytest.fixture
def article(tab, serve):
    return open_place(tab, serve, LONG)


# --- contents ---


def current(page):
    return page.locator("[data-contents] [aria-current]").all_inner_texts()


def test_section_that_is_read_is_marked_in_the_contents(article):
    article.set_viewport_size({"width": 1280, "height": 800})
    headings = article.locator(".prose :is(h2, h3)")
    assert current(article) == []
    for number in (0, 7, 3):
        headings.nth(number).evaluate("heading => heading.scrollIntoView()")
        article.wait_for_function(
            "text => document.querySelector('[data-contents] [aria-current]')?.innerText === text",
            arg=headings.nth(number).inner_text(),
        )
        assert len(current(article)) == 1


def test_contents_stand_open_in_the_margin_and_folded_on_a_phone(article):
    first = article.get_by_role("navigation", name="目次").get_by_role("link").first
    summary = article.locator("summary", has_text="目次")
    assert not first.is_visible()
    article.set_viewport_size({"width": 1280, "height": 800})
    first.wait_for(state="visible")
    assert summary.evaluate("element => element.tabIndex") == -1
    article.set_viewport_size({"width": 390, "height": 800})
    first.wait_for(state="hidden")
    assert summary.evaluate("element => element.tabIndex") == 0


# --- sharing ---


def test_link_is_copied_whole_and_says_so(make_context, serve):
    with make_context(permissions=["clipboard-write"]) as context:
        page = open_place(Tab(context), serve, LONG)
        page.get_by_role("button", name="リンクをコピー").click()
        page.get_by_role("status").filter(has_text="コピーしました").wait_for()
        assert pasted(page) == page.url


def test_device_that_can_share_is_given_title_and_address(tab, serve):
    tab.page.add_init_script("navigator.share = async data => { window.shared = data; throw new DOMException(); }")
    page = open_place(tab, serve, LONG)
    page.get_by_role("button", name="ほかのアプリ").click()
    assert page.evaluate("shared") == {"title": "五万字の記事｜ALLFORCES", "url": page.url}
    assert tab.faults == []


# --- progress ---

READ = "new DOMMatrix(getComputedStyle(document.querySelector('.prose'), '::before').transform).a"


def read_to_the_end(page):
    assert page.evaluate(READ) == 0
    page.evaluate("scrollTo(0, document.querySelector('.prose').getBoundingClientRect().height / 2)")
    page.wait_for_function(f"() => {READ} < 0.9 && {READ} > 0.1")
    page.evaluate("document.querySelector('.prose').scrollIntoView({block: 'end'})")
    page.wait_for_function(f"() => {READ} > 0.99")


def test_line_grows_with_what_was_read(article):
    read_to_the_end(article)
