"""The changes that readers can see, for the pages that are kept ready: see `blog.delivery.freshness`."""

from django.db import models


class Change(models.Model):
    """One transaction that changed what the public sees. The newest rows are kept: see `tidy`."""

    OWED = "owed"  # in the place of the keys, while a process in `together` has not written them

    keys = models.TextField(help_text="what it changed, such as `post:12 lists`, with spaces between")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "公開内容の変更"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.keys}"
