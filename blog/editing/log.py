"""The log of acts: Django's own, for what no form of the admin writes into it."""

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from blog.editing.permissions import User

__all__ = ["ADDITION", "CHANGE", "DELETION", "is_logged", "log_act"]


def log_act(by: User | None, target: Model, message: str, flag: int = CHANGE) -> None:
    """Writes that a person did something to the row, in the transaction of the act.

    Nothing without a person: what a command does it says itself.
    """
    if by is None or isinstance(by, AnonymousUser):
        return
    LogEntry.objects.create(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(target),
        object_id=str(target.pk),
        object_repr=str(target)[:200],
        action_flag=flag,
        change_message=message,
    )


def is_logged(target: Model) -> bool:
    """Whether anybody at the desk ever did something to the row."""
    kind = ContentType.objects.get_for_model(target)
    return LogEntry.objects.filter(content_type=kind, object_id=str(target.pk)).exists()
