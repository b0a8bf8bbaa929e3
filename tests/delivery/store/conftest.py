import pytest

from blog.delivery.store import page_store


@pytest.fixture(autouse=True)
def one_thread(monkeypatch, mark) -> None:
    """No thread of ours asks the database of a test; whoever needs it looks itself."""
    monkeypatch.setattr(page_store, "start", lambda: None)
