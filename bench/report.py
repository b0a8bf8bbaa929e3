"""Samples into ratios, a table and the results file."""

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


def spread(values: Iterable[float]) -> dict[str, float]:
    ordered = sorted(values)
    summary = {"median": statistics.median(ordered), "min": ordered[0], "max": ordered[-1]}
    return {name: float(f"{value:.4g}") for name, value in summary.items()}


def summarise(turns: list[Turn]) -> dict[str, dict[str, float]]:
    """The cost as a multiple of the unit in the same turn, and in milliseconds."""
    return {
        "ratio": spread(turn.ratio for turn in turns),
        "cpu_ms": spread(turn.cost.cpu for turn in turns),
        "database_ms": spread(turn.cost.database for turn in turns),
        "wall_ms": spread(turn.cost.wall for turn in turns),
    }


def run_record(rounds: Rounds, pages: dict[str, dict], about: dict[str, Any]) -> dict[str, Any]:
    """A run as the results file holds it: `bare` by application, `pages` by name, and in each `cost` by server."""
    record = about | {"rounds": len(rounds), "bare": {}}
    record["pages"] = {name: page | {"cost": {}} for name, page in pages.items()}
    for subject in rounds[0]:
        place = record["pages"][subject.page]["cost"] if subject.page else record["bare"]
        place[subject.server.name] = summarise([found[subject] for found in rounds])
    return record


def table(record: dict[str, Any], servers: list[str]) -> str:
    """The ratios of a run, median (minimum–maximum); a server without the page has a dash."""
    unit, least = record["bare"][VIEW], record["bare"][WSGI]
    lines = [
        f"\n{record['database']}, {record['posts']:,} posts, {record['rounds']} rounds. CPU a request, as a multiple",
        f"of a {VIEW}: {unit['cpu_ms']['median']:.3g} ms, or {_cell(unit)} times itself. A {WSGI}: {_cell(least)}.\n",
        f"{'':20}{'queries':>8}{'bytes':>9}" + "".join(f"{server:>26}" for server in servers),
    ]
    for name, page in record["pages"].items():
        cells = "".join(f"{_cell(page['cost'].get(server)):>26}" for server in servers)
        lines.append(f"{name:20}{page['queries']:>8}{page['bytes']:>9,}{cells}")
    return "\n".join(lines)


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


def store(path: Path, record: dict[str, Any]) -> None:
    """Puts the run in the file, in the place of an earlier one of the same size and database."""
    runs = json.loads(path.read_text()) if path.exists() else {}
    runs[f"{record['database']} {record['posts']}"] = record
    path.write_text(json.dumps(runs, indent=1, ensure_ascii=False) + "\n")
