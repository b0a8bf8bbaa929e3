"""Checks every article again and lists what is wrong: `audit_posts [--format table|json] [--code X]`."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from blog.editing.checking import audit_posts
from blog.queries.findings import counts_by_code, findings_by_post
from blog.text.desk import CODES, ERRORS


class Command(BaseCommand):
    help = "Checks every article again, stores the findings and lists them. Changes no article."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("table", "json"), default="table", help="default: %(default)s")
        parser.add_argument(
            "--code", action="append", choices=CODES, metavar="CODE", help="list only this kind; may be given again"
        )

    def handle(self, *, format: str, code: list[str] | None, **options: Any) -> None:
        checked = audit_posts(progress=self.show_progress)
        if format == "json":
            self.write_json(code or ())
        else:
            self.write_table(checked, code or CODES)

    def write_json(self, codes: Iterable[str]) -> None:
        """Writes article by article, so that a large archive takes no memory."""
        separator = "["
        for item in findings_by_post(codes):
            self.stdout.write(separator, ending="\n")
            self.stdout.write(json.dumps(item, ensure_ascii=False), ending="")
            separator = ","
        self.stdout.write("[]" if separator == "[" else "\n]")

    def write_table(self, checked: int, codes: Iterable[str]) -> None:
        counts = counts_by_code()
        self.stdout.write(f"{'code':<18}{'findings':>10}{'articles':>10}")
        for code in CODES:
            if code in codes and code in counts:
                kind = "error" if code in ERRORS else "warning"
                self.stdout.write(f"{code:<18}{counts[code].findings:>10,}{counts[code].posts:>10,}  {kind}")
        self.stdout.write(f"{checked:,} articles checked.")

    def show_progress(self, done: int, total: int) -> None:
        if done % 10_000 == 0:
            self.stderr.write(f"{done:,} ...")
