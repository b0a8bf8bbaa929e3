from django.conf import settings
from django.db import models
from django.utils import timezone

from blog.models.history import display_name

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
