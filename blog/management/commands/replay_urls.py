"""Say what each address of a list answers now."""

from argparse import ArgumentParser
from collections import Counter
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.operations.health import PROBES
from blog.redirects.replay import replay


class Command(BaseCommand):
    help = "Reads one path or URL a line and prints 200, 301 or 302 with where it leads, or 404; fails if one is lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="for example the addresses of a sitemap or an access log")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            lines = file.read_text("utf-8-sig").splitlines()  # some editors begin a file with a mark
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        found: Counter[HTTPStatus] = Counter()
        for address, status, location in replay(lines, probes=PROBES):
            found[status] += 1
            self.stdout.write(f"{status:d} {address}{location and f' → {location}'}")
        if not found:
            raise CommandError(f"{file} names no address.")
        counts = ", ".join(f"{number:,} answer {status:d}" for status, number in sorted(found.items()))
        if any(status >= HTTPStatus.BAD_REQUEST for status in found):
            raise CommandError(f"Some addresses are lost: {counts}.")
        self.stdout.write(self.style.SUCCESS(f"No address is lost: {counts}."))
