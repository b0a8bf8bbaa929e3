"""Where copies stand while a backup is made or restored: on the disk that has the site's own data."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings

OLD = timedelta(days=1)  # no backup takes so long


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yields an empty folder that nobody else can read, and removes it. One stays if the process is killed."""
    _parent().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_parent()) as folder:
        yield Path(folder)


def remove_old() -> int:
    """Removes what killed processes left, and returns how many folders that were."""
    latest = time.time() - OLD.total_seconds()
    old = [folder for folder in _parent().glob("*") if folder.stat().st_mtime < latest]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)


def _parent() -> Path:
    folder: Path = settings.DATA_DIR / "scratch"
    return folder
