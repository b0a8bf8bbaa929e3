"""Chooses how to copy the database."""

from types import ModuleType

from django.db import connection

from blog.operations.backups import postgresql, sqlite


def copier() -> ModuleType:
    """Returns the module with `dump`, `unpack` and `load` for our database."""
    return postgresql if connection.vendor == "postgresql" else sqlite
