"""robots.txt, read as crawlers read it."""

import pytest
from protego import Protego

from allforces.machines import ANSWERING_CRAWLERS, TRAINING_CRAWLERS

SITE = "http://127.0.0.1:8000"
OPEN = (
    "/",
    "/2026/04/01/a/",
    "/2026/04/01/a/index.md",
    "/feed.xml",
    "/llms.txt",
    "/media/images/a.png",
    "/sitemap.xml",
)
CLOSED = ("/admin/", "/admin/blog/post/", "/preview/x/", "/search/", "/search/?q=a", "/search/suggestions.json?q=a")


@pytest.fixture
def rules(client, db):
    def read():
        response = client.get("/robots.txt")
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        return Protego.parse(response.content.decode())

    return read


@pytest.mark.parametrize("crawler", ["Googlebot", "bingbot", "Feedly", *ANSWERING_CRAWLERS])
def test_whoever_sends_readers_may_read_all_but_the_desk_previews_and_searches(rules, crawler):
    found = rules()
    assert [path for path in OPEN if not found.can_fetch(SITE + path, crawler)] == []
    assert [path for path in CLOSED if found.can_fetch(SITE + path, crawler)] == []


@pytest.mark.parametrize("crawler", TRAINING_CRAWLERS)
def test_whoever_only_trains_may_read_nothing(rules, crawler):
    assert not [path for path in (*OPEN, *CLOSED) if rules().can_fetch(SITE + path, crawler)]


def test_operator_decides(rules, settings):
    settings.CRAWLERS_ALLOWED, settings.CRAWLERS_REFUSED = ["GPTBot"], ["OAI-SearchBot", "Googlebot"]
    found = rules()
    allowed = [name for name in ("GPTBot", "ClaudeBot", "OAI-SearchBot", "Googlebot") if found.can_fetch("/", name)]
    assert allowed == ["GPTBot", "ClaudeBot"]
