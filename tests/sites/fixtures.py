"""Sites of tests.sites.content for whoever asks; each worker has copies, which start when they are first wanted."""

import fcntl
import functools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sites import server
from tests.sites.places import PLACES


@pytest.fixture(scope="session")
def sites_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the sites of this worker are served from: tests of two workers may edit the same article."""
    base = tmp_path_factory.getbasetemp()
    own = base / "sites"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _made(own)
    return Path(shutil.copytree(_made(base.parent / "sites"), own))


def _made(folder: Path) -> Path:
    """The folder with all sites, which the worker that comes first makes."""
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
