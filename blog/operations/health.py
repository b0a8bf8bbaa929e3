"""Whether the site can answer readers, as the probes of supervisors and monitoring ask."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from blog.delivery.outages import is_database_away
from blog.models import QueuedTask

FRESH = {"Cache-Control": "no-store"}


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
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False


def has_columns() -> bool:
    """Whether each table has the columns that this release asks for, whatever the names of its migrations say."""
    quote = connection.ops.quote_name
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for model in apps.get_models(include_auto_created=True):
                # With the table's name before it: SQLite would take a quoted word that is no column for a text.
                table = quote(model._meta.db_table)
                columns = ", ".join(f"{table}.{quote(str(field.column))}" for field in model._meta.concrete_fields)
                cursor.execute(f"SELECT {columns} FROM {table} WHERE 1 = 0")  # noqa: S608
    except Error:
        return False
    return True


def has_worker() -> bool:
    """Whether no task has waited longer than MAX_TASK_WAIT, so that a worker seems to run."""
    if not settings.MAX_TASK_WAIT:
        return True
    try:
        return not QueuedTask.objects.late(timedelta(seconds=settings.MAX_TASK_WAIT)).exists()
    except Error:
        return False


def has_room() -> bool:
    """Whether the disk of the site's data has MIN_FREE_DISK_MB left; before it is full, saves and uploads fail."""
    try:
        return shutil.disk_usage(settings.DATA_DIR).free >= settings.MIN_FREE_DISK_MB * 2**20
    except OSError:
        return False


def has_writable_media() -> bool:
    if not isinstance(default_storage, FileSystemStorage):
        return True  # a bucket is asked when somebody uploads
    try:
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT):
            return True
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


MACHINE = {"disk": has_room, "media": has_writable_media, "backup": has_backup}
# If the database is away, nothing else is asked of it: each query would wait in vain.
DATABASE = {"migrations": has_migrations, "columns": has_columns, "tasks": has_worker}


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answers 200 as long as the process can; it needs no database, whose failure a restart would not cure."""
    return HttpResponse("ok\n", content_type="text/plain", headers=FRESH)


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answers 503 while something is missing that pages, saves or the operator need."""
    found = {"database": has_database()} | {name: check() for name, check in MACHINE.items()}
    found |= {name: found["database"] and check() for name, check in DATABASE.items()}
    succeeded_at = last_backup()
    answer = found | {"last_backup": succeeded_at.isoformat(timespec="seconds") if succeeded_at else "never"}
    return JsonResponse(answer, status=200 if all(found.values()) else 503, headers=FRESH)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": alive, "/readyz": ready}


class ProbeMiddleware:
    """Answers the probes. They ask by the address of the machine, which is no host of the site, and without HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/metrics" and settings.METRICS_TOKEN:
            from blog.operations.metrics import has_token, metrics  # it begins to count when it is imported

            if has_token(request):  # for others there is no such page
                return metrics(request)
        return PROBES.get(request.path_info, self.get_response)(request)
