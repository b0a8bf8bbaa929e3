"""The worker, for a test that has no process to spare: it does what waits, and returns."""

from unittest import mock

from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.management.commands.db_worker import Worker

from blog.models import QueuedTask


def do_queued_tasks() -> None:
    """Does all tasks that are due. Fails for one that fails, with its error."""
    try_queued_tasks()
    assert [task.traceback for task in QueuedTask.objects.filter(status=TaskResultStatus.FAILED)] == []


def try_queued_tasks() -> None:
    with mock.patch.object(db_worker, "close_old_connections"):  # the test's transaction would go with its connection
        worker().run()


def worker() -> Worker:
    return Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
