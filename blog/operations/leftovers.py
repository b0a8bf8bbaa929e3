"""Removes rows that nobody needs any more."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.utils import timezone

from blog.models import Autosave, PreviewLink
from blog.models.autosave import REMEMBERED

ABANDONED = timedelta(days=365)  # an autosave that nobody opened for so long


def remove_rows() -> dict[str, int]:
    """Removes sessions and preview links that have ended, autosaves of what was saved, and those nobody came back to.

    Returns the number of rows of each kind but sessions, which their own store removes without counting.
    """
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    now = timezone.now()
    ended = {
        "saved autosaves": Autosave.objects.done().filter(saved_at__lt=now - REMEMBERED),
        "abandoned autosaves": Autosave.objects.unsaved().filter(saved_at__lt=now - ABANDONED),
        "preview links": PreviewLink.objects.filter(expires_at__lt=now),
    }
    return {name: rows.delete()[0] for name, rows in ended.items()}
