"""Autosaves: a script sends the form every few seconds, and an editor can restore it after a crash."""

import json
import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from blog.admin.api.endpoints import Refused, edited_page, edited_post, for_writers
from blog.admin.item import clock, key_of, others_typing
from blog.editing import permissions
from blog.models import Autosave, Page, Post
from blog.models.autosave import AutosaveQuerySet
from blog.models.post.rendering import render_body
from blog.text.bounds import MAX_CHARS
from blog.text.japanese import plain_text, reading_minutes

MAX_JSON = 4 * MAX_CHARS  # an autosave may be longer than a text that can be saved
LISTED = 10
BEGINNING = 60


class FieldsField(forms.CharField):
    """Checks `Autosave.fields_json` and returns it unchanged."""

    def __init__(self) -> None:
        super().__init__(strip=False, max_length=MAX_JSON)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, list) or not all(map(is_field, fields)):
            raise forms.ValidationError("下書きの形式が正しくありません。")
        return text


def is_field(value: Any) -> bool:
    return isinstance(value, list) and len(value) in (2, 3) and all(isinstance(part, str) for part in value)


class AutosaveForm(forms.Form):
    key = forms.UUIDField()
    #: The `version_token` that the window knows of the row; empty if it knows of no row.
    known = forms.CharField(required=False, max_length=50)
    base_version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    fields_json = FieldsField()


class Conflict(Refused):
    """Another window of the same editor has stored an autosave of this article or page since."""

    def __init__(self, autosave: Autosave) -> None:
        super().__init__("別のウィンドウで書いた下書きがあります。どちらを残すか選んでください。", 409)
        self.details = {"autosave": summary(autosave)}


def edited(request: HttpRequest, data: QueryDict) -> tuple[type[Post | Page], Post | Page | None]:
    """Returns the model of the form and its stored row, which is None if it was never saved."""
    if data.get("form") == Autosave.Form.PAGE:
        return Page, edited_page(request.user, data.get("object", ""))
    return Post, edited_post(request.user, data.get("object", ""))


@require_POST
@for_writers
def keep_autosave(request: HttpRequest) -> JsonResponse:
    """Stores the fields of the form, unless the row holds a state that this window has not seen."""
    model, item = edited(request, request.POST)
    form = AutosaveForm(request.POST)
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    try:
        autosave = keep(request.user, model, item, **form.cleaned_data)
    except IntegrityError as error:  # two windows began at the same moment
        raise Refused("下書きを控えられませんでした。", 503) from error
    return JsonResponse(
        {
            "saved_at": autosave.version_token,
            "time": clock(autosave.saved_at),
            "reading_minutes": minutes(autosave),
            "others": others_typing(item, request.user) if item else [],
        }
    )


@transaction.atomic
def keep(
    editor: AbstractBaseUser,
    model: type[Post | Page],
    item: Post | Page | None,
    *,
    key: uuid.UUID,
    known: str,
    base_version: int,
    fields_json: str,
) -> Autosave:
    mine = Autosave.objects.of(editor)
    if mine.done().filter(key=key).exists():
        raise Refused(f"この{model._meta.verbose_name}はすでに保存しました。開き直してください。", 410)
    found = autosaves_of_form(editor, model, item).select_for_update()
    autosave = found.filter(**({} if item else {"key": key})).first()
    if autosave is not None and autosave.version_token != known:
        autosave.belong_to(model, item)
        raise Conflict(autosave)
    if autosave is None:
        autosave = Autosave(editor_id=editor.pk)
    autosave.belong_to(model, item)
    autosave.key = key
    autosave.base_version, autosave.fields_json, autosave.saved_at = base_version, fields_json, timezone.now()
    autosave.save()
    return autosave


@require_GET
@for_writers
def list_autosaves(request: HttpRequest) -> JsonResponse:
    """The unsaved autosaves of the editor for this form, newest first.

    `local` are keys of autosaves in the browser. `done` answers which of them belong to articles saved since.
    """
    model, item = edited(request, request.GET)
    mine = Autosave.objects.of(request.user)
    local = [key for sent in request.GET.getlist("local") if (key := key_of(sent))]
    done = [str(key) for key in mine.done().filter(key__in=local).values_list("key", flat=True)]
    autosaves = autosaves_of_form(request.user, model, item).waiting()[:LISTED]
    for autosave in autosaves:
        # In the form of a new article, an article that the editor does not see counts as none.
        autosave.belong_to(model, item)
    return JsonResponse({"autosaves": [summary(autosave) for autosave in autosaves], "done": done})


def autosaves_of_form(editor: AbstractBaseUser, model: type[Post | Page], item: Post | Page | None) -> AutosaveQuerySet:
    """The autosaves of the article or page. For a new article also those whose article the editor may no longer see."""
    mine = Autosave.objects.of(editor).of_form(model)
    if model is Page:
        return mine.unsaved().filter(page=item)  # for a new page also those of deleted pages, whose page is None
    if item:
        return mine.filter(post=item)
    return mine.filter(~Exists(permissions.visible_posts(editor).filter(pk=OuterRef("post"))))


@require_GET
@for_writers
def open_autosave(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    autosave = own_autosave(request, key)
    return JsonResponse({"fields": autosave.fields, **summary(autosave)})


@require_POST
@for_writers
def discard_autosave(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    """Deletes the autosave. With `known`, a token, only as long as no other window has written on in it."""
    autosave = own_autosave(request, key)
    mine = Autosave.objects.filter(pk=autosave.pk)
    if "known" in request.POST:
        if request.POST["known"] != autosave.version_token:
            raise Conflict(autosave)
        mine = mine.filter(saved_at=autosave.saved_at)
    mine.delete()
    return JsonResponse({})


@require_GET
@for_writers
def fresh_token(request: HttpRequest) -> JsonResponse:
    """A CSRF token for a form that was open while its editor logged in again, which made the form's token invalid."""
    return JsonResponse({"token": get_token(request)})


def own_autosave(request: HttpRequest, key: uuid.UUID) -> Autosave:
    mine = Autosave.objects.of(request.user).unsaved().select_related("post__author", "page")
    autosave = mine.filter(key=key).first()
    if autosave is None:
        raise Refused("下書きが見つかりません。保存したか、破棄したようです。", 404)
    item = autosave.post or autosave.page
    if item and not permissions.may_view(request.user, item):
        # The number of its saves would tell of an article that the editor may not see.
        autosave.post = autosave.page = None
    return autosave


# --- answers to scripts ---


def summary(autosave: Autosave) -> dict[str, Any]:
    body = autosave.value("body")
    return {
        "key": str(autosave.key),
        "saved_at": autosave.version_token,
        "time": moment(autosave.saved_at),
        "title": autosave.title,
        "beginning": plain_text(body[: BEGINNING * 4])[:BEGINNING],
        "characters": len("".join(body.split())),
        "base_version": autosave.base_version,
        "saves_since": autosave.saves_since(),
    }


def minutes(autosave: Autosave) -> int | None:
    """The reading time of the body; None for a text that cannot be rendered."""
    try:
        return reading_minutes(render_body(autosave.value("body")).html)
    except ValidationError:
        return None


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "n月j日 G:i")
