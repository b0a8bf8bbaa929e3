"""What the tests of delivery share."""

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
