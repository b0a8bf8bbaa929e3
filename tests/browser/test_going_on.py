"""The page of a batch goes on by itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.browser.tab import AT_REST

pytestmark = pytest.mark.sqlite
SCRIPT = Path(__file__).parents[2] / "static/desk/going_on.js"
PAGE = f"""<!doctype html><title>batch</title><form method="post" action="/done/" data-going-on></form>
<script type="module">{SCRIPT.read_text()}</script>"""


def test_batch_that_was_stopped_waits_for_a_click(make_context: Callable[..., BrowserContext]) -> None:
    sent = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
        is_batch = route.request.url.endswith("/batch/")
        route.fulfill(content_type="text/html", body=PAGE if is_batch else "<!doctype html><title>stopped</title>")

    with make_context() as context:
        page = context.new_page()
        page.route("http://desk.test/**", answer)
        page.goto("http://desk.test/list/")
        page.goto("http://desk.test/batch/", wait_until="commit")
        page.wait_for_url("**/done/")
        assert len(sent) == 1
        page.evaluate("history.replaceState(null, '', '/batch/')")  # what the next part shows
        page.goto("http://desk.test/list/")
        for load in (page.go_back, page.reload):
            load()
            page.evaluate(AT_REST)
            assert page.title() == "batch"
        assert len(sent) == 1
