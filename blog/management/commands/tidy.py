"""Clean up: unused files and rows, what a crash left behind, and articles that are missing in the search index."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from blog.database import analyze
from blog.delivery.generation import forget_changes
from blog.operations.leftovers import remove_rows
from blog.pictures.stored_files import tidy
from blog.search.index import reindex_stale


class Command(BaseCommand):
    help = (
        "Removes pictures, renditions and cards that nothing refers to any more and that are older than a day, and does"
        " what `reindex_search --stale` does. Removes ended sessions, preview links three months after their end,"
        " autosaves that are saved or a year old, tasks that were done a day ago or failed a month ago, and what is"
        " older than AUDIT_DAYS in the log of acts. Meant to run every night."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing, name what would be removed")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        if not dry_run and (indexed := reindex_stale()):
            self.stdout.write(f"{indexed:,} articles were indexed.")
        if not dry_run:
            for kind, removed in remove_rows().items():
                if removed:
                    self.stdout.write(f"{removed:,} {kind} were removed.")
            call_command("prune_db_task_results", min_age_days=1, failed_min_age_days=30, verbosity=0)
            analyze()
            forget_changes()
        count = 0
        try:
            for count, name in enumerate(tidy(dry_run=dry_run), start=1):  # noqa: B007
                self.stdout.write(name)
        except OSError as error:
            raise CommandError(f"stopped after {count:,} files: {error}") from error
        self.stdout.write(f"{count:,} files {'would be ' if dry_run else ''}removed.")
