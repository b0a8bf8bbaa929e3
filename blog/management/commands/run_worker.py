"""Do the tasks in the queue until stopped: cards, renditions, mail, related articles, purges."""

import logging
import sys
import threading
import time
from typing import Any

from django.db import close_old_connections
from django_tasks_db.management.commands import db_worker

from blog.editing.releasing import release_all_due
from blog.models import QueuedTask

LOOKS_EVERY = 5  # seconds

logger = logging.getLogger(__name__)


class Command(db_worker.Command):
    help = (
        "Does the tasks in the queue as they come, and tries again what failed or what a killed worker left."
        " Several may run, on any host."
    )

    def handle(self, **options: Any) -> None:
        threading.Thread(target=_look_for_ever, daemon=True).start()
        try:
            super().handle(**options)
        except Exception:
            # Python would print the traceback itself, outside the log's format; the supervisor starts another one.
            logger.exception("the worker ended")
            sys.exit(1)


def _look_for_ever() -> None:
    """Requeues the tasks of killed workers, and releases pending versions that are due."""
    while True:
        close_old_connections()
        try:
            QueuedTask.objects.requeue()
            release_all_due()
        except Exception:  # nobody would start this thread again
            logger.exception("the queue or what is due could not be read")
        time.sleep(LOOKS_EVERY)
