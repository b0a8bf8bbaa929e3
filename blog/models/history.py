"""The history of an article or a static page: a revision for each save, and the file that an article came from."""

import json
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from blog.text.changes import ChangedPassage, Part

MAX_REASON, MAX_RETURN_REASON, MAX_NOTE = 500, 2_000, 1_000


class ReadableJSON(json.JSONEncoder):
    """Writes Japanese unescaped: `\\u8a18` takes six bytes, 記 takes three."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


AnyRevision = TypeVar("AnyRevision", bound="Revision", covariant=True)


class RevisionQuerySet(models.QuerySet[AnyRevision]):
    def in_line(self) -> "RevisionQuerySet[AnyRevision]":
        """The successive contents of the item, newest first; without UNMERGED ones, which were never its content."""
        return self.exclude(kind=Revision.Kind.UNMERGED).order_by("-number")

    def as_of(self, version: int) -> AnyRevision | None:
        """The revision that the desk's form showed when the item had that edit number."""
        return self.in_line().filter(version__lte=version).first()

    def waiting(self, user: AbstractUser, version: int) -> AnyRevision | None:
        """The unmerged edit of the user that began at that edit number and has not become a version yet."""
        return self.filter(kind=Revision.Kind.UNMERGED, user=user, version=version, results=None).first()

    def for_list(self) -> "RevisionQuerySet[AnyRevision]":
        """Loads the revisions newest first, without their texts."""
        return self.select_related("user", "source").defer("snapshot", "source__snapshot").order_by("-number")


class Revision(models.Model):
    """A saved version of an item: a snapshot of all its editable fields, with who saved it, when and why.

    `blog.editing.history` makes them. The desk's form opens on the newest revision in line: the saved item,
    or its pending version. `version` is the edit number that the item got with the save. An UNMERGED revision has the
    edit number that its writer began with.
    """

    class Kind(models.TextChoices):
        ORIGINAL = "original", "履歴が始まる前の内容"
        SAVED = "saved", "保存"
        SUBMITTED = "submitted", "確認を依頼"
        RETURNED = "returned", "下書きに戻した"
        SCHEDULED = "scheduled", "公開を予約"
        UNSCHEDULED = "unscheduled", "公開の予約を取り消し"
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
        FIXED = "fixed", "一括修正"
        UNFIXED = "unfixed", "一括修正を取り消し"

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

    class Meta:
        abstract = True
        verbose_name = verbose_name_plural = "版"
        ordering = ("-number",)
        default_permissions = ()  # permission on the item decides

    def __str__(self) -> str:
        return f"第{self.number}版"

    @property
    def who(self) -> str:
        """The name of the person who saved it, even if the account is gone; "" for a machine."""
        return display_name(self.user) or self.user_name


class PostRevision(Revision):
    post = models.ForeignKey("blog.Post", models.CASCADE, verbose_name="記事", related_name="revisions")
    # Why the text was published with errors that the desk check had found, and these errors in words.
    override_reason = models.CharField("直さずに公開した理由", max_length=MAX_REASON, blank=True)
    overridden = models.JSONField("直さなかった指摘", encoder=ReadableJSON, default=list)
    # Why the text was returned to its writer. The post forgets it when the writer submits it again.
    return_reason = models.TextField("差し戻しの理由", max_length=MAX_RETURN_REASON, blank=True)
    # Whether readers have seen this content. A save knows it only of what is public then: see `history.begin`.
    was_read = models.BooleanField(default=False, editable=False)

    objects = RevisionQuerySet["PostRevision"].as_manager()

    class Meta(Revision.Meta):
        constraints = [models.UniqueConstraint(fields=("post", "number"), name="revision_number_unique")]


NEWEST_FIRST = ("-changed_at", "-pk")


class Amendment(models.Model):
    """A change of a public article that readers are told of: `blog.editing.amendments` makes them.

    `passages` is what differs between two contents that readers have both seen, as `blog.text.changes` cuts it; it is
    empty if the editor lets the note alone speak. It is stored, because a later withdrawal or import must not change
    what was told, and no page should compare texts. `revision` is the change; an imported amendment has none.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", "訂正"
        UPDATE = "update", "更新"

    post = models.ForeignKey("blog.Post", models.CASCADE, verbose_name="記事", related_name="amendments")
    revision = models.OneToOneField(
        PostRevision, models.SET_NULL, verbose_name="版", related_name="amendment", null=True, blank=True
    )
    kind = models.CharField("種類", max_length=20, choices=Kind)
    note = models.TextField("読者への説明", validators=[MaxLengthValidator(MAX_NOTE)])
    passages = models.JSONField(encoder=ReadableJSON, default=list, editable=False)
    left_out = models.PositiveIntegerField(default=0, editable=False)  # passages that were too many or too long
    changed_at = models.DateTimeField("変更した日時")
    told_at = models.DateTimeField("知らせた日時", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "公開後の変更"
        ordering = NEWEST_FIRST
        default_permissions = ()  # permission on the article decides
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["correction", "update"]), name="amendment_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.note}"

    @property
    def shown_passages(self) -> list[tuple[str, list[Part]]]:
        """The passages with the names of their fields."""
        fields = {field.name: str(field.verbose_name) for field in type(self).post.field.related_model._meta.fields}
        rows = (ChangedPassage(*row) for row in self.passages)
        return [(fields[row.name], [Part(*part) for part in row.parts]) for row in rows]


class PageRevision(Revision):
    page = models.ForeignKey("blog.Page", models.CASCADE, verbose_name="固定ページ", related_name="revisions")

    objects = RevisionQuerySet["PageRevision"].as_manager()

    class Meta(Revision.Meta):
        constraints = [models.UniqueConstraint(fields=("page", "number"), name="page_revision_number_unique")]


def display_name(user: AbstractUser | None) -> str:
    """The name for colleagues: family name first, or else the name of the account; "" for None."""
    return (f"{user.last_name} {user.first_name}".strip() or user.get_username()) if user else ""


class PostSource(models.Model):
    """An imported file. Its name (NFC, without folders) tells a later import which article it is.

    `imported` holds the values that the import gave the post, by field, with names instead of keys and a digest
    instead of the body: a field that differs from it was edited at the desk. When the desk deletes the post, the row
    stays without `post`, so that the unchanged file does not bring the article back.
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
