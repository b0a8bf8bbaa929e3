"""Links by which people without an account see what is not public yet."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.urls import reverse
from django.utils import timezone

from blog.models.history import display_name

REMEMBERED = timedelta(days=90)


def new_key() -> str:
    return secrets.token_urlsafe(16)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def usable(self) -> "PreviewLinkQuerySet":
        """One whose maker has no account any more, or one that was closed, is not among them."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def bygone(self) -> "PreviewLinkQuerySet":
        """Those that ended so long ago that nobody will ask to whom they were given."""
        return self.filter(expires_at__lt=timezone.now() - REMEMBERED)

    def find(self, token: str) -> "PreviewLink | None":
        """The link of a token, if it may still be used. What is not signed by us never reaches the database."""
        try:
            key = _signer().unsign(token)
        except BadSignature:
            return None
        return self.usable().select_related("user", "post__author").filter(key=key).first()


class PreviewLink(models.Model):
    """A link to the coming version of a post, whatever that is when it is opened, until it expires or is revoked.

    It also ends with what its maker may see: `roles.may_open` knows. The row outlives the account, so that editors can
    still tell to whom the link was given.

    Its address is the key signed by the site: a copy of the database without the secret opens nothing.
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
        default_permissions = ()  # who may make or revoke one is asked about its post

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
        is_kept = self.user is not None and self.user.is_active
        return is_kept and self.revoked_at is None and not self.is_expired

    def expire_after(self, days: int) -> None:
        self.expires_at = self.created_at + timedelta(days=days)

    def get_absolute_url(self) -> str:
        return reverse("blog:preview", args=[_signer().sign(self.key)])


def _signer() -> Signer:
    return Signer(sep=".", salt="blog.preview_link")
