"""Sites of tests.sites.content for whoever asks; they are made once in a run and start when they are first wanted."""

import fcntl
import functools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sites import server
from tests.sites.places import PLACES


@pytest.fixture(scope="session")
def sites_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the sites are served from, made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sites"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            server.prepare(folder, "attacked", "desk", *{place.content for place in PLACES.values()})
            (folder / "ready").touch()
    return folder


@pytest.fixture(scope="session")
def serve(sites_folder: Path) -> Iterator[Callable[[str], str]]:
    """The address of the site that holds what is named; each starts when it is first asked for."""
    with ExitStack() as stack:
        yield functools.cache(lambda content: stack.enter_context(server.serve(sites_folder, content)))
