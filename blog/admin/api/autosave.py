"""What is being typed is kept: a script sends the form every few seconds, and gives it back after a crash."""

import json
import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from blog.admin.api.endpoints import Refused, edited_post, for_writers
from blog.admin.post.sent_again import key_of
from blog.editing import permissions
from blog.models import Autosave, Post
from blog.models.autosave import AutosaveQuerySet
from blog.models.rendering import render_body
from blog.text.bounds import MAX_CHARS
from blog.text.japanese import plain_text, reading_minutes

MAX_FIELDS = 2_000
MAX_JSON = 4 * MAX_CHARS  # a text that is too long to be saved is kept all the same
MAX_UNSAVED = 50
LISTED = 10
BEGINNING = 60


class FieldsField(forms.CharField):
    """`Autosave.fields_json`, checked and as it was sent."""

    def __init__(self) -> None:
        super().__init__(strip=False, max_length=MAX_JSON)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, list) or len(fields) > MAX_FIELDS or not all(map(is_field, fields)):
            raise forms.ValidationError("下書きの形式が正しくありません。")
        return text


def is_field(value: Any) -> bool:
    return isinstance(value, list) and len(value) in (2, 3) and all(isinstance(part, str) for part in value)


class DraftForm(forms.Form):
    key = forms.UUIDField()
    #: The state of the row that the window knows; empty if it knows of none.
    known = forms.CharField(required=False, max_length=50)
    base_version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    fields_json = FieldsField()


class Conflict(Refused):
    """Another window of the same editor has kept a draft of this article since."""

    def __init__(self, draft: Autosave) -> None:
        super().__init__("別のウィンドウで書いた下書きがあります。どちらを残すか選んでください。", 409)
        self.details = {"draft": summary(draft)}


@require_POST
@for_writers
def keep_draft(request: HttpRequest) -> JsonResponse:
    """Keeps the fields of the form, unless the row holds what this window has never seen."""
    post = edited_post(request.user, request.POST.get("object", ""))
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    try:
        draft = keep(request.user, post, **form.cleaned_data)
    except IntegrityError as error:  # two windows began at the same moment
        raise Refused("下書きを控えられませんでした。", 503) from error
    return JsonResponse(
        {"saved_at": draft.version_token, "time": clock(draft.saved_at), "reading_minutes": minutes(draft)}
    )


@transaction.atomic
def keep(
    editor: AbstractBaseUser, post: Post | None, *, key: uuid.UUID, known: str, base_version: int, fields_json: str
) -> Autosave:
    mine = Autosave.objects.of(editor)
    if mine.done().filter(key=key).exists():
        raise Refused("この記事はすでに保存しました。開き直してください。", 410)
    draft = drafts_of_form(editor, post).select_for_update().filter(**({} if post else {"key": key})).first()
    if draft is not None and draft.version_token != known:
        draft.post = post
        raise Conflict(draft)
    if draft is None:
        if post is None and mine.unsaved().filter(post=None).count() >= MAX_UNSAVED:
            raise Refused(f"保存していない下書きが{MAX_UNSAVED}件あります。要らないものを破棄してください。")
        draft = Autosave(editor_id=editor.pk)
    draft.post, draft.key = post, key
    draft.base_version, draft.fields_json, draft.saved_at = base_version, fields_json, timezone.now()
    draft.save()
    return draft


@require_GET
@for_writers
def list_drafts(request: HttpRequest) -> JsonResponse:
    """What this editor typed into this form and did not save, newest first; of the `copies` in the browser the done."""
    post = edited_post(request.user, request.GET.get("object", ""))
    mine = Autosave.objects.of(request.user)
    copies = [key for copy in request.GET.getlist("copies")[:MAX_UNSAVED] if (key := key_of(copy))]
    done = [str(key) for key in mine.done().filter(key__in=copies).values_list("key", flat=True)]
    drafts = drafts_of_form(request.user, post).unsaved()[:LISTED]
    for draft in drafts:
        draft.post = post  # one out of sight counts for none
    return JsonResponse({"drafts": [summary(draft) for draft in drafts], "done": done})


def drafts_of_form(editor: AbstractBaseUser, post: Post | None) -> AutosaveQuerySet:
    """Those of the article; in the form of a new one also those whose article the editor does not see any more."""
    mine = Autosave.objects.of(editor)
    if post:
        return mine.filter(post=post)
    return mine.filter(~Exists(permissions.visible_posts(editor).filter(pk=OuterRef("post"))))


@require_GET
@for_writers
def open_draft(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    draft = own_draft(request, key)
    return JsonResponse({"fields": draft.fields, **summary(draft)})


@require_POST
@for_writers
def discard_draft(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    own_draft(request, key).delete()
    return JsonResponse({})


@require_GET
@for_writers
def fresh_token(request: HttpRequest) -> JsonResponse:
    """For a form that was open while its editor logged in again, which made its own token worthless."""
    return JsonResponse({"token": get_token(request)})


def own_draft(request: HttpRequest, key: uuid.UUID) -> Autosave:
    draft = Autosave.objects.of(request.user).unsaved().filter(key=key).select_related("post__author").first()
    if draft is None:
        raise Refused("下書きが見つかりません。保存したか、破棄したようです。", 404)
    if draft.post and not permissions.may_view(request.user, draft.post):
        draft.post = None  # one out of sight counts for none, and so do the saves of it
    return draft


# --- what a script is told ---


def summary(draft: Autosave) -> dict[str, Any]:
    body = draft.value("body")
    return {
        "key": str(draft.key),
        "saved_at": draft.version_token,
        "time": moment(draft.saved_at),
        "title": draft.title,
        "beginning": plain_text(body[: BEGINNING * 4])[:BEGINNING],
        "characters": len("".join(body.split())),
        "base_version": draft.base_version,
        "saves_since": draft.saves_since(),
    }


def minutes(draft: Autosave) -> int | None:
    """None for a text that is kept although no page can be made of it yet."""
    try:
        return reading_minutes(render_body(draft.value("body")).html)
    except ValidationError:
        return None


def clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "G:i")


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "n月j日 G:i")
