"""A feed that somebody opens in a browser reads as a page."""

import pytest

pytestmark = pytest.mark.sqlite


def test_feed_reads_as_a_page(make_context, serve):
    with make_context() as context:
        page = context.new_page()
        page.goto(serve("full") + "/feed.xml")
        first = page.locator("item").first
        parts = "item => [...item.children].filter(part => part.checkVisibility()).map(part => part.localName)"
        shown = {*first.evaluate(parts)}
        assert {"head", "day", "link"} < shown
        assert not {"title", "pubDate", "content", "encoded", "category", "id", "guid", "updated"} & shown
        said = page.locator("channel > description").evaluate("words => getComputedStyle(words, '::after').content")
        assert "これはRSSフィードです。" in said
