"""What an editor has typed and not saved."""

import json
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from blog.models.post import Post

REMEMBERED = timedelta(days=30)


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def of(self, editor: AbstractBaseUser) -> "AutosaveQuerySet":
        return self.filter(editor=editor.pk)

    def unsaved(self) -> "AutosaveQuerySet":
        return self.filter(is_done=False)

    def done(self) -> "AutosaveQuerySet":
        return self.filter(is_done=True)

    def finish(self, editor: AbstractBaseUser, key: uuid.UUID, article: Post) -> None:
        """The article was saved: nothing is left of its draft but the key, and what it was saved as."""
        now = timezone.now()
        self.of(editor).done().filter(saved_at__lt=now - REMEMBERED).delete()
        self.update_or_create(
            editor_id=editor.pk,
            key=key,
            defaults={"post": None, "article": article, "is_done": True, "fields_json": "[]", "saved_at": now},
        )


class Autosave(models.Model):
    """The form of one article as one editor's window last held it; it saves nothing of the article itself.

    There is one for each article and editor. An article that was never saved has none of its own: there `key` tells
    the windows of an editor apart. It outlives its article, since nobody may delete what somebody else is typing.

    Once the article is saved the row is `is_done`: empty, and there to tell what a browser still holds, or sends late,
    from what was never saved. Then `article` is what it was saved as: sent again, the form makes no second one.
    """

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.SET_NULL, related_name="+", null=True, blank=True)
    article = models.ForeignKey(Post, models.SET_NULL, related_name="+", null=True, blank=True)
    key = models.UUIDField()
    base_version = models.PositiveIntegerField(default=0)
    # JSON, but only text to the database: PostgreSQL's own kind refuses signs that can be pasted into a form.
    fields_json = models.TextField()
    saved_at = models.DateTimeField()
    is_done = models.BooleanField(default=False)

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "下書きの控え"
        ordering = ("-saved_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("editor", "post"), name="post_draft_once"),
            models.UniqueConstraint(fields=("editor", "key"), name="post_draft_key_once"),
        ]

    def __str__(self) -> str:
        return self.title or "（題名なし）"

    @property
    def fields(self) -> list[list[str]]:
        """[name, value] of each field of the form in its order, for a choice with what it showed as a third."""
        fields: list[list[str]] = json.loads(self.fields_json)
        return fields

    def value(self, name: str) -> str:
        return next((value for found, value, *_ in self.fields if found == name), "")

    @property
    def title(self) -> str:
        return self.value("title")

    @property
    def version_token(self) -> str:
        """Tells one state of the row from every other."""
        return self.saved_at.isoformat()

    def saves_since(self) -> int:
        """How often the article was saved after the window that this comes from was opened."""
        return max(0, self.post.version - self.base_version) if self.post else 0
