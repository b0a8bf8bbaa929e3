"""Notes in the log of acts what happens to accounts, whoever does it: the desk, a command or a script."""

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import connections
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from django_otp.plugins.otp_static.models import StaticToken

from blog.editing.permissions import name_of_right
from blog.models import AuditEntry

Act = AuditEntry.Act
# What decides who an account is and what it may do. A login writes `last_login` alone.
WATCHED = ("username", "email", "is_active", "is_staff", "is_superuser")
RIGHTS = ("is_active", "is_staff", "is_superuser")


class NotedLengthValidator(MinimumLengthValidator):
    """Notes each new password of an existing account. Django tells only password validators of that."""

    def password_changed(self, password: str, user: User) -> None:
        AuditEntry.objects.note(Act.PASSWORD, user)


@receiver(user_logged_in)
def note_login(user: User, **kwargs: Any) -> None:
    AuditEntry.objects.note(Act.LOGGED_IN, user, by=user)


@receiver(user_logged_out)
def note_logout(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        AuditEntry.objects.note(Act.LOGGED_OUT, user, by=user)


@receiver(pre_save, sender=User)
def compare(instance: User, raw: bool, update_fields: Any, **kwargs: Any) -> None:
    """Finds what the save will change, for `note_account`."""
    is_touched = update_fields is None or not {*WATCHED}.isdisjoint(update_fields)
    stored = User.objects.filter(pk=instance.pk).first() if instance.pk and is_touched and not raw else None
    changed = [name for name in WATCHED if stored and getattr(stored, name) != getattr(instance, name)]
    instance.noted_changes = changed


@receiver(post_save, sender=User)
def note_account(instance: User, created: bool, raw: bool, **kwargs: Any) -> None:
    changed = instance.__dict__.pop("noted_changes", [])
    if created and not raw:
        given = [_named(instance, name) for name in ("is_staff", "is_superuser") if getattr(instance, name)]
        AuditEntry.objects.note(Act.ADDED, instance, detail="、".join(given))
    elif changed:
        act = Act.ROLES if not {*RIGHTS}.isdisjoint(changed) else Act.CHANGED
        AuditEntry.objects.note(act, instance, detail="、".join(_named(instance, name) for name in changed))


def _named(user: User, field: str) -> str:
    """The field in words, with its new value, but without a mail address."""
    label = str(User._meta.get_field(field).verbose_name)
    value = getattr(user, field)
    if isinstance(value, bool):
        return f"{label}：{'はい' if value else 'いいえ'}"
    return label if field == "email" else f"{label}：{value}"


@receiver(post_delete, sender=User)
def note_deletion(instance: User, **kwargs: Any) -> None:
    AuditEntry.objects.note(Act.DELETED, instance)


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def note_rights(instance: Any, action: str, reverse: bool, model: type[Model], pk_set: Any, **kwargs: Any) -> None:
    """Notes which roles or rights an account got or lost, whichever side of the relation was changed."""
    if action not in ("post_add", "post_remove", "pre_clear") or pk_set == set():
        return
    given = "加えた" if action == "post_add" else "外した"
    if action == "pre_clear":
        others = list(_rights_of(instance, model)) if not reverse else list(User.objects.filter(**_held(instance)))
    else:
        others = list(model._default_manager.filter(pk__in=pk_set))
    for user, right in ((other, instance) for other in others) if reverse else ((instance, other) for other in others):
        name = right.name if isinstance(right, Group) else name_of_right(right)
        AuditEntry.objects.note(Act.ROLES, user, detail=f"「{name}」を{given}")


@receiver(m2m_changed, sender=Group.permissions.through)
def note_rights_of_roles(instance: Any, action: str, reverse: bool, pk_set: Any, using: str, **kwargs: Any) -> None:
    """Notes, as one entry for each role, which rights it got or lost."""
    if action not in ("post_add", "post_remove", "pre_clear") or pk_set == set():
        return
    if not _has_log(using):
        return
    given = "加えた" if action == "post_add" else "外した"
    if reverse:
        roles = Group.objects.filter(permissions=instance) if pk_set is None else Group.objects.filter(pk__in=pk_set)
        changes = [(role, [instance]) for role in roles]
    else:
        rights = instance.permissions.all() if pk_set is None else Permission.objects.filter(pk__in=pk_set)
        changes = [(instance, list(rights.select_related("content_type")))]
    for role, rights in changes:
        if rights:
            named = "、".join(f"「{name_of_right(right)}」" for right in rights)
            AuditEntry.objects.note(Act.ROLES, role, detail=f"{named}を{given}")


@receiver(pre_save, sender=Group)
def compare_name(instance: Group, raw: bool, **kwargs: Any) -> None:
    """Finds the name that the role loses, for `note_role`."""
    stored = Group.objects.filter(pk=instance.pk).first() if instance.pk and not raw else None
    instance.noted_name = stored.name if stored else instance.name


@receiver(post_save, sender=Group)
def note_role(instance: Group, created: bool, raw: bool, using: str, **kwargs: Any) -> None:
    before = instance.__dict__.pop("noted_name", instance.name)
    if raw or not _has_log(using):
        return
    if created:
        AuditEntry.objects.note(Act.ADDED, instance)
    elif before != instance.name:
        AuditEntry.objects.note(Act.CHANGED, instance, detail=f"「{before}」から改名")


@receiver(pre_delete, sender=Group)
def note_end_of_role(instance: Group, using: str, **kwargs: Any) -> None:
    """Notes the role, and each account that loses it: Django sends no signal for relations that a deletion removes."""
    if not _has_log(using):
        return
    for user in instance.user_set.order_by("pk"):
        AuditEntry.objects.note(Act.ROLES, user, detail=f"「{instance}」を外した")
    AuditEntry.objects.note(Act.DELETED, instance)


@receiver(post_save, sender=StaticToken)
def note_code(instance: StaticToken, created: bool, raw: bool, **kwargs: Any) -> None:
    """Notes a code that `manage.py addstatictoken` adds. Those of `second_factor` come in bulk, and are noted there."""
    if created and not raw:
        AuditEntry.objects.note(Act.SECOND_FACTOR, instance.device.user, detail="リカバリーコードを追加")


def _has_log(using: str) -> bool:
    """Whether the log's table exists: `migrate`, which gives the roles their rights, may stop before it does."""
    return AuditEntry._meta.db_table in connections[using].introspection.table_names()


def _rights_of(user: User, model: type[Model]) -> Any:
    return user.groups.all() if issubclass(model, Group) else user.user_permissions.all()


def _held(right: Group | Permission) -> dict[str, Any]:
    return {"groups": right} if isinstance(right, Group) else {"user_permissions": right}
