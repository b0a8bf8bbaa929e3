"""Links that show unpublished articles to people without an account."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from blog.models.history import display_name

REMEMBERED = timedelta(days=90)


def new_key() -> str:
    return secrets.token_urlsafe(16)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def usable(self) -> "PreviewLinkQuerySet":
        """Links that are neither revoked nor expired, and whose maker still has an active account."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def long_ended(self) -> "PreviewLinkQuerySet":
        """Links that expired more than REMEMBERED ago: nobody will ask who got them."""
        return self.filter(expires_at__lt=timezone.now() - REMEMBERED)

    def find(self, token: str) -> "PreviewLink | None":
        """Returns the usable link of a token, or None. An older link has a signature after the key, and a dot."""
        key = token.partition(".")[0]
        return self.usable().select_related("user", "post__author").filter(key=key).first()


class PreviewLink(models.Model):
    """A link to an unpublished post or the pending version of a public one, until it expires or is revoked.

    It shows the article as it is when the link is opened. It also ends when its maker may no longer see the article
    (`blog.editing.permissions.may_open`). The row outlives the account, so that editors can still see who got
    the link.
    """

    DAYS = ((1, "1日"), (7, "7日"), (30, "30日"))

    post = models.ForeignKey("blog.Post", models.CASCADE, verbose_name="記事", related_name="preview_links")
    key = models.CharField(max_length=32, unique=True, editable=False, default=new_key)
    note = models.CharField("渡す相手", max_length=100, blank=True, help_text="あとで見分けるための覚え書きです。")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="作った人", related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField("作成日時", default=timezone.now)
    expires_at = models.DateTimeField("期限")
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "プレビュー用リンク"
        ordering = ("-pk",)
        default_permissions = ()  # permission on the post decides

    def __str__(self) -> str:
        return self.note or f"{timezone.localdate(self.created_at):%-m月%-d日}のリンク"

    @property
    def who(self) -> str:
        return display_name(self.user)

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_usable(self) -> bool:
        """Whether `find` returns it; the permissions of its maker are not checked here."""
        is_kept = self.user is not None and self.user.is_active
        return is_kept and self.revoked_at is None and not self.is_expired

    def expire_after(self, days: int) -> None:
        """Sets the end of the link, counted from when it was made, without saving it."""
        self.expires_at = self.created_at + timedelta(days=days)

    def get_absolute_url(self) -> str:
        return reverse("blog:preview", args=[self.key])
