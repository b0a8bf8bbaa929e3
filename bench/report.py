"""Turns samples into ratios, a table and the results file."""

import importlib.metadata
import json
import os
import platform
import re
import sqlite3
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.measure import Subject, Turn

VIEW, WSGI = "bare Django view", "bare WSGI application"
Rounds = list[dict[Subject, Turn]]
Runs = dict[str, dict[str, Any]]


def spread(values: Iterable[float]) -> dict[str, float]:
    """Returns median, minimum and maximum, to four digits."""
    ordered = sorted(values)
    summary = {"median": statistics.median(ordered), "min": ordered[0], "max": ordered[-1]}
    return {name: float(f"{value:.4g}") for name, value in summary.items()}


def summarise(turns: list[Turn]) -> dict[str, dict[str, float]]:
    """Sums up the cost as a multiple of the unit in the same turn, and in milliseconds."""
    return {
        "ratio": spread(turn.ratio for turn in turns),
        "cpu_ms": spread(turn.cost.cpu for turn in turns),
        "database_ms": spread(turn.cost.database for turn in turns),
        "wall_ms": spread(turn.cost.wall for turn in turns),
    }


def run_record(
    rounds: Rounds, described: dict[str, Any], about: dict[str, Any], rates: dict[Subject, float]
) -> dict[str, Any]:
    """Makes the record of a run for the results file: `bare` by application, `pages` by name, each `cost` by server,
    and `weights` and `work` as they were described.

    `rates` are requests per second; empty if they were not measured.
    """
    record = about | {"rounds": len(rounds), "bare": {}, "weights": described["weights"]}
    record["work"] = described["work"]
    record["pages"] = {name: page | {"cost": {}} for name, page in described["pages"].items()}
    for subject in rounds[0]:
        place = record["pages"][subject.page]["cost"] if subject.page else record["bare"]
        rate = {"requests_per_second": float(f"{rates[subject]:.4g}")} if subject in rates else {}
        place[subject.server.name] = summarise([found[subject] for found in rounds]) | rate
    return record


def smallest(runs: Runs, record: dict[str, Any]) -> dict[str, Any] | None:
    """Finds the run with the fewest posts on the same database, if fewer than in `record`: growth is relative to it."""
    same = [run for run in runs.values() if run["database"] == record["database"] and run["posts"] < record["posts"]]
    return min(same, key=lambda run: run["posts"], default=None)


def table(record: dict[str, Any], servers: list[str], small: dict[str, Any] | None = None) -> str:
    """Prints the ratios of a run, median (minimum–maximum), the first server's growth since the run `small` and its
    requests per second; a dash stands for what was not measured.
    """
    unit, least = record["bare"][VIEW], record["bare"][WSGI]
    growth = f"× at {small['posts']:,}" if small else "growth"
    lines = [
        f"\n{record['database']}, {record['posts']:,} posts, {record['rounds']} rounds. CPU a request, as a multiple",
        f"of a {VIEW}: {unit['cpu_ms']['median']:.3g} ms, or {_cell(unit)} times itself. A {WSGI}: {_cell(least)}.",
        f"Requests per second: the view {_rate(unit)}, the application {_rate(least)}.\n",
        f"{'':20}{'queries':>8}{'bytes':>9}{growth:>12}{'per second':>11}" + "".join(f"{name:>24}" for name in servers),
    ]
    for name, page in record["pages"].items():
        ours = page["cost"].get(servers[0])
        grown = f"{_growth(name, ours, small and small['pages'], servers[0]):>12}{_rate(ours):>11}"
        cells = "".join(f"{_cell(page['cost'].get(server)):>24}" for server in servers)
        lines.append(f"{name:20}{page['queries']:>8}{page['bytes']:>9,}{grown}{cells}")
    return "\n".join(lines + _weights(record) + _work(record))


def _weights(record: dict[str, Any]) -> list[str]:
    lines = []
    for name, weights in record["weights"].items():
        lines += ["", f"{'bytes to send':20}" + "".join(f"{kind:>12}" for kind in weights)] if not lines else []
        lines.append(f"{name:20}" + "".join(f"{size:>12,}" for size in weights.values()))
    return lines


def _work(record: dict[str, Any]) -> list[str]:
    costs = record.get("work", {}).items()  # runs of older versions have none
    lines = [f"{name}: {cost['median']} ms of CPU ({cost['min']}–{cost['max']})" for name, cost in costs]
    return ["", *lines] if lines else []


def _growth(name: str, costs: dict[str, Any] | None, small: dict[str, Any] | None, server: str) -> str:
    before = (small or {}).get(name, {"cost": {}})["cost"].get(server)
    return f"{costs['ratio']['median'] / before['ratio']['median']:.2f}" if costs and before else "–"


def _rate(costs: dict[str, Any] | None) -> str:
    return f"{costs['requests_per_second']:,.0f}" if costs and "requests_per_second" in costs else "–"


def _cell(costs: dict[str, Any] | None) -> str:
    if costs is None:
        return "–"
    ratio = costs["ratio"]
    digits = 1 if ratio["median"] >= 2 else 2
    return f"{ratio['median']:.{digits}f} ({ratio['min']:.{digits}f}–{ratio['max']:.{digits}f})"


def machine() -> dict[str, str | int]:
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)
    versions = {name: importlib.metadata.version(name) for name in ("django", "gunicorn", "psycopg")}
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": os.cpu_count() or 0,
        "memory_mib": int(memory[1]) // 1024,
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **versions,
    }


def load(path: Path) -> Runs:
    return json.loads(path.read_text()) if path.exists() else {}


def store(path: Path, record: dict[str, Any]) -> Runs:
    """Puts the run into the file, replacing one of the same size and database, and returns all runs."""
    runs = load(path) | {f"{record['database']} {record['posts']}": record}
    path.write_text(json.dumps(runs, indent=1, ensure_ascii=False) + "\n")
    return runs
