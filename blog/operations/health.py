"""Whether the site can answer readers."""

import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from blog.delivery.outages import is_database_away
from blog.models import QueuedTask


def readiness() -> dict[str, bool]:
    """Maps each thing that the site needs to whether it is there.

    If the database is away, nothing else is asked of it: each query would wait in vain.
    """
    found = {"database": has_database(), "disk": has_room()}
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


def has_worker() -> bool:
    """Whether no task has waited longer than MAX_TASK_WAIT, so that a worker seems to run."""
    if not settings.MAX_TASK_WAIT:
        return True
    try:
        return not QueuedTask.objects.late(timedelta(seconds=settings.MAX_TASK_WAIT)).exists()
    except Error:
        return False


ASKS_DATABASE: dict[str, Callable[[], bool]] = {"migrations": has_migrations, "tasks": has_worker}
