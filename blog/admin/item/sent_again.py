"""A form that is sent twice (by a double click, a retry or the back button) makes one article or page, and one save."""

import uuid
from collections.abc import Mapping
from typing import TypeVar

from django.contrib.auth.models import User
from django.http import HttpRequest

from blog.models import Autosave, Page, Post

# The server gives the add form a key. The key of its autosave is not enough: it needs scripts and changes once sent.
KEYS = ("form_key", "autosave_key")

Item = TypeVar("Item", Post, Page)


class SavedAlready(Exception):
    """The stored post or page already has the content that the form sends."""

    def __init__(self, item: Post | Page) -> None:
        super().__init__(f"{item._meta.model_name} {item.pk} is saved already")
        self.item = item


def keys_in(data: Mapping[str, str]) -> list[uuid.UUID]:
    """The valid keys in the data of a form."""
    return [key for name in KEYS if (key := key_of(data.get(name, "")))]


def key_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def made_by(request: HttpRequest, model: type[Item]) -> Item | None:
    """The article or page that this add form has made.

    Locks the user, so that a second form waits until this one is saved.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk=request.user.pk))
    name = "page" if model is Page else "article"
    done = Autosave.objects.of(request.user).done().filter(key__in=keys_in(request.POST))
    autosave = done.exclude(**{name: None}).select_related(name).first()
    return autosave and getattr(autosave, name)


def finish_autosaves(request: HttpRequest, item: Post | Page) -> None:
    """Ends the autosave of the form, in the transaction that saves the article or page."""
    for key in keys_in(request.POST):
        Autosave.objects.finish(request.user, key, item, request.POST)
