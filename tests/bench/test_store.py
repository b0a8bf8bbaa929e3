import contextlib
from pathlib import Path

import pytest

from bench.load import has_wrk
from bench.servers import BenchError, Server, bare
from bench.store import Measured, Way, ask, cost, rounds, same, table, with_starts


def way(server: Server, **different) -> Way:
    return Way("page", server.connect, server.pids, ["/"], told={None})._replace(**different)


def answered(server: Server):
    with contextlib.closing(server.connect()) as connection:
        return ask(connection, "/", {})


def test_least_answers_the_same_bytes_and_both_are_measured(tmp_path: Path) -> None:
    with bare("bare", "bench.bare_wsgi", tmp_path) as server:
        answer, body = answered(server)
        with same("the same", answer, body, tmp_path) as least:
            again, same_body = answered(least)
            assert (again.status, same_body) == (answer.status, body)
            assert again.headers.keys() == answer.headers.keys()
            edits: list[None] = []
            subject = way(server, paths=["/", "/?2"], before=lambda: edits.append(None))
            (found,) = rounds([(subject, way(least, name="least"))], 2, 0)
    assert (found.name, found.least) == ("page", "least")
    assert len(found.shares) == len(found.microseconds) == 2
    assert all(share > 0 for share in found.shares)
    assert len(edits) == 3  # one to warm up, and one a round


@pytest.mark.skipif(not has_wrk(), reason="wrk is not installed")
def test_what_wrk_asks_is_measured(tmp_path: Path) -> None:
    with bare("bare", "bench.bare_wsgi", tmp_path) as server:
        subject = way(server, origin=server.origin)
        assert cost(subject, 0) > 0
        with pytest.raises(BenchError, match="page: / answers 200"):
            cost(subject._replace(told={"hit"}), 0)


@pytest.mark.parametrize("different", [{"status": 304}, {"told": {"hit"}}])
def test_other_answer_is_not_measured(different: dict, tmp_path: Path) -> None:
    with bare("bare", "bench.bare_wsgi", tmp_path) as server:
        subject = way(server, **different)
        with pytest.raises(BenchError, match="page: / answers 200, X-Page-Store: None"):
            rounds([(subject, subject)], 1, 0)


def test_table_tells_median_and_spread() -> None:
    told = table([Measured("hit", "least", [110.0, 120.0, 300.0], [0.9, 0.5, 1.0])])
    assert told.splitlines()[-1].split() == ["hit", "120", "0.90", "(0.50–1.00)", "of", "least"]


def test_rounds_of_all_starts_count() -> None:
    asked: list[int] = []

    def start(number: int) -> list[Measured]:
        asked.append(number)
        return [Measured(name, "least", [100.0 * len(asked)] * number, [0.9] * number) for name in ("hit", "304")]

    found = with_starts(start, 7)
    assert asked == [3, 3, 1]
    assert [(way.name, way.least) for way in found] == [("hit", "least"), ("304", "least")]
    assert found[1].microseconds == [100, 100, 100, 200, 200, 200, 300]
    assert found[1].shares == [0.9] * 7
