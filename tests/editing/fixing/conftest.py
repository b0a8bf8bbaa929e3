import pytest

from tests.editing.checking import fakes


@pytest.fixture(autouse=True)
def fake_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blog.editing.checking.check", fakes.check)
