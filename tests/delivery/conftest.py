"""What the tests of delivery share."""

from collections.abc import Callable
from typing import Any

import pytest

from blog.delivery import generation
from blog.delivery.generation import Generation, Mark


@pytest.fixture
def present(tmp_path, monkeypatch) -> Generation:
    """Stands for that of the process, which has found nothing yet; no thread of it asks the database of a test."""
    present = Generation(Mark(tmp_path / "var" / "generation"))
    monkeypatch.setattr(generation, "present", present)
    monkeypatch.setattr(Generation, "start", lambda self: None)
    return present


@pytest.fixture
def committed(django_capture_on_commit_callbacks) -> Callable[..., None]:
    """Calls a function as if its transaction ended with it: what waits for the commit is done."""

    def call(function: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            function(*arguments, **named)

    return call
