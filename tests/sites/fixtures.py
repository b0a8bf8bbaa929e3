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
from tests.sites.server import NOTHING, STATIC


@pytest.fixture(scope="session")
def sites_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder that this worker serves its sites from, once it holds that of the content.

    What is made is shared, and copied for each worker: tests of two workers may edit the same article. `make test`
    names the folder of what is made, for its two runs.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = Path(os.environ.get("MADE_SITES") or shared / "made-sites")
    made.mkdir(exist_ok=True)
    own = base / "sites"

    @functools.cache
    def add(content: str) -> Path:
        needed = (NOTHING, STATIC) if content == NOTHING else (content,)
        if content != NOTHING:
            add(NOTHING)
        _make_once(made, needed)
        for name in needed:
            shutil.copytree(made / name, own / name)
        return own

    return add


def _make_once(folder: Path, names: tuple[str, ...]) -> None:
    """Makes them in the worker that comes first; others wait for it."""
    with open(folder / f"{names[0]}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / f"{names[0]}.ready").exists():
            server.make(folder, *names)
            (folder / f"{names[0]}.ready").touch()


@pytest.fixture(scope="session")
def sites_folder(sites_with: Callable[[str], Path]) -> Path:
    """The folder with the empty site and what is static."""
    return sites_with(NOTHING)


@pytest.fixture(scope="session")
def serve(sites_with: Callable[[str], Path]) -> Iterator[Callable[[str], str]]:
    """The address of the site that holds what is named; each starts when it is first asked for."""
    with ExitStack() as stack:
        yield functools.cache(lambda content: stack.enter_context(server.serve(sites_with(content), content)))
