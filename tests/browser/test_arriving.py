"""A page that arrives piece by piece, as on a slow phone: what is on the screen stays where it is."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest

from tests.browser.tab import Tab
from tests.patience import PATIENCE
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

PIECES = 50  # to the contents of an article, before a table whose columns depend on its rows
BY_LINE = re.compile(rb"(?<=\n)(?!\n)")
BY_TAG = re.compile(rb"(?<=>)(?=[^<\s])")  # between a tag and its text
# The pages, each with the place from which it arrives slowly and where it is cut.
SLOW = {
    "home": ("<body>", BY_LINE),
    "article": ("<body>", BY_LINE),
    "bare article": ("<body>", BY_LINE),
    "title of 100 characters": ('<section class="share"', BY_LINE),
    "one post: article": ('<section class="share"', BY_TAG),
    "search for too many words": ('<nav class="refine"', BY_TAG),
}
# Waits until there is more of the body than was known, and until that is painted; returns how much there is.
MORE = """async known => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let frames = 0; frames < 30 && !(document.body?.innerHTML.length > known); frames++) await frame();
  await frame();
  await frame();
  return document.body.innerHTML.length;
}"""


class SlowLine:
    """The site behind a line that hands out a page one piece more at each `let_through()`."""

    def __init__(self) -> None:
        slow = self
        self.site = ""
        self.slow_from, self.cuts = SLOW["home"]
        self.slow: list[bytes] = []  # the pieces of the page that was asked for last

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with urlopen(slow.site + self.path, timeout=PATIENCE) as answer:
                    body, kind = answer.read(), answer.headers["Content-Type"]
                is_page = kind.startswith("text/html")
                at_once = slow.cut(body) if is_page else body
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(at_once)
                for piece in slow.slow if is_page else ():
                    self.wfile.write(piece)
                    slow.wait()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def cut(self, html: bytes) -> bytes:
        """Returns what arrives at once, and keeps the pieces of the rest."""
        begin = html.index(self.slow_from.encode())
        self.slow, self._more = self.cuts.split(html[begin:], maxsplit=PIECES), threading.Semaphore(0)
        return html[:begin]

    def wait(self) -> None:
        assert self._more.acquire(timeout=PATIENCE)

    def let_through(self) -> None:
        self._more.release()


@pytest.fixture(scope="module")
def slow_line() -> Iterator[SlowLine]:
    line = SlowLine()
    thread = threading.Thread(target=line.server.serve_forever)
    thread.start()
    yield line
    line.server.shutdown()
    line.server.server_close()
    thread.join()


@pytest.mark.release
@pytest.mark.parametrize("kind", SLOW)
def test_nothing_moves_while_the_rest_arrives(kind, slow_line, serve, make_context):
    slow_line.site = serve(PLACES[kind].content)
    slow_line.slow_from, slow_line.cuts = SLOW[kind]
    with make_context() as context:
        tab = Tab(context)
        tab.open(slow_line.origin, PLACES[kind].path, until="commit")
        known = 0
        for _ in slow_line.slow:
            known = tab.page.evaluate(MORE, known)
            slow_line.let_through()
        tab.page.wait_for_load_state()
        assert tab.shifts() == []
