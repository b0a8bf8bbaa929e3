"""Sums up a profile by area: the database, the ORM, templates, the rest of Django, our own code."""

from collections import defaultdict
from typing import NamedTuple

BUILT_IN = "~"  # the file name that cProfile gives functions written in C
AREAS = (
    ("database", ("SQLiteCursorWrapper", "sqlite3.", "/psycopg/", "/psycopg_pool/", "psycopg_")),
    ("ORM", ("/django/db/",)),
    ("templates", ("/django/template/", "/django/utils/html.py", "/django/utils/safestring.py")),
    ("the rest of Django", ("/django/", "/asgiref/")),
    ("our code", ("/blog/",)),
)
SHOWN = 12

Function = tuple[str, int, str]  # file, line, name


class Area(NamedTuple):
    seconds: float
    functions: dict[str, float]


def area_of(function: Function) -> str:
    """Returns the first area with a mark in the function's file or name, else "rest", as for most built-in ones."""
    text = f"{function[0]} {function[2]}"
    return next((area for area, marks in AREAS if any(mark in text for mark in marks)), "rest")


def by_area(stats: dict[Function, tuple]) -> dict[str, Area]:
    """Sums up the own time of functions by area; `stats` is `pstats.Stats.stats`.

    A function in C counts for the area of its caller, unless it belongs to the database.
    """
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for function, (_, _, own, _, callers) in stats.items():
        name = f"{function[0].rpartition('/site-packages/')[2]}:{function[1]} {function[2]}"
        if function[0] == BUILT_IN and area_of(function) == "rest":
            for caller, (_, _, share, _) in callers.items():
                found[area_of(caller)][function[2]] += share
        else:
            found[area_of(function)][name] += own
    return {area: Area(sum(functions.values()), dict(functions)) for area, functions in found.items()}


def table(areas: dict[str, Area], requests: int) -> str:
    total = sum(area.seconds for area in areas.values()) or 1.0
    lines = ["Milliseconds a request under the profiler, which slows down Python but not C."]
    for name, area in sorted(areas.items(), key=lambda item: -item[1].seconds):
        lines.append(f"\n{name:40}{area.seconds / requests * 1000:9.2f}  {area.seconds / total:4.0%}")
        slowest = sorted(area.functions.items(), key=lambda item: -item[1])[:SHOWN]
        lines += [f"  {seconds / requests * 1000:9.2f}  {function}" for function, seconds in slowest]
    return "\n".join(lines)
