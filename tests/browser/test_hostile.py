"""A real browser runs nothing of 200 attacks in bodies, in titles, tags, names and captions, in searches and feeds.

It ignores the policy of the pages here: what the policy would stop must not even be there.
"""

from urllib.parse import urlencode

import pytest

from tests.hostile.attacked import joined
from tests.hostile.payloads import PAYLOADS

pytestmark = [pytest.mark.sqlite, pytest.mark.release]

COUNT = "window.hits = []; window.hit = () => { window.hits.push(document.title); return 1; };"
# Touches what waits for a hand: pointers, focus, presses. A link of ours must not lead away meanwhile.
TOUCH = """() => {
  document.addEventListener("click", event => event.preventDefault(), true);
  for (const element of document.documentElement.querySelectorAll("*")) {
    for (const kind of ["mouseover", "pointerenter", "focus", "animationstart", "toggle"])
      element.dispatchEvent(new Event(kind, {bubbles: false}));
    if (element.protocol === "javascript:") window.hit();
  }
  return window.hits.length;
}"""


@pytest.fixture(scope="module")
def attacked(make_context):
    with make_context(width=1280, bypass_csp=True) as context:
        context.add_init_script(COUNT)
        yield context.new_page()


def hits(page) -> int:
    page.wait_for_load_state("load")
    return page.evaluate(TOUCH)


def test_browser_would_run_them_in_a_page_that_lets_them_through(attacked, serve):
    """So that the others can fail: each is put into a page as it stands."""
    attacked.goto(f"{serve('attacked')}/")
    ran = 0
    for payload in PAYLOADS[:60]:
        attacked.evaluate("window.hits.length = 0")
        attacked.set_content(f"<body>{payload}", wait_until="load")
        attacked.evaluate("new Promise(done => setTimeout(done))")
        ran += attacked.evaluate(TOUCH) > 0
    assert ran >= 20


def test_articles_run_nothing(attacked, serve):
    for number in range(len(joined())):
        attacked.goto(f"{serve('attacked')}/2026/04/01/attack-{number}/")
        assert "hit" in attacked.locator("h1").inner_text()
        assert hits(attacked) == 0


@pytest.mark.parametrize("path", ["/", "/articles/", "/tags/", "/category/section-0/", "/feed.xml"])
def test_lists_and_feeds_run_nothing(path, attacked, serve):
    attacked.goto(serve("attacked") + path)
    assert hits(attacked) == 0


def test_search_runs_nothing_whatever_is_asked(attacked, serve):
    for payload in PAYLOADS[::5]:
        attacked.goto(f"{serve('attacked')}/search/?{urlencode({'q': payload.replace(chr(0), '')})}")
        assert hits(attacked) == 0
