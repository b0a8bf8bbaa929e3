"""Jekyll trees made for one test."""

from pathlib import Path

import pytest

from tests.jekyll.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A tree without articles. Its `_config.yml` names two sections."""
    return Site(tmp_path / "old")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
