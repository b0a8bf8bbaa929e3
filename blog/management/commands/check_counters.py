"""Compare the stored counts and copies of posts' values with a recount."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from blog.delivery.generation import touch
from blog.queries.recount import Drift, find_drift, repair_drift

SHOWN = 20


@transaction.atomic
def _repair() -> Drift:
    drift = repair_drift()
    touch()
    return drift


class Command(BaseCommand):
    help = "Counts the posts of every list and compares; fails if a stored number is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what is wrong")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        drift = _repair() if repair else find_drift()
        for key, (kept, counted) in list(drift.counts.items())[:SHOWN]:
            self.stdout.write(f"{key.kind} {key.key}, {key.month or 'ever'}: kept {kept:,}, counted {counted:,}")
        found = f"{len(drift.counts):,} counts, {drift.tagged_posts:,} dates of tags, {drift.posts:,} months of posts"
        if not any(drift):
            self.stdout.write(self.style.SUCCESS("Everything that is kept is right."))
        elif repair:
            self.stdout.write(self.style.SUCCESS(f"Repaired {found}."))
        else:
            raise CommandError(f"Wrong are {found}. `check_counters --repair` puts them right.")
