"""The changes that readers can see: see `blog.delivery.generation`."""

from django.db import models


class Change(models.Model):
    """One transaction that changed what the public sees. The newest rows are kept: see `tidy`."""

    at = models.DateTimeField(auto_now_add=True)
    is_soon = models.BooleanField(default=False, help_text="stored pages may show it a minute late")
    withdraws = models.BooleanField(default=False, help_text="something must not be seen any more")

    class Meta:
        verbose_name = verbose_name_plural = "公開内容の変更"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.at}"
