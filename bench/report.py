"""Turns samples into ratios and a table."""

import statistics
from collections.abc import Callable, Iterable
from typing import Any

from bench.measure import DESK, Subject, Turn

VIEW, WSGI = "bare Django view", "bare WSGI application"


def spread(values: Iterable[float]) -> str:
    """The median, and the least and the most."""
    ordered = sorted(values)
    median = statistics.median(ordered)
    digits = 1 if median >= 2 else 2
    return f"{median:.{digits}f} ({ordered[0]:.{digits}f}–{ordered[-1]:.{digits}f})"


def table(about: str, rounds: list[dict[Subject, Turn]], described: dict[str, Any]) -> str:
    """A line for each page: its queries, its bytes, and its CPU as a multiple of a bare view and in milliseconds."""
    turns = {subject: [found[subject] for found in rounds] for subject in rounds[0]}

    def of(subject: Subject, figure: Callable[[Turn], float]) -> str:
        return spread(figure(turn) for turn in turns[subject])

    lines = [
        f"\n{about}, {len(rounds)} rounds",
        f"{'':22}{'queries':>8}{'bytes':>9}{'× bare view':>22}{'ms of CPU':>22}{'ms of the database':>22}",
    ]
    for subject in turns:
        page = described["pages"].get(subject.page, {"queries": "–", "bytes": 0})
        name = subject.page.replace(DESK, "desk ") or subject.server.name
        cells = (
            of(subject, figure)
            for figure in (lambda turn: turn.ratio, lambda turn: turn.cost.cpu, lambda turn: turn.cost.database)
        )
        lines.append(f"{name:22}{page['queries']:>8}{page['bytes']:>9,}" + "".join(f"{cell:>22}" for cell in cells))
    for name, weights in described["weights"].items():
        lines.append(f"{name}: " + ", ".join(f"{size:,} {kind}" for kind, size in weights.items()))
    return "\n".join(lines)
