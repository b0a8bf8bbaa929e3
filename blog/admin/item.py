"""What articles and static pages share at the desk: addresses, who may open them, the form, and refused saves."""

import uuid
from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format

from blog.admin.fields import number_in
from blog.editing import permissions
from blog.editing.fields import PAGE_CONTENT, TEXTS, is_text, label
from blog.editing.notes import others_in
from blog.editing.saving import lock_for_update
from blog.models import Autosave, Page, PageRevision, Post, PostRevision
from blog.models.history import display_name


def item_for(
    request: HttpRequest, admin: ModelAdmin, object_id: int | str, may: Callable[[permissions.User, Any], bool]
) -> Post | Page:
    """The item with this key. Raises Http404 if the user may not see it, PermissionDenied if `may` refuses."""
    item = admin.find(request, str(object_id))
    if item is None:
        raise Http404("nothing has this key")
    if not may(request.user, item):
        raise PermissionDenied
    return item


def may_wait(item: Post | Page) -> bool:
    """Whether a change can wait as a pending version, which readers do not see."""
    return isinstance(item, Post) and item.is_public


def go_to(item: Post | Page, name: str, *args: object) -> HttpResponse:
    """A redirect to one of the pages of the item, or to its form."""
    return redirect(f"admin:{item._meta.app_label}_{item._meta.model_name}_{name}", item.pk, *args)


def hold_for(request: HttpRequest, post: Post, may: Callable[[permissions.User, Post], bool]) -> None:
    """Locks the post until the transaction ends, then checks the permission on the locked row.

    Raises PermissionDenied, Post.DoesNotExist.
    """
    if not may(request.user, lock_for_update(post.pk)):
        raise PermissionDenied


def revision_of(item: Post | Page, number: int) -> PostRevision | PageRevision:
    revision = item.revisions.select_related("user", "source").filter(number=number).first()
    if revision is None:
        raise Http404("no such revision")
    return revision


def version_in(data: dict[str, str]) -> int:
    """The edit number that the page sends back; -1, which no post has, if it is none."""
    sent = number_in(data.get("version", ""))
    return -1 if sent is None else sent


def render(
    request: HttpRequest, admin: ModelAdmin, item: Post | Page, template: str, **context: object
) -> TemplateResponse:
    """Renders a template of `desk/`. Templates that are only for articles call the item `post`."""
    return admin.render(request, f"desk/{template}", item=item, post=item, **context)


NO_VERSION = "どの版から編集したのかが分からないので、保存していません。控えを取ってから、記事を開き直してください。"
STALE = "編集しているあいだに、別の人がこの{}を保存しました。誤りを直して保存すると、二人の内容を比べて統合できます。"


def others_typing(item: Post | Page, user: permissions.User) -> list[str]:
    """A sentence for each colleague who types in the item, or did within the last minutes, and has not saved it."""
    return [
        f"{display_name(row.editor)}さんも開いています（{clock(row.saved_at)}に入力）。"
        for row in others_in(item, user)
    ]


def clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "G:i")


class ItemForm(forms.ModelForm):
    base_version = forms.IntegerField(label="編集を始めた版", widget=forms.HiddenInput, required=False)
    # The template shows it, only if an address is about to change.
    confirmed_path = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address_change: tuple[str, str] | None = None
        self.stored = copy(self.instance)
        self.initial["base_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        item, began = self.instance, cleaned.get("base_version")
        if item.pk and (began is None or not 0 <= began <= item.version):
            self.add_error(None, NO_VERSION)
        return cleaned

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors and self.is_late:
            self.add_error(None, STALE.format(self.instance._meta.verbose_name))

    @property
    def is_late(self) -> bool:
        """Whether somebody saved the item since this edit began. The edit is then kept and merged."""
        return self.instance.pk is not None and self.cleaned_data.get("base_version") != self.instance.version

    def confirm_address(self, change: tuple[str, str], question: str) -> None:
        """Asks the user to confirm the second address in the place of the first, showing both."""
        if self.cleaned_data["confirmed_path"] != change[1]:
            self.address_change = change
            self.add_error(None, question)


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


GONE = "この記事は、編集しているあいだに削除されたか、あなたの担当でなくなりました。"
PAGE_GONE = "この固定ページは、編集しているあいだに削除されました。"
TAKEN = {
    Post.State.IN_REVIEW: "この記事は、編集しているあいだに確認に出されました。",
    Post.State.SCHEDULED: "この記事は、編集しているあいだに公開の予約が入りました。",
    Post.State.PUBLISHED: "この記事は、編集しているあいだに公開されました。",
}
PLANNED = "この記事は、編集しているあいだに、公開前の変更を反映する予約が入りました。"
NOT_ALLOWED = "この操作を行う権限がありません。"
RECALL = "「提出を取り消す」で下書きに戻すと、また編集できます。"
ASK = "直したいところを編集者に伝えてください。"
WRITE_ANEW = "必要なら、新しい{}に貼り付けてください。"


class Typed(NamedTuple):
    """One field of the form as it was sent."""

    name: str
    label: str
    text: str


def refuse_save(
    request: HttpRequest, admin: ModelAdmin, item: Post | Page | None, texts: list[Typed] | None = None
) -> HttpResponse:
    """Shows the typed text, why nothing was saved and what to do. `item` is None if the user cannot see it.

    `texts` is what was typed, if it was not in the form of the item.
    """
    why, advice = why_refused(request.user, item, admin.model)
    answer = admin.render(
        request,
        "desk/refused_save.html",
        title="保存できませんでした",
        item=item,
        why=why,
        advice=advice,
        typed=typed(request, item, admin.model) if texts is None else texts,
    )
    answer.status_code = 403 if item else 404
    return answer


def why_refused(user: permissions.User, item: Post | Page | None, of: type[Post | Page]) -> tuple[str, str]:
    """Why nothing was saved, and what to do."""
    if item is None:
        return PAGE_GONE if of is Page else GONE, WRITE_ANEW.format(of._meta.verbose_name)
    if isinstance(item, Page):
        return NOT_ALLOWED, ASK
    advice = RECALL if item.state is Post.State.IN_REVIEW and permissions.is_own(user, item) else ASK
    if permissions.may_work_on(user, item):
        return NOT_ALLOWED, advice
    return PLANNED if permissions.awaited_plan(user, item) else TAKEN.get(item.state, NOT_ALLOWED), advice


def typed(request: HttpRequest, item: Post | Page | None, of: type[Post | Page]) -> list[Typed]:
    """The texts of the form that differ from the stored item, or without an `item` those that are not empty."""
    texts = [name for name in PAGE_CONTENT if is_text(name)] if of is Page else TEXTS
    names = {name: label(name, of) for name in texts} | ({} if of is Page else {"tag_names": label("tags")})
    stored = {name: getattr(item, name) for name in texts} if item else {}
    sent = [Typed(name, named, request.POST.get(name, "")) for name, named in names.items()]
    return [field for field in sent if lines_of(field.text) not in ([], lines_of(stored.get(field.name, "")))]


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends, which a browser changes."""
    return text.strip().splitlines()
