import json
from pathlib import Path

from bench.measure import Sample, Subject, Turn
from bench.report import VIEW, WSGI, machine, run_record, smallest, spread, store, table
from bench.servers import Server

UNIT = Subject("", "/", Server(VIEW, 1))
LEAST = Subject("", "/", Server(WSGI, 2))
HOME = Subject("home", "/", Server("site", 3))
FEED = Subject("feed", "/feed.xml", HOME.server)
THEIR_HOME = Subject("home", "/", Server("other", 4))
PAGES = {"home": {"path": "/", "queries": 5, "bytes": 20_000}, "feed": {"path": "/feed.xml", "queries": 2, "bytes": 9}}
WEIGHTS = {"home": {"raw": 20_000, "brotli": 4_000}}
WORK = {"a check": {"median": 9.5, "min": 9.1, "max": 12.0}}


def a_round(unit: float, home: float) -> dict[Subject, Turn]:
    costs = {UNIT: unit, LEAST: unit / 2, HOME: home, FEED: 3 * home, THEIR_HOME: 2 * home}
    return {subject: Turn(Sample(unit, 0, unit), Sample(cpu, 0, cpu)) for subject, cpu in costs.items()}


def record(posts: int = 2_500, *, home: float = 1.0, database: str = "sqlite") -> dict:
    rounds = [a_round(0.1, home), a_round(0.2, home), a_round(0.1, 4 * home)]
    described = {"pages": PAGES, "weights": WEIGHTS, "cookie": "secret", "work": WORK}
    return run_record(rounds, described, {"database": database, "posts": posts}, {HOME: 123.04})


def test_spread_is_median_least_and_most() -> None:
    assert spread([9.0, 1.0, 2.0]) == {"median": 2.0, "min": 1.0, "max": 9.0}


def test_ratio_is_taken_within_each_turn() -> None:
    costs = record()["pages"]["home"]["cost"]["site"]
    assert costs["ratio"] == {"median": 10.0, "min": 5.0, "max": 40.0}
    assert costs["cpu_ms"] == {"median": 1.0, "min": 1.0, "max": 4.0}


def test_record_keeps_what_is_known_of_a_page_and_the_bare_servers_apart() -> None:
    found = record()
    assert found["rounds"] == 3
    assert found["pages"]["home"]["queries"] == 5
    assert set(found["bare"]) == {VIEW, WSGI}
    assert set(found["pages"]["feed"]["cost"]) == {"site"}
    assert "cost" not in PAGES["feed"]


def test_table_has_a_column_for_each_server_and_a_dash_where_it_lacks_the_page() -> None:
    lines = table(record(), ["site", "other"]).splitlines()
    home, feed = (next(line for line in lines if line.startswith(name)) for name in ("home", "feed"))
    assert home.split() == ["home", "5", "20,000", "–", "123", "10.0", "(5.0–40.0)", "20.0", "(10.0–80.0)"]
    assert feed.split()[3:5] == ["–", "–"]
    assert feed.split()[-1] == "–"
    assert lines[-3].split() == ["home", "20,000", "4,000"]
    assert lines[-1] == "a check: 9.5 ms of CPU (9.1–12.0)"


def test_growth_is_measured_against_the_fewest_posts_on_the_same_database() -> None:
    runs = {
        "sqlite 2500": record(),
        "sqlite 100000": record(100_000, home=1.1),
        "postgresql 100": record(100, home=9.0, database="postgresql"),
    }
    large = record(1_000_000, home=1.2)
    small = smallest(runs, large)
    assert small["posts"] == 2_500
    lines = table(large, ["site"], small).splitlines()
    assert "× at 2,500" in "".join(lines)
    assert next(line for line in lines if line.startswith("home")).split()[3] == "1.20"
    assert smallest(runs, record(2_500)) is None


def test_page_that_the_smaller_site_lacked_has_no_growth() -> None:
    small = record()
    del small["pages"]["feed"]
    lines = table(record(100_000), ["site"], small).splitlines()
    assert next(line for line in lines if line.startswith("feed")).split()[3] == "–"


def test_no_cookie_is_kept() -> None:
    assert "secret" not in json.dumps(record())


def test_run_replaces_only_the_earlier_run_of_its_size_and_database(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    store(path, record(100) | {"mark": "old"})
    store(path, record(2_500))
    store(path, record(100))
    runs = json.loads(path.read_text())
    assert list(runs) == ["sqlite 100", "sqlite 2500"]
    assert "mark" not in runs["sqlite 100"]


def test_machine_is_described() -> None:
    described = machine()
    assert described["cores"] >= 1
    assert described["memory_mib"] > 100
    assert all(described.values())
