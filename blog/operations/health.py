"""Whether the site can answer readers."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from blog.delivery.outages import is_database_away
from blog.models import QueuedTask


def readiness() -> dict[str, bool]:
    """Maps each thing that the site needs to whether it is there.

    If the database is away, nothing else is asked of it: each query would wait in vain.
    """
    found = {"database": has_database(), "disk": has_room(), "backup": has_backup()}
    return found | {name: found["database"] and check() for name, check in ASKS_DATABASE.items()}


def has_database() -> bool:
    if is_database_away():
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def has_migrations() -> bool:
    """Whether the database has every table and column that this release needs."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False


def has_room() -> bool:
    """Whether the disk of the site's data has MIN_FREE_DISK_MB left; before it is full, saves and uploads fail."""
    try:
        return shutil.disk_usage(settings.DATA_DIR).free >= settings.MIN_FREE_DISK_MB * 2**20
    except OSError:
        return False


def last_backup() -> datetime | None:
    """When deploy/backup last succeeded on this machine; None if it never did."""
    try:
        return datetime.fromtimestamp((settings.DATA_DIR / "last-backup").stat().st_mtime, UTC)
    except OSError:
        return None


def has_backup() -> bool:
    """Whether a backup succeeded in the last MAX_BACKUP_AGE hours."""
    if not settings.MAX_BACKUP_AGE:
        return True
    succeeded_at = last_backup()
    return succeeded_at is not None and timezone.now() - succeeded_at < timedelta(hours=settings.MAX_BACKUP_AGE)


def has_worker() -> bool:
    """Whether no task has waited longer than MAX_TASK_WAIT, so that a worker seems to run."""
    if not settings.MAX_TASK_WAIT:
        return True
    try:
        return not QueuedTask.objects.late(timedelta(seconds=settings.MAX_TASK_WAIT)).exists()
    except Error:
        return False


ASKS_DATABASE: dict[str, Callable[[], bool]] = {"migrations": has_migrations, "tasks": has_worker}
