"""Build the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from blog.search.index import reindex, reindex_stale


class Command(BaseCommand):
    help = (
        "Indexes all articles for the search anew, while the site goes on. With --stale only those that are missing in"
        " the index or out of date there, such as what an interrupted run has left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stale", action="store_true", help="only what is missing or out of date")

    def handle(self, *, stale: bool, **options: Any) -> None:
        number = (reindex_stale if stale else reindex)(self.show_progress)
        self.stdout.write(f"{number:,} articles were indexed.")

    def show_progress(self, done: int, total: int) -> None:
        if done % 1_000 == 0 and done < total:
            self.stdout.write(f"{done:,} of {total:,} ...")
