import pytest
import time_machine

from blog.delivery import generation
from tests.delivery.oracle import site

SMALL = {
    "blog.views.base.PostListView.per_page": 3,
    "blog.redirects.answering.POSTS_PER_PAGE": 3,
    "blog.queries.front_page.TOP_STORIES": 2,
    "blog.queries.front_page.RIVER_LENGTH": 2,
    "blog.queries.front_page.POSTS_PER_SECTION": 2,
    "blog.wire.feeds.POSTS_PER_FEED": 3,
    "blog.queries.tags.NEWEST": 4,
    "blog.views.errors.LATEST": 2,
}


@pytest.fixture
def small_site(monkeypatch, present) -> None:
    """Lists that are full with the few articles there are, so that each change pushes something out."""
    for name, number in SMALL.items():
        monkeypatch.setattr(name, number)
    monkeypatch.setattr(generation, "SECONDS_BETWEEN_SOON", 0)  # what machines do shows at the next look
    with time_machine.travel(site.NOW, tick=False):
        site.fill()
