"""What the tests of delivery share."""

from collections.abc import Callable
from typing import Any

import pytest

from blog.delivery import freshness
from blog.delivery.known_changes import KnownChanges
from blog.delivery.shared_mark import SharedMark


@pytest.fixture
def mark(tmp_path, monkeypatch) -> SharedMark:
    """Stands for that of the host; this process has found nothing yet."""
    mark = SharedMark(tmp_path / "var" / "freshness")
    monkeypatch.setattr(freshness, "mark", mark)
    monkeypatch.setattr(freshness, "known", KnownChanges(mark))
    return mark


@pytest.fixture
def committed(django_capture_on_commit_callbacks) -> Callable[..., None]:
    """Calls a function as if its transaction ended with it: what waits for the commit is done."""

    def call(function: Callable[..., Any], *arguments: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            function(*arguments)

    return call
