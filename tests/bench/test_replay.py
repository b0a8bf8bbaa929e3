from collections import Counter

from bench.replay import CRAWLERS, ONE_LIST_IN, ask, asked_for

ARTICLES, LISTS, REQUESTS = [f"article {number}" for number in range(200)], ["/", "/feed.xml"], 20_000


def test_readers_ask_for_few_articles_often_and_for_lists_and_crawlers_for_all() -> None:
    asked = Counter(asked_for(ARTICLES, LISTS, REQUESTS))
    assert asked.total() == REQUESTS
    assert asked.keys() == {*ARTICLES, *LISTS}
    by_readers = REQUESTS - CRAWLERS * len(ARTICLES)
    assert abs(sum(asked[path] for path in LISTS) / by_readers - 1 / ONE_LIST_IN) < 0.02
    (_, most), *_, (_, least) = Counter({path: asked[path] for path in ARTICLES}).most_common()
    assert most > 50 * least


def test_answer_is_told_by_its_status_and_the_word_of_the_store() -> None:
    def application(environ, start_response):
        start_response("404 Not Found", [("X-Page-Store", f"asked for {environ['PATH_INFO']}")])
        return [b""]

    assert ask(application, "/%E8%A8%98/") == ("404", "asked for /" + "記".encode().decode("latin-1") + "/")
