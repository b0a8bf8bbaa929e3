"""The tab sees what it is there to see; a page without a fault proves nothing otherwise."""

import pytest

pytestmark = pytest.mark.sqlite

ORIGIN = "http://127.0.0.1:1"  # nobody listens: every answer is made here
PAGES = {
    "inline style": ("<p style='color: red'>赤</p>", "violates the following Content Security Policy"),
    "script error": ("<script src=error.js></script>", "script: "),
    "missing picture": ("<img src=/absent.png alt=''>", "answers 404: http://127.0.0.1:1/absent.png"),
    "broken request": ("<img src=/broken.png alt=''>", "failed: http://127.0.0.1:1/broken.png"),
    "foreign picture": ("<img src=http://127.0.0.2:1/a.png alt=''>", "asks somebody else: http://127.0.0.2:1/a.png"),
}
POLICY = {"Content-Security-Policy": "default-src * ; style-src 'none'; script-src *"}


def answer(route):
    request = route.request
    if request.url.endswith("broken.png"):
        route.abort()
    elif request.url.endswith("error.js"):
        route.fulfill(body="throw new Error('broken')", content_type="text/javascript")
    else:
        route.fulfill(status=404, body="")


def show(tab, html, headers=()):
    """Open a page that consists of `html`."""
    tab.page.route("**/*", answer)
    body = f"<!doctype html><title>.</title><meta charset=utf-8>{html}"
    tab.page.route(f"{ORIGIN}/", lambda route: route.fulfill(body=body, content_type="text/html", headers=headers))
    tab.open(ORIGIN, "/")


@pytest.mark.parametrize("case", PAGES)
def test_fault_is_noted(case, tab):
    html, fault = PAGES[case]
    show(tab, html, {"Content-Type": "text/html", **POLICY})
    assert [note for note in tab.faults if fault in note] != []


def test_faults_are_those_of_the_last_page(tab):
    show(tab, "<img src=/absent.png alt=''>")
    assert tab.faults != []
    show(tab, "<p>文。</p>")
    assert tab.faults == []


def test_answer_with_another_status_is_a_fault(tab, serve):
    tab.open(serve("empty"), "/no/such/page/")
    assert "answers 404" in tab.faults


def test_text_that_is_pushed_down_is_a_shift(tab):
    show(tab, "<p>文。</p>")
    assert tab.shifts() == []
    tab.page.evaluate("document.body.prepend(document.createElement('hr'))")
    assert tab.shifts() != []


@pytest.mark.parametrize(("size", "is_fault"), [("", True), ("width=200", True), ("width=200 height=200", False)])
def test_picture_without_its_size_is_as_good_as_a_shift(size, is_fault, tab):
    square = "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='200'/>"
    tab.page.route("**/a.svg", lambda route: route.fulfill(body=square, content_type="image/svg+xml"))
    show(tab, f"<p>先。</p><img src=/a.svg {size} loading=lazy alt=''><p>後の文。</p>")
    assert bool(tab.shifts()) == is_fault


@pytest.mark.parametrize(
    ("html", "overflows"),
    [
        ("<p style='width: 500px'>文。</p>", True),
        ("<div style='overflow-x: auto'><p style='width: 500px'>文。</p></div>", False),
        ("<style>body {overflow-x: hidden}</style><p style='width: 500px'>文。</p>", True),
    ],
)
def test_what_sticks_out_of_the_page_overflows(html, overflows, tab):
    show(tab, html)
    assert bool(tab.overflow()) == overflows
