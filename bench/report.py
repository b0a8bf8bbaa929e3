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

from bench.measure import Sample, Subject

VIEW, WSGI = "bare Django view", "bare WSGI application"
Rounds = list[dict[Subject, Sample]]


def spread(values: Iterable[float]) -> dict[str, float]:
    ordered = sorted(values)
    summary = {"median": statistics.median(ordered), "min": ordered[0], "max": ordered[-1]}
    return {name: float(f"{value:.4g}") for name, value in summary.items()}


def summarise(rounds: Rounds, unit: Subject) -> dict[Subject, dict[str, Any]]:
    """Of each subject its cost in milliseconds, and as a multiple of `unit` in the same round."""
    return {
        subject: {
            "ratio": spread(found[subject].cpu / found[unit].cpu for found in rounds),
            "cpu_ms": spread(found[subject].cpu for found in rounds),
            "database_ms": spread(found[subject].database for found in rounds),
            "wall_ms": spread(found[subject].wall for found in rounds),
        }
        for subject in rounds[0]
    }


def run_record(rounds: Rounds, unit: Subject, pages: dict[str, dict], about: dict[str, Any]) -> dict[str, Any]:
    """A run as the results file holds it: `bare` by application, `pages` by name, then by server."""
    summary = summarise(rounds, unit)
    record = about | {"rounds": len(rounds), "bare": {}, "pages": {}}
    for subject, costs in summary.items():
        if subject.page in pages:
            record["pages"].setdefault(subject.page, dict(pages[subject.page]))[subject.server.name] = costs
        else:
            record["bare"][subject.server.name] = costs
    return record


def table(record: dict[str, Any], servers: list[str]) -> str:
    """The ratios of a run, median (minimum–maximum); a server without the page has a dash."""
    bare = record["bare"]
    unit, least = bare[VIEW]["cpu_ms"], bare[WSGI]["ratio"]
    lines = [
        f"\n{record['database']}, {record['posts']:,} posts, {record['rounds']} rounds",
        f"CPU a request, where the {VIEW} ({unit['median']:.3g} ms) is 1 and the {WSGI} {least['median']:.2g}:\n",
        f"{'':20}{'queries':>8}{'bytes':>9}" + "".join(f"{server:>26}" for server in servers),
    ]
    for name, page in record["pages"].items():
        cells = "".join(f"{_cell(page.get(server)):>26}" for server in servers)
        lines.append(f"{name:20}{page['queries']:>8}{page['bytes']:>9,}{cells}")
    return "\n".join(lines)


def _cell(costs: dict[str, Any] | None) -> str:
    if costs is None:
        return "–"
    ratio = costs["ratio"]
    return f"{ratio['median']:.1f} ({ratio['min']:.1f}–{ratio['max']:.1f})"


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
