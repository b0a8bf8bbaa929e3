"""Autosaves: what editors have typed and not saved."""

import json
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from blog.models.history import PageRevision, PostRevision
from blog.models.page import Page
from blog.models.post import Post

REMEMBERED = timedelta(days=30)
ANOTHER_WINDOW = timedelta(hours=1)  # what was typed so shortly before a save may stand in a window that is still open
BEGINNING = 40  # characters of the text that stand for a title


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def of(self, editor: AbstractBaseUser) -> "AutosaveQuerySet":
        return self.filter(editor=editor.pk)

    def unsaved(self) -> "AutosaveQuerySet":
        return self.filter(is_done=False)

    def waiting(self) -> "AutosaveQuerySet":
        """The unsaved ones but those that a save of the same editor has overtaken, more than ANOTHER_WINDOW later."""
        later = {"user": OuterRef("editor"), "created_at__gt": OuterRef("saved_at") + ANOTHER_WINDOW}
        posts, pages = PostRevision.objects.filter(**later), PageRevision.objects.filter(**later)
        overtaken = Exists(posts.filter(post=OuterRef("post"))) | Exists(pages.filter(page=OuterRef("page")))
        return self.unsaved().exclude(overtaken)

    def done(self) -> "AutosaveQuerySet":
        return self.filter(is_done=True)

    def long_done(self) -> "AutosaveQuerySet":
        """Autosaves of forms that were saved more than REMEMBERED ago: no browser sends a copy of one any more."""
        return self.done().filter(saved_at__lt=timezone.now() - REMEMBERED)

    def of_form(self, model: type[Post | Page]) -> "AutosaveQuerySet":
        """Autosaves of the forms of articles, or of those of static pages."""
        return self.filter(form=Autosave.Form.PAGE if model is Page else Autosave.Form.POST)

    def finish(
        self, editor: AbstractBaseUser, key: uuid.UUID, item: Post | Page, sent: MultiValueDict[str, str]
    ) -> None:
        """Empties the autosave of an article or page that was saved; its key and what it became stay.

        `sent` is the saved form; its `autosave_known` is the `version_token` that it knew. What another window has
        written into the autosave since is kept under a new key. The caller is in the transaction of the save.
        """
        mine = self.of(editor)
        mine.long_done().delete()
        unsaved = mine.unsaved().select_for_update().filter(key=key).first()
        if unsaved and unsaved.version_token != sent.get("autosave_known", "") and not unsaved.stands_in(sent):
            unsaved.key = uuid.uuid4()
            unsaved.belong_to(type(item), item)
            unsaved.save()
        is_page = isinstance(item, Page)
        became = {"form": Autosave.Form.PAGE, "page": item} if is_page else {"article": item}
        self.update_or_create(
            editor_id=editor.pk,
            key=key,
            defaults={**became, "post": None, "is_done": True, "fields_json": "[]", "saved_at": timezone.now()},
        )


class Autosave(models.Model):
    """The last content of the form of one article or page in one editor's window. The article itself stays as it is.

    An article and an editor have at most one, so have a page and an editor. For what was never saved, `key` tells the
    windows of an editor apart. A deleted article leaves its autosaves: nobody may delete what somebody else is typing.

    When the article is saved, the row is emptied and `is_done`. The desk then knows that a copy which a browser still
    holds, or sends late, was saved. `article` is the article that it became, and `page` the page, so the same form sent
    again makes no second one.
    """

    class Form(models.TextChoices):
        POST = "post", "記事"
        PAGE = "page", "固定ページ"

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.SET_NULL, related_name="+", null=True, blank=True)
    article = models.ForeignKey(Post, models.SET_NULL, related_name="+", null=True, blank=True)
    form = models.CharField(max_length=10, choices=Form, default=Form.POST)
    page = models.ForeignKey(Page, models.SET_NULL, related_name="+", null=True, blank=True)
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
            models.UniqueConstraint(
                fields=("editor", "page"), name="autosave_of_page_once", condition=Q(is_done=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"（タイトルなし）{' '.join(self.value('body')[:BEGINNING].split())}"

    def belong_to(self, model: type[Post | Page], item: Post | Page | None) -> None:
        """Links it to this article or page, or to a new one (None), without saving it."""
        self.form = self.Form.PAGE if model is Page else self.Form.POST
        self.post = item if isinstance(item, Post) else None
        self.page = item if isinstance(item, Page) else None

    @property
    def fields(self) -> list[list[str]]:
        """[name, value] of each field of the form in its order; a choice has the text that it showed as a third."""
        fields: list[list[str]] = json.loads(self.fields_json)
        return fields

    def value(self, name: str) -> str:
        """The value of the first field with the name; "" if the form has none."""
        return next((value for found, value, *_ in self.fields if found == name), "")

    def stands_in(self, sent: MultiValueDict[str, str]) -> bool:
        """Whether a form that was sent has all its values: while it was on the way, its own window wrote them here.

        What the form has beside them counts for nothing: its tokens, and a box that another window has unticked.
        """
        kept: dict[str, list[str]] = {}
        for name, value, *_ in self.fields:
            kept.setdefault(name, []).append(value)
        return all(
            values == [value.replace("\r\n", "\n") for value in sent.getlist(name)] for name, values in kept.items()
        )

    @property
    def title(self) -> str:
        return self.value("title")

    @property
    def version_token(self) -> str:
        """A value that every autosave of the row changes."""
        return self.saved_at.isoformat()

    def saves_since(self) -> int:
        """How often the article or page was saved since the editor opened the window of this autosave."""
        item = self.post or self.page
        return max(0, item.version - self.base_version) if item else 0
