"""Writes a folder whole or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ExportError(ValueError):
    """Nothing was exported; the message says why."""


@contextmanager
def replaced_folder(target: Path, *, force: bool) -> Iterator[Path]:
    """Yields a new folder beside `target`. It replaces `target` if the block succeeds, and is deleted if it fails.

    Raises ExportError for a target that may not be replaced, and for errors of the disk.
    """
    target = Path(os.path.realpath(target))
    try:
        _check(target, force)
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name[:50]}-", dir=target.parent))
    except OSError as error:
        raise _failure(error) from error
    new = scratch / "new"
    try:
        new.mkdir()  # has the usual rights; the scratch folder is closed to other users
        yield new
        _swap(new, target, scratch / "old")
    except OSError as error:
        raise _failure(error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _check(target: Path, force: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise ExportError(f"{target} is a file, not a folder")
    if not any(target.iterdir()):
        return
    if not force:
        raise ExportError(f"{target} is not empty: choose another folder, or replace the export in it with --force")
    if not (target / "_config.yml").is_file() or not (target / "_posts").is_dir():
        raise ExportError(f"{target} holds no export, and is not replaced")
    if (target / ".git").exists():
        raise ExportError(f"{target} is a Git repository, whose history would be lost: export beside it and copy")


def _swap(new: Path, target: Path, old: Path) -> None:
    """Puts the new folder in the place of `target`. If that fails, `target` is still the old one."""
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _failure(error: OSError) -> ExportError:
    reason = error.strerror or str(error)
    if error.errno == errno.ENOSPC:
        reason = "there is no room left on the disk"
    return ExportError(f"{error.filename}: {reason}" if error.filename else reason)
