"""What every test may ask for."""

import gc
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

pytest_plugins = ["tests.reporting", "tests.sites.fixtures"]

# A test makes some hundred thousand objects and keeps few: looking through them for cycles at every 700th, as Python
# does, takes a tenth of a run.
gc.set_threshold(20_000)

# The gate draws the same examples in every run, so that it fails for what changed and for nothing else. `make fuzz`
# draws new ones. A test's own `@settings` say how many examples it takes, and leave the rest to the profile.
hypothesis_settings.register_profile("gate", derandomize=True, deadline=None, database=None)
hypothesis_settings.register_profile("fuzz", derandomize=False, deadline=None, database=None, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def pytest_collection_finish() -> None:
    """Spares the garbage collector the thousands of tests that stay: it took a tenth of a run to look through them."""
    gc.freeze()


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C reaches what the test starts; a shell starts what runs in its background so that it does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The Jekyll root of the 400 real posts; the test is skipped where CORPUS_DIR does not name it."""
    if not os.environ.get("CORPUS_DIR"):
        pytest.skip("CORPUS_DIR is not set")
    return Path(os.environ["CORPUS_DIR"]).resolve()
