"""That the drill of a crawler would see a reader who gets another page, and a worker that grows."""

from collections import Counter

from tests.drill.crawling import ADDRESSES, address, judged

MEGABYTE = 2**20


def test_no_address_comes_twice():
    pages, number = ["/", "/feed.xml", "/a/"], 100 * len(ADDRESSES)
    assert len({address(each, pages) for each in range(number)}) == number


def test_wrong_page_growing_worker_and_error_are_seen():
    memory = (100 * MEGABYTE, 110 * MEGABYTE)
    assert judged(Counter({200: 9, 404: 9}), [], 9, memory).is_clean
    assert not judged(Counter({200: 9, 404: 9}), ["404 /"], 9, memory).is_clean
    assert not judged(Counter({200: 9, 503: 1}), [], 9, memory).is_clean
    assert not judged(Counter({200: 9}), [], 0, memory).is_clean
    assert not judged(Counter({200: 9}), [], 9, (100 * MEGABYTE, 120 * MEGABYTE)).is_clean
