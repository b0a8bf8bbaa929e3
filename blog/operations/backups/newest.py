"""When this machine made its newest backup, for the desk and for Prometheus, so that a failure does not go unnoticed.

The time is that of a file in DATA_DIR: a row of the database would be part of each backup. A machine that never made a
backup, such as a developer's, has no file and shows no warning.
"""

from datetime import timedelta
from pathlib import Path
from time import time

from django.conf import settings

OLD = timedelta(hours=26)  # made every day, and may take two hours
TOO_OLD = "最後のバックアップから{hours:,}時間たっています。夜のバックアップが止まっているようです。"
TROUBLED = "最後のバックアップは作られましたが、手入れが要ります。サーバーの記録を見てください。"


def note_newest(*, is_whole: bool) -> None:
    """Notes that a backup was made now."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().write_text("" if is_whole else "trouble")


def seconds_since_newest() -> float | None:
    """None if this machine made no backup, or the file cannot be read."""
    try:
        return max(time() - _file().stat().st_mtime, 0)
    except OSError:
        return None


def backup_note() -> str:
    """A sentence for administrators if the newest backup is too old or incomplete; else ""."""
    age = seconds_since_newest()
    if age is None:
        return ""
    if age > OLD.total_seconds():
        return TOO_OLD.format(hours=int(age) // 3600)
    return TROUBLED if _file().stat().st_size else ""


def _file() -> Path:
    return settings.DATA_DIR / "newest-backup"
