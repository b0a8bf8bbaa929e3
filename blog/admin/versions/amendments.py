"""Amendments at the desk: made with the save of a public article, or afterwards from a revision."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse

from blog.admin.fields import LinesField
from blog.admin.item import go_to, item_for, render, revision_of
from blog.editing import permissions
from blog.editing.amendments import (
    NothingToTell,
    amend,
    newest_read,
    read_before,
    seen_changes,
    withdraw_amendment,
)
from blog.editing.permissions import User
from blog.models import Amendment, Page, Post, PostRevision
from blog.models.history import MAX_NOTE, Revision

FIELDS = ("change_kind", "change_note", "change_shows_text")
NO_NOTE = "読者への説明を書いてください。"
NO_KIND = "説明を読者に知らせるなら、種類を選んでください。"
NOT_PENDING = "公開せずに保存するときは選べません。公開したあとに、履歴の版から知らせてください。"
NOTHING = (
    "この保存では読者に見える版が変わっていないので、知らせていません。"
    "前の変更は、履歴の版から知らせられます。書いた説明：{}"
)
LATER = "変更の説明は、まだ読者に知らせていません。統合したあとに、履歴の版から知らせてください。書いた説明：{}"


def kind_field(**options: Any) -> forms.ChoiceField:
    choices = [("", "知らせない"), *Amendment.Kind.choices]
    return forms.ChoiceField(label="読者に知らせる", choices=choices, **options)


def note_field(**options: Any) -> LinesField:
    about = "何をどう変えたかを書きます。記事の末尾、フィード、検索エンジン向けのデータに、日付とともに載ります。"
    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
    return LinesField(label="読者への説明", max_length=MAX_NOTE, help_text=about, widget=widget, **options)


def text_field() -> forms.BooleanField:
    about = "読者が見た2つの版の違いだけを、消した字と加えた字で見せます。"
    return forms.BooleanField(label="変えた箇所も見せる", required=False, initial=True, help_text=about)


def fields_for(user: User, post: Post) -> set[str]:
    """The fields of an amendment that this user may fill in."""
    return set(FIELDS) if may_amend(user, post) else set()


class AmendingMixin(forms.Form):
    """The part of an article's form that makes an amendment of the save."""

    change_kind = kind_field(
        required=False, help_text="事実を直したら「訂正」、新しいことを加えたら「更新」を選びます。"
    )
    change_note = note_field(required=False)
    change_shows_text = text_field()
    is_pending: bool

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kind, note = self.cleaned_data.get("change_kind"), self.cleaned_data.get("change_note")
        if kind and self.is_pending:
            self.add_error("change_kind", NOT_PENDING)
        elif kind and not note and "change_note" not in self.errors:
            self.add_error("change_note", NO_NOTE)
        elif note and not kind and "change_kind" not in self.errors:
            self.add_error("change_kind", NO_KIND)
        return cleaned

    @property
    def has_amendment(self) -> bool:
        return bool(self.cleaned_data.get("change_kind"))


def amend_save(request: HttpRequest, form: AmendingMixin, post: Post) -> None:
    """Makes the amendment of the form, if its save changed what readers see; else shows the note in a warning."""
    if not form.has_amendment:
        return
    sent, revision = form.cleaned_data, newest_read(post)
    try:
        if revision is None or revision.version != post.version:
            raise NothingToTell(str(post))
        shows_text = sent["change_shows_text"]
        amend(revision, kind=sent["change_kind"], note=sent["change_note"], shows_text=shows_text, by=request.user)
    except NothingToTell:
        messages.warning(request, NOTHING.format(sent["change_note"]))


def keep_note(request: HttpRequest, form: AmendingMixin) -> None:
    """Shows the note in a warning, because somebody else saved the article first."""
    if form.has_amendment:
        messages.warning(request, LATER.format(form.cleaned_data["change_note"]))


# --- afterwards ---


class AmendmentForm(forms.Form):
    kind = forms.ChoiceField(label="種類", choices=Amendment.Kind.choices)
    note = note_field()
    shows_text = text_field()


def may_amend(user: User, item: Post | Page) -> bool:
    return isinstance(item, Post) and item.is_public and permissions.may_publish(user)


def can_be_amended(user: User, item: Post | Page, revision: Revision) -> bool:
    """Whether the user may tell readers of this revision: they have seen it, and something before it."""
    return may_amend(user, item) and isinstance(revision, PostRevision) and read_before(revision) is not None


def amendment(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    """Shows the amendment that a revision has or would have. A POST adds, changes or deletes it."""
    post = item_for(request, admin, object_id, may_amend)
    revision = revision_of(post, number)
    before = read_before(revision)
    if before is None:
        raise Http404("readers have not seen this change")
    existing = Amendment.objects.filter(revision=revision).first()
    if request.method == "POST" and "take_back" in request.POST:
        withdraw_amendment(revision, by=request.user)
        messages.success(request, f"{revision}の変更を、読者に知らせるのをやめました。")
        return go_to(post, "revision", number)
    initial = {"kind": existing.kind, "note": existing.note, "shows_text": bool(existing.passages)} if existing else {}
    form = AmendmentForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid() and _amended(request, revision, form):
        return go_to(post, "revision", number)
    seen = seen_changes(before, revision)
    shown = Amendment(passages=seen.found, left_out=seen.left_out)
    about = {"revision": revision, "before": before, "told": existing, "shown": shown, "form": form}
    return render(request, admin, post, "amendment.html", title=f"{revision}の変更を読者に知らせる", **about)


def _amended(request: HttpRequest, revision: PostRevision, form: AmendmentForm) -> bool:
    try:
        amend(revision, by=request.user, **form.cleaned_data)
    except NothingToTell:  # it was withdrawn while the page was open
        form.add_error(None, ValidationError("この記事はいま公開されていないので、読者に知らせられません。"))
        return False
    done = f"{revision}の変更を読者に知らせました。"
    messages.success(request, done, extra_tags="typed")  # the browser drops its copy
    return True
