"""Articles with findings, by a check that the tests know."""

from typing import Any

import pytest

from blog.editing.permissions import EDITOR
from tests.editing.checking import fakes
from tests.factories import make_user


@pytest.fixture(autouse=True)
def fake_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blog.editing.checking.check", fakes.check)


@pytest.fixture
def desk(client: Any) -> Any:
    client.force_login(make_user(role=EDITOR))
    return client
