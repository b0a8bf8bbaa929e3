"""A real browser runs nothing of 200 attacks in bodies, in titles, tags, names and captions, in searches and feeds.

It ignores the policy of the pages here: what the policy would stop must not even be there.
"""

import pytest

from tests.hostile.filled import joined
from tests.hostile.payloads import PAYLOADS
from tests.hostile.questions import REFUSED, questions

pytestmark = pytest.mark.sqlite

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
FRAMES = """words => Promise.all(words.map(async asked => {
  const frame = document.createElement("iframe"), answer = await fetch("/search/?q=" + encodeURIComponent(asked));
  frame.srcdoc = await answer.text();
  const loaded = new Promise(done => frame.onload = done);
  document.body.append(frame);
  await loaded;
  return answer.status;
}))"""
IN_ARTICLE = 28  # payloads in the body of each article of a few, which hold all
ATTACKED = -(-len(PAYLOADS) // IN_ARTICLE)
FILLED = range(100, 100 + len(joined(PAYLOADS)))  # the numbers of those that hold them in each short field
ASKED = [*questions(IN_ARTICLE), *REFUSED]
AT_ONCE = 20


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


@pytest.mark.parametrize("number", range(ATTACKED))
def test_article_runs_nothing(number, attacked, serve):
    attacked.goto(f"{serve('attacked')}/2026/04/01/attack-{number}/")
    assert "hit" in attacked.locator("main").inner_text()
    assert hits(attacked) == 0


@pytest.mark.parametrize("begin", FILLED[::AT_ONCE])
def test_article_with_attacks_in_all_short_fields_runs_nothing(begin, attacked, serve):
    for number in range(begin, min(begin + AT_ONCE, FILLED.stop)):
        attacked.goto(f"{serve('attacked')}/2026/04/01/filled-{number}/")
        for told in ("h1", "figcaption", "[rel=author]", "[rel=tag]"):
            assert "hit" in attacked.locator(told).first.inner_text(), told
        assert hits(attacked) == 0


LISTS = ("/", "/articles/", "/tags/", "/authors/", "/category/attacked/", "/category/section-100/")


@pytest.mark.parametrize("path", [*LISTS, "/feed.xml", "/atom.xml"])
def test_lists_and_feeds_run_nothing(path, attacked, serve):
    attacked.goto(serve("attacked") + path)
    assert hits(attacked) == 0


@pytest.mark.parametrize("begin", range(0, len(ASKED), AT_ONCE))
def test_search_runs_nothing_whatever_is_asked(begin, attacked, serve):
    attacked.goto(f"{serve('attacked')}/search/")
    asked = ASKED[begin : begin + AT_ONCE]
    assert attacked.evaluate(FRAMES, asked) == [400 if question in REFUSED else 200 for question in asked]
    assert [frame.evaluate(TOUCH) for frame in attacked.frames] == [0] * (1 + len(asked))


def test_address_cannot_bring_in_anything(attacked, serve):
    for payload in PAYLOADS[:12]:
        attacked.goto(f"{serve('attacked')}/tags/?page=1#{payload}".replace("\n", ""))
        assert hits(attacked) == 0
