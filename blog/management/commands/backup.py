"""Backs up the database and the pictures: `backup DIR`."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.operations.backups.making import Made, back_up
from blog.operations.backups.newest import note_newest
from blog.operations.backups.store import BackupError
from blog.processes import signals_unwind

WITH_TROUBLE = 3  # the status where a backup was made and something needs a person; deploy/compose/backups.sh knows it


class Command(BaseCommand):
    help = (
        "Writes database and pictures into DIR while the site goes on. Pictures that an earlier backup has are"
        " read through and not copied again. BACKUP_RECIPIENTS encrypts it. Meant to run every night."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="folder of the backups; it is made if it is missing")
        parser.add_argument("--keep", type=count, default=14, help="how many of the newest backups stay (14)")
        parser.add_argument("--keep-months", type=count, default=12, help="of how many months the last one stays (12)")

    def handle(self, *, dir: Path, keep: int, keep_months: int, **options: Any) -> None:
        try:
            with signals_unwind():
                made = back_up(dir, recent=keep, months=keep_months)
        except BackupError as error:
            raise CommandError(f"No backup was made: {error}.") from error
        troubles = list(_troubles(made))
        try:
            note_newest(is_whole=not troubles)
        except OSError as error:
            troubles.append(f"the desk cannot be told of it: {error}")
        for name in made.manifest.missing:
            self.stderr.write(f"{name} is named in the database and was not found.")
        self.stdout.write(
            f"{made.name}: the database, {len(made.manifest.media):,} files ({made.new_files:,} new);"
            f" {made.removed:,} older backups removed"
        )
        if troubles:
            raise CommandError(f"The backup was made, but {'; and '.join(troubles)}.", returncode=WITH_TROUBLE)


def _troubles(made: Made) -> Iterator[str]:
    if made.damaged:
        yield (
            f"{len(made.damaged):,} file(s) of an earlier one stood damaged on this disk and had to be copied again:"
            f" {made.damaged[0]}"
        )
    if made.left_out:
        yield f"{len(made.left_out):,} file(s) were left out, whose names no restore would take: {made.left_out[0]!a}"
    if made.not_removed:
        yield f"no older one was removed: {made.not_removed}"


def count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ArgumentTypeError(f"{text!r} is no whole number of 0 or more")
    return int(text)
