from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.utils import timezone

from blog.models.history import PostRevision

LONGEST_NAME, LONGEST_DETAIL = 300, 1_000


class Client(NamedTuple):
    """Who sent the request that is being answered. `user` is called only if there is something to note."""

    address: str | None
    user: Callable[[], AbstractUser | AnonymousUser | None]


current_client: ContextVar[Client | None] = ContextVar("current_client", default=None)


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def note(
        self,
        act: str,
        target: models.Model | None = None,
        *,
        by: AbstractUser | None = None,
        name: str = "",
        detail: str = "",
    ) -> "AuditEntry":
        """Notes that somebody did `act` to `target`. In the transaction of the act, it is kept exactly if the act is.

        Without `by`, it is the user of the present request, or nobody outside of a request, which stands for a command.
        `name` is noted instead of `str(target)`.
        """
        client = current_client.get()
        user = by or (client.user() if client else None)
        is_known = user is not None and user.is_authenticated
        return self.create(
            act=act,
            user_key=user.pk if user and is_known else None,
            user_name=user.get_username() if user and is_known else "",
            address=client.address if client else None,
            kind=target._meta.label_lower if target is not None else "",
            key=str(target.pk or "") if target is not None else "",
            name=(name or (str(target) if target is not None else ""))[:LONGEST_NAME],
            detail=detail[:LONGEST_DETAIL],
        )

    def of(self, target: models.Model) -> "AuditEntryQuerySet":
        return self.filter(kind=target._meta.label_lower, key=str(target.pk))

    def older_than(self, moment: datetime) -> "AuditEntryQuerySet":
        return self.filter(at__lt=moment)


class AuditEntry(models.Model):
    """An editorial or a security act: who did what to which row, when and from where.

    Nothing changes an entry: the database refuses it (`migrations/sql/unchanged_log.py`). So it names the user and the
    row by key and name: a deletion would have to change a foreign key. What an import or a command does to many
    articles is one entry.
    """

    class Act(models.TextChoices):
        ADDED = "added", "追加"
        CHANGED = "changed", "変更"
        DELETED = "deleted", "削除"
        EXPORTED = "exported", "書き出し"
        LOGGED_IN = "logged_in", "ログイン"
        LOGIN_FAILED = "login_failed", "ログインの失敗"
        LOCKED_OUT = "locked_out", "ログインの停止"
        LOGGED_OUT = "logged_out", "ログアウト"
        PASSWORD = "password", "パスワードの変更"
        SECOND_FACTOR = "second_factor", "二段階認証"
        CODE_FAILED = "code_failed", "認証コードの間違い"
        ROLES = "roles", "役割と権限の変更"

    # Saves of an article are noted by the kind of their revision.
    ACTS = (*Act.choices, *(choice for choice in PostRevision.Kind.choices if choice[0] != PostRevision.Kind.ORIGINAL))

    at = models.DateTimeField("日時", default=timezone.now, db_index=True)
    act = models.CharField("したこと", max_length=20, choices=ACTS)
    user_key = models.BigIntegerField("ユーザーの番号", null=True, blank=True)
    user_name = models.CharField("した人", max_length=150, blank=True)
    address = models.GenericIPAddressField("アドレス", null=True, blank=True)
    kind = models.CharField("種類", max_length=100, blank=True)
    key = models.CharField("番号", max_length=40, blank=True)
    name = models.CharField("対象", max_length=LONGEST_NAME, blank=True)
    detail = models.CharField("詳しく", max_length=LONGEST_DETAIL, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "操作の記録"
        ordering = ("-pk",)
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["act", "-id"], name="audit_act"),
            models.Index(fields=["user_name", "-id"], name="audit_user"),
            models.Index(fields=["kind", "key", "-id"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.name}".strip()

    @property
    def who(self) -> str:
        """The login name, or a word for a command or somebody who is not logged in."""
        return self.user_name or ("（ログイン前）" if self.address else "（コマンド）")


def values_of(entry: AuditEntry) -> dict[str, Any]:
    """The values of an entry in an export of the log, by column."""
    return {
        "日時": timezone.localtime(entry.at).isoformat(timespec="seconds"),
        "した人": entry.who,
        "したこと": entry.get_act_display(),
        "種類": entry.kind,
        "番号": entry.key,
        "対象": entry.name,
        "詳しく": entry.detail,
        "アドレス": entry.address or "",
    }
