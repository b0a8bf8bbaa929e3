from collections.abc import Callable
from typing import Any

import pytest

from blog.delivery.store import page_store


@pytest.fixture(autouse=True)
def one_thread(monkeypatch, mark) -> None:
    """No thread of ours asks the database of a test; whoever needs it looks itself."""
    monkeypatch.setattr(page_store, "start", lambda: None)


@pytest.fixture
def committed(django_capture_on_commit_callbacks) -> Callable[..., None]:
    """Calls a function as if its transaction ended with it: what waits for the commit is done."""

    def call(function: Callable[..., Any], *arguments: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            function(*arguments)

    return call
