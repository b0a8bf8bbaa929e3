"""One client cannot take the searches of all others."""

import json
import os
import warnings
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import resolve

from blog.delivery.limits import RateLimitMiddleware, SharedCounts
from tests.factories import make_post

NOON = datetime(2026, 4, 1, 3, 0, 15, tzinfo=UTC)
LIMIT = 3


@pytest.fixture(autouse=True)
def limited():
    with override_settings(SEARCHES_PER_MINUTE=LIMIT), time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def ask():
    """The answer to a request; every view answers 200."""
    middleware = RateLimitMiddleware(lambda request: HttpResponse())

    def ask(path="/search/", client="192.0.2.1", **headers):
        request = RequestFactory().get(path, REMOTE_ADDR=client, headers=headers)
        request.resolver_match = resolve(path)
        return middleware.process_view(request) or middleware(request)

    return ask


def statuses(ask, number, **options):
    return [ask(**options).status_code for _ in range(number)]


def test_client_that_searches_too_often_is_told_when_to_come_back(ask, limited):
    assert statuses(ask, LIMIT + 1) == [200] * LIMIT + [429]
    refused = ask()
    assert refused["Retry-After"] == "45"
    assert refused["Cache-Control"] == "no-store"
    assert "45秒ほど待ってから" in refused.text
    limited.shift(timedelta(seconds=45))
    assert statuses(ask, LIMIT + 1) == [200] * LIMIT + [429]


def test_others_and_other_pages_are_not_affected(ask):
    statuses(ask, LIMIT + 1)
    assert statuses(ask, 2, client="192.0.2.2") == [200] * 2
    assert statuses(ask, 2 * LIMIT, path="/tags/") == [200] * 2 * LIMIT


def test_suggestions_have_a_limit_of_their_own_and_are_refused_in_json(ask):
    statuses(ask, LIMIT + 1)
    asked = {"path": "/search/suggestions.json", "accept": "application/json"}
    assert statuses(ask, 5 * LIMIT + 1, **asked) == [200] * 5 * LIMIT + [429]
    assert "error" in json.loads(ask(**asked).content)


def test_no_limit_is_no_limit(ask):
    with override_settings(SEARCHES_PER_MINUTE=0):
        assert statuses(ask, 100) == [200] * 100


@pytest.mark.django_db
def test_refusal_is_a_page_of_the_house_and_asks_no_database(client, django_assert_num_queries):
    make_post()
    for _ in range(LIMIT):
        client.get("/search/", REMOTE_ADDR="192.0.2.77")
    with django_assert_num_queries(0):
        response = client.get("/search/?q=a", REMOTE_ADDR="192.0.2.77")
    assert response.status_code == 429
    assert not response.cookies
    assert "<h1" in response.text
    assert "Content-Security-Policy" in response


def test_processes_count_together():
    counts = SharedCounts()
    counts.add("a")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork while pytest has threads, from Python 3.12 on
        child = os.fork()
    if child == 0:
        counts.add("a")
        os._exit(0)
    os.waitpid(child, 0)
    assert counts.add("a") == 3


def test_where_clients_are_too_many_those_who_ask_most_are_still_counted():
    counts = SharedCounts(slots=8)
    for _ in range(50):
        counts.add("greedy")
    for number in range(100):
        assert counts.add(f"reader {number}") <= 2
    assert counts.add("greedy") == 51
