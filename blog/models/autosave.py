"""Autosaves: what editors have typed and not saved."""

import json
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from blog.models.post.post import Post

REMEMBERED = timedelta(days=30)


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def of(self, editor: AbstractBaseUser) -> "AutosaveQuerySet":
        return self.filter(editor=editor.pk)

    def unsaved(self) -> "AutosaveQuerySet":
        return self.filter(is_done=False)

    def done(self) -> "AutosaveQuerySet":
        return self.filter(is_done=True)

    def finish(self, editor: AbstractBaseUser, key: uuid.UUID, article: Post) -> None:
        """Empties the autosave of an article that was saved; its key and the article it became stay."""
        now = timezone.now()
        self.of(editor).done().filter(saved_at__lt=now - REMEMBERED).delete()
        self.update_or_create(
            editor_id=editor.pk,
            key=key,
            defaults={"post": None, "article": article, "is_done": True, "fields_json": "[]", "saved_at": now},
        )


class Autosave(models.Model):
    """The last content of the form of one article in one editor's window. It changes nothing of the article itself.

    An article and an editor have at most one. For articles that were never saved, `key` tells the windows of an editor
    apart. A deleted article leaves its autosaves: nobody may delete what somebody else is typing.

    When the article is saved, the row is emptied and `is_done`. The desk then knows that a copy which a browser still
    holds, or sends late, was saved. `article` is the article that it became, so the same form sent again makes no
    second one.
    """

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.SET_NULL, related_name="+", null=True, blank=True)
    article = models.ForeignKey(Post, models.SET_NULL, related_name="+", null=True, blank=True)
    key = models.UUIDField()
    base_version = models.PositiveIntegerField(default=0)
    # JSON in a text column: PostgreSQL's JSON type refuses signs that an editor can paste into a form.
    fields_json = models.TextField()
    saved_at = models.DateTimeField()
    is_done = models.BooleanField(default=False)

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "下書きの控え"
        ordering = ("-saved_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("editor", "post"), name="autosave_once"),
            models.UniqueConstraint(fields=("editor", "key"), name="autosave_key_once"),
        ]

    def __str__(self) -> str:
        return self.title or "（タイトルなし）"

    @property
    def fields(self) -> list[list[str]]:
        """[name, value] of each field of the form in its order; a choice has the text that it showed as a third."""
        fields: list[list[str]] = json.loads(self.fields_json)
        return fields

    def value(self, name: str) -> str:
        """The value of the first field with the name; "" if the form has none."""
        return next((value for found, value, *_ in self.fields if found == name), "")

    @property
    def title(self) -> str:
        return self.value("title")

    @property
    def version_token(self) -> str:
        """A value that every autosave of the row changes."""
        return self.saved_at.isoformat()

    def saves_since(self) -> int:
        """How often the article was saved since the editor opened the window of this autosave."""
        return max(0, self.post.version - self.base_version) if self.post else 0
