"""The file an article was imported from, as it was."""

from django.db import models


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
