"""A script adds convenience, never the text nor the way to it."""

import pytest

from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

# The words of the text, but for those on what only a script can work.
TEXT = """() => {
  const words = element => element.innerText.split(/\\s+/);
  const buttons = new Set([...document.querySelectorAll("button")].flatMap(words));
  return words(document.querySelector("main")).filter(word => word && !buttons.has(word));
}"""
# A button outside a form, a link without an address: nothing would happen.
DEAD = """() => [...document.querySelectorAll("button, a, [role=button]")]
  .filter(element => element.checkVisibility())
  .filter(element => element.localName === "button" ? !element.form || element.type !== "submit" : !element.href)
  .map(element => element.outerHTML)"""


@pytest.fixture(scope="module")
def plain_page(make_context):
    with make_context(java_script_enabled=False) as context:
        yield context.new_page()


@pytest.mark.parametrize("kind", PLACES)
def test_every_word_is_there_and_nothing_is_dead(kind, plain_page, reading_tab, serve):
    place = PLACES[kind]
    tab = reading_tab(390)
    tab.open(serve(place.content), place.path, place.status)
    plain_page.goto(tab.page.url)
    missing = set(tab.page.evaluate(TEXT)) - set(plain_page.evaluate(TEXT))
    assert missing == set()
    assert plain_page.evaluate(DEAD) == []


def test_contents_and_list_pages_work(plain_page, serve):
    plain_page.goto(serve("full") + PLACES["body of 50,000 characters"].path)
    plain_page.locator("summary", has_text="目次").click()
    link = plain_page.get_by_role("navigation", name="目次").get_by_role("link").nth(1)
    link.click()
    plain_page.wait_for_url("**#*")
    plain_page.goto(serve("full") + PLACES["all articles"].path)
    plain_page.get_by_role("link", name="次のページ").click()
    plain_page.wait_for_url("**/articles/?page=2")
