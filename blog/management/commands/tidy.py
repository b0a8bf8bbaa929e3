"""Clean up: unused files and rows, what a crash left behind, and articles that are missing in the search index."""

from argparse import ArgumentParser
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone

from blog.database import analyze
from blog.delivery.generation import forget_changes
from blog.models import Autosave, PreviewLink
from blog.pictures.stored_files import tidy
from blog.search.index import reindex_stale

ABANDONED = timedelta(days=365)  # an autosave that nobody opened for so long


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
            for kind, removed in _remove_rows().items():
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


def _remove_rows() -> dict[str, int]:
    """Returns the number of rows of each kind but sessions, which their own store removes without counting."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    now = timezone.now()
    ended: dict[str, QuerySet[Any]] = {
        "saved autosaves": Autosave.objects.long_done(),
        "abandoned autosaves": Autosave.objects.unsaved().filter(saved_at__lt=now - ABANDONED),
        "preview links": PreviewLink.objects.long_ended(),
    }
    if settings.AUDIT_DAYS:
        old = LogEntry.objects.filter(action_time__lt=now - timedelta(days=settings.AUDIT_DAYS))
        ended["entries of the log of acts"] = old
    return {name: rows.delete()[0] for name, rows in ended.items()}
