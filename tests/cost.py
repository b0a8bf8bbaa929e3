"""What an attack on a parser may cost."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def cpu_seconds(at_most: float, what: str = "") -> Iterator[None]:
    """Fails a block that computes for longer, wherever else the machine was busy meanwhile.

    The bound is ten times what the block takes, or more, so that nobody meets it by chance: a parser that goes back and
    forth over its text takes minutes.
    """
    began = time.process_time()
    yield
    spent = time.process_time() - began
    assert spent < at_most, f"{spent:.1f} seconds of computing {what}"


def least_cpu_seconds(work: Callable[[], object], times: int = 3) -> float:
    """What the work takes once all that it uses is loaded; of several times the least, for others disturb the rest."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)
