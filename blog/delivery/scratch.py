"""Temporary files (uploads, trees that are taken in), on the disk that has the site's own data."""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

OLD = timedelta(days=1)  # nothing that goes on takes so long
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_disk_full(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in NO_ROOM


def keep(place: str | Path) -> None:
    """Makes a file, or what a folder lists, outlast a power cut."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class ScratchUpload(TemporaryUploadedFile):
    """An upload in our folder. Django's class uses /tmp, or FILE_UPLOAD_TEMP_DIR, which must exist at each start."""

    def __init__(self, *about: Any) -> None:
        file = tempfile.NamedTemporaryFile(dir=parent_folder(), suffix=".upload")  # noqa: SIM115  Django closes it
        UploadedFile.__init__(self, file, *about)


class UploadHandler(TemporaryFileUploadHandler):
    """Writes uploads that are too long for memory. Raises the OSError of a full disk, and leaves no file."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = ScratchUpload(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.file.write(raw_data)
            self.file.flush()  # or the last bytes would fail in the view, or when the file is closed
        except OSError:
            # Closing removes the file, and tries once more to write. Its error would hide the first one.
            with suppress(OSError):
                self.file.close()
            raise


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yields an empty folder that nobody else can read, and removes it. One stays if the process is killed."""
    with tempfile.TemporaryDirectory(dir=parent_folder()) as folder:
        yield Path(folder)


def remove_old() -> int:
    """Removes what killed processes left. Returns the number of folders and files."""
    latest, removed = time.time() - OLD.total_seconds(), 0
    for left in parent_folder().glob("*"):
        with suppress(FileNotFoundError):  # what others write ends meanwhile
            if left.stat().st_mtime >= latest:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()
            removed += 1
    return removed


def parent_folder() -> Path:
    """The folder of all temporary files. It is created if it is missing."""
    folder: Path = settings.DATA_DIR / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
