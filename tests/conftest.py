"""What every test may ask for."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

pytest_plugins = ["tests.reporting", "tests.sites.fixtures"]


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The Jekyll root of the 400 real posts; the test is skipped where CORPUS_DIR does not name it."""
    if not os.environ.get("CORPUS_DIR"):
        pytest.skip("CORPUS_DIR is not set")
    return Path(os.environ["CORPUS_DIR"]).resolve()
