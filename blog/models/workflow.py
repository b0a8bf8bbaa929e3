"""What editors plan for an article and tell each other about it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from blog.models.history import MAX_REASON, display_name

LATE = timedelta(minutes=1)  # a worker looks every few seconds


class PlannedReleaseQuerySet(models.QuerySet["PlannedRelease"]):
    def due(self) -> "PlannedReleaseQuerySet":
        """Releases whose time has come and that have not failed."""
        return self.filter(at__lte=timezone.now(), failure="")


class PlannedRelease(models.Model):
    """When the pending version of a live article goes out by itself, and who decided that.

    The version that waits at that time goes out, even if it was edited after the decision; `reason` and
    `confirmed_path` hold only for the version `seen`. `failure` says why it did not go out and waits for an editor.
    """

    post = models.OneToOneField(
        "blog.Post", models.CASCADE, verbose_name="記事", related_name="planned_release", primary_key=True
    )
    at = models.DateTimeField("反映する日時", db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="予約した人", related_name="+", null=True
    )
    seen = models.ForeignKey("blog.PostRevision", models.CASCADE, verbose_name="確かめた版", related_name="+")
    reason = models.CharField("直さずに公開する理由", max_length=MAX_REASON, blank=True)
    confirmed_path = models.CharField("確かめたURL", max_length=500, blank=True)
    failure = models.TextField("出せなかった理由", blank=True)

    objects = PlannedReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "変更の予約"
        default_permissions = ()  # permission on the article decides

    def __str__(self) -> str:
        return f"{self.post_id}: {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_late(self) -> bool:
        """Whether it should have gone out more than LATE ago, so that no worker seems to run."""
        return not self.failure and self.at < timezone.now() - LATE


LONGEST_NOTE = 2_000


class PostNoteQuerySet(models.QuerySet["PostNote"]):
    def open(self) -> "PostNoteQuerySet":
        """Notes that nobody has resolved."""
        return self.filter(done_at=None)


class PostNote(models.Model):
    """What somebody wrote to colleagues about an article. Readers never see it, and it is no part of a version.

    `to` is who is asked for something. A note stays when it is resolved, and when its writer is gone.
    """

    post = models.ForeignKey("blog.Post", models.CASCADE, verbose_name="記事", related_name="notes")
    text = models.TextField("メモ", max_length=LONGEST_NOTE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="書いた人", related_name="+", null=True
    )
    by_name = models.CharField("書いた人の名前", max_length=310, blank=True)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="あて先", related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField("日時", default=timezone.now)
    done_at = models.DateTimeField("済みにした日時", null=True, blank=True)

    objects = PostNoteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "メモ"
        ordering = ("-pk",)
        default_permissions = ()  # permission on the article decides

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def who(self) -> str:
        return display_name(self.by) or self.by_name

    @property
    def whom(self) -> str:
        return display_name(self.to)
