"""The database connection of a test, for code that gives up its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

SIGNALS = (request_started, request_finished)


@contextmanager
def kept_connection() -> Iterator[None]:
    """For a handler that is called in a test's transaction, as Django's own test client does it: with its connection
    the transaction would go too.
    """
    for signal in SIGNALS:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in SIGNALS:
            signal.connect(close_old_connections)
