"""Removes rows that nobody needs any more."""

from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.utils import timezone

from blog.models import Autosave, PreviewLink

ABANDONED = timedelta(days=365)  # an autosave that nobody opened for so long


def remove_rows() -> dict[str, int]:
    """Removes ended sessions, preview links that ended long ago, autosaves of saved articles, abandoned autosaves, and
    entries of the log of acts that are older than AUDIT_DAYS.

    Returns the number of rows of each kind but sessions, which their own store removes without counting.
    """
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
