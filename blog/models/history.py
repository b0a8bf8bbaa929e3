"""What an article was: the file that it came from, and each save."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class ReadableJSON(json.JSONEncoder):
    """Japanese as it is: escaped, a character takes six bytes instead of three."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


class RevisionQuerySet(models.QuerySet["PostRevision"]):
    def in_line(self) -> "RevisionQuerySet":
        """What the post was, newest first, without what somebody wrote meanwhile and could not save."""
        return self.exclude(kind=PostRevision.Kind.UNMERGED).order_by("-number")

    def as_of(self, version: int) -> "PostRevision | None":
        """What the desk's form showed at that version of the post."""
        return self.in_line().filter(version__lte=version).first()

    def for_list(self) -> "RevisionQuerySet":
        """Newest first, without the texts."""
        return self.select_related("user", "source").defer("snapshot", "source__snapshot").order_by("-number")


class PostRevision(models.Model):
    """A full snapshot of what can be edited of a post (`blog.editing.history` makes it), with who, when and why.

    The newest revision in line is what the desk's form opens on: the saved post, or its `pending_revision`.
    `version` is the version that the post had with it; that of an UNMERGED one is the version its writer began with.
    """

    class Kind(models.TextChoices):
        ORIGINAL = "original", "履歴が始まる前の内容"
        SAVED = "saved", "保存"
        SUBMITTED = "submitted", "確認を依頼"
        RETURNED = "returned", "下書きに戻した"
        PUBLISHED = "published", "公開"
        WITHDRAWN = "withdrawn", "取り下げ"
        PENDING = "pending", "公開せずに保存"
        RELEASED = "released", "公開前の変更を反映"
        DISCARDED = "discarded", "公開前の変更を破棄"
        RESTORED = "restored", "以前の版に戻した"
        UNMERGED = "unmerged", "保存できなかった内容"
        MERGED = "merged", "ほかの人の保存と統合"
        OVERWRITTEN = "overwritten", "ほかの人の保存に上書き"
        IMPORTED = "imported", "取り込み"

    post = models.ForeignKey("blog.Post", models.CASCADE, verbose_name="記事", related_name="revisions")
    number = models.PositiveIntegerField("版")
    version = models.PositiveIntegerField()
    kind = models.CharField("種類", max_length=20, choices=Kind)
    snapshot = models.JSONField("内容", encoder=ReadableJSON)
    changed = models.JSONField("変えた項目", default=list)
    source = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="元の版", related_name="results", null=True, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="保存した人", related_name="+", null=True, blank=True
    )
    user_name = models.CharField("保存した人の名前", max_length=310, blank=True)
    created_at = models.DateTimeField("日時", default=timezone.now)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "版"
        ordering = ("-number",)
        default_permissions = ()  # who may see or restore one is asked about its post
        constraints = [models.UniqueConstraint(fields=("post", "number"), name="revision_number_unique")]

    def __str__(self) -> str:
        return f"第{self.number}版"

    @property
    def who(self) -> str:
        """Who saved it, by a name that outlives the account; "" for a machine."""
        return display_name(self.user) or self.user_name


def display_name(user: AbstractUser | None) -> str:
    """What colleagues call the person: family name first, or the name of the account; "" for nobody."""
    return (f"{user.last_name} {user.first_name}".strip() or user.get_username()) if user else ""


class PostSource(models.Model):
    """The imported file. Its name (NFC, without folders) is the identity of an import.

    `imported` holds the values that the import gave the post, by field, with names instead of keys and a digest
    instead of the body: what differs from it now was edited at the desk. `post` is empty once the desk has deleted
    it, so that an unchanged file does not bring it back.
    """

    post = models.OneToOneField(
        "blog.Post", models.SET_NULL, verbose_name="記事", related_name="source", null=True, blank=True
    )
    name = models.CharField("ファイル名", max_length=255, unique=True)
    raw = models.BinaryField("内容")
    digest = models.CharField("SHA-256", max_length=64)
    imported = models.JSONField("取り込んだ値", default=dict)
    imported_at = models.DateTimeField("取り込み日時", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "取り込み元ファイル"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
