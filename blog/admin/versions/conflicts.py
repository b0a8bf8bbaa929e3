"""Two editors saved one post or page: the desk keeps the second edit, compares it with the first and merges them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from blog.admin.fields import LineField, LinesField, TypedLinesField
from blog.admin.item import (
    Typed,
    finish_autosaves,
    go_to,
    item_for,
    may_wait,
    refuse_save,
    render,
    revision_of,
    version_in,
)
from blog.admin.versions.changes import changes, inline, shown
from blog.admin.versions.revisions import STALE_VERSION, save_or_tell
from blog.editing import permissions
from blog.editing.fields import KINDS, is_line, is_text, label
from blog.editing.merging import merge_snapshots
from blog.editing.pending import address_change, keep_unmerged, overwriting
from blog.editing.saving import StaleVersion
from blog.editing.snapshots import Snapshot
from blog.models import Page, Post
from blog.models.history import Revision
from blog.text.merge import join

MINE, THEIRS = "mine", "theirs"
REWRITTEN = "自分の内容を書き直しています。使うなら「自分の内容にする」を選び、使わないなら元に戻してください。"
BODY, PLACE = "body_", "本文 {}か所目"  # a part of the body, by its number among the parts and among the conflicts
OWN = "：自分の内容"


class Question(NamedTuple):
    """One place that both edits changed, with both texts as parts ("same" | "removed" | "added", text)."""

    key: str
    label: str
    theirs: list[tuple[str, str]]
    mine: list[tuple[str, str]]


class MergeVersionsForm(forms.Form):
    """Asks one choice for each place that both edits changed. The user can rewrite the own version of a text."""

    def __init__(
        self, base: Snapshot | None, mine: Snapshot, theirs: Snapshot, *, of: type[Post | Page] = Post, data: Any = None
    ) -> None:
        super().__init__(data, label_suffix="")
        self.of = of
        self.merge = merge_snapshots(base, mine, theirs)
        self.sides = {MINE: mine, THEIRS: theirs}
        self.texts: dict[str, str] = {}
        self.questions: list[Question] = []
        for name in self.merge.conflicts:
            if name == "body":
                self._ask_body()
            elif is_text(name):
                self._ask_text(name, label(name, of), (base or {}).get(name, ""), mine[name], theirs[name])
            else:
                values = ([("same", shown(name, side[name]))] for side in (theirs, mine))
                self._ask(Question(name, label(name, of), *values))

    def _ask_body(self) -> None:
        number = 0
        for i, part in enumerate(self.merge.body):
            if part.is_conflict:
                number += 1
                self._ask_text(f"{BODY}{i}", PLACE.format(number), part.base, part.mine, part.theirs)

    def _ask_text(self, key: str, title: str, base: str, mine: str, theirs: str) -> None:
        is_short = is_text(key) and is_line(key, self.of)
        widget = forms.TextInput if is_short else forms.Textarea(attrs={"rows": min(20, 3 + len(mine) // 40)})
        kind = LineField if is_short else LinesField if is_text(key) else TypedLinesField  # a part of the body
        field = kind(label=f"{title}{OWN}", required=False, strip=False, widget=widget, initial=mine)
        self.fields[f"text_{key}"], self.texts[key] = field, field.clean(mine)
        base = base.rstrip("\n")
        self._ask(Question(key, title, inline(base, theirs.rstrip("\n")), inline(base, mine.rstrip("\n"))))

    def _ask(self, question: Question) -> None:
        self.fields[f"choice_{question.key}"] = forms.ChoiceField(
            label=question.label,
            choices=[(THEIRS, "相手の内容にする"), (MINE, "自分の内容にする")],
            widget=forms.RadioSelect,
            error_messages={"required": "どちらの内容にするかを選んでください。"},
        )
        self.questions.append(question)

    def asked(self) -> list[tuple[Question, forms.BoundField, forms.BoundField | None]]:
        return [
            (
                question,
                self[f"choice_{question.key}"],
                self[f"text_{question.key}"] if question.key in self.texts else None,
            )
            for question in self.questions
        ]

    def clean(self) -> dict[str, Any]:
        """Refuses the choice of the other text where the user has rewritten the own one, which would be lost."""
        for key, text in self.texts.items():
            rewritten = self.cleaned_data.get(f"text_{key}", text).rstrip("\n") != text.rstrip("\n")
            if rewritten and self.cleaned_data.get(f"choice_{key}") == THEIRS:
                self.add_error(f"choice_{key}", REWRITTEN)
        return self.cleaned_data

    def decided(self) -> Snapshot:
        """The whole content: the fields that merged by themselves and the chosen ones."""
        values = dict(self.merge.resolved)
        for name in self.merge.conflicts:
            if name == "body":
                parts = enumerate(self.merge.body)
                values[name] = join(
                    self._chosen(f"body_{i}", part.theirs) if part.is_conflict else part.text for i, part in parts
                )
            elif is_text(name):
                values[name] = self._chosen(name, self.sides[THEIRS][name])
            else:
                values[name] = self.sides[self.cleaned_data[f"choice_{name}"]][name]
        return values

    def _chosen(self, key: str, theirs: str) -> str:
        return theirs if self.cleaned_data[f"choice_{key}"] == THEIRS else self.cleaned_data[f"text_{key}"]


def typed_in(data: Mapping[str, str], *, of: type[Post | Page]) -> list[Typed]:
    """The own texts as they were sent, for a user who may no longer save them. Needs no version to compare with."""
    names = {f"text_{name}": label(name, of) for name in KINDS if is_text(name) and f"text_{name}" in data}
    parts = [key for key in data if key.startswith(f"text_{BODY}")]
    names |= {key: PLACE.format(number) for number, key in enumerate(parts, 1)}
    return [Typed(key, f"{named}{OWN}", data[key]) for key, named in names.items() if data[key].strip()]


Kind = Revision.Kind
FIELDS = tuple(KINDS)  # without the state, which no merge changes
SIDES = ("mine", "theirs", "joined")
NOTHING_OF_MINE = (
    "そのあいだに別の人がこの{}を保存していました。あなたの変更はなかったので、その内容のままです。"
    "公開や差し戻しなどの操作は行っていません。"
)
AGAIN = "統合しているあいだに、また別の人が保存しました。あなたの内容は履歴に残しました。もう一度確かめてください。"
DONE = {
    Kind.MERGED: "統合して保存しました。",
    Kind.OVERWRITTEN: "あなたの内容で保存しました。相手の保存も履歴に残っています。",
}


class TooLate(Exception):
    """Somebody else saved the item first. Holds the typed content and the edit number that it began with."""

    def __init__(self, item: Post | Page, typed: Snapshot, version: int) -> None:
        super().__init__(f"{item._meta.model_name} {item.pk} was saved since version {version}")
        self.item, self.typed, self.version = item, typed, version


def keep(request: HttpRequest, late: TooLate) -> HttpResponse:
    """Stores the edit as an unmerged revision and redirects to the page that merges it."""
    unmerged = keep_unmerged(late.item, late.typed, by=request.user, version=late.version)
    if unmerged is None:
        messages.info(request, NOTHING_OF_MINE.format(late.item._meta.verbose_name))
        return go_to(late.item, "change")
    finish_autosaves(request, late.item)  # the revision holds the text now
    return go_to(late.item, "merge", unmerged.number)


def merge(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    """Merges an unmerged revision with the saves since it began, or overwrites them with it."""
    try:
        return _merge(request, admin, object_id, number)
    except PermissionDenied:  # such as if a release was planned while the page was open
        item = admin.find(request, str(object_id))
        if request.method != "POST" or not admin.has_view_permission(request, item):
            raise
        return refuse_save(request, admin, item, texts=typed_in(request.POST, of=type(item)))


def _merge(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    item = item_for(request, admin, object_id, permissions.may_work_on)
    late = revision_of(item, number)
    if late.kind != Kind.UNMERGED:
        raise Http404("nothing to merge")
    if done := late.results.order_by("number").first():
        messages.info(request, f"{late}は、すでに{done}になりました。")
        return go_to(item, "revision", done.number)
    # The names of the fields depend on the compared versions, so an answer is read against those of its page.
    answered = version_in(request.POST)
    is_answer = late.version < answered <= item.version
    version = answered if is_answer else item.version
    base, other = item.revisions.as_of(late.version), item.revisions.as_of(version)
    snapshots = (base and base.snapshot, late.snapshot, other.snapshot)
    answer = request.POST if is_answer and "merge" in request.POST else None
    form = MergeVersionsForm(*snapshots, of=type(item), data=answer)
    decided = _decided(form, item, late, other) if is_answer else None
    kind = Kind.MERGED if form.is_bound else Kind.OVERWRITTEN
    if decided and (leaving := _save(request, item, late, decided, kind)):
        return leaving
    if request.method == "POST" and not is_answer:  # the page shows no edit number of this item
        messages.error(request, STALE_VERSION.format(item._meta.verbose_name))
    return render(
        request,
        admin,
        item,
        "merge.html",
        title="編集の統合",
        revision=late,
        version=version,
        saves=item.revisions.in_line().filter(version__gt=late.version).for_list(),
        form=form,
        labels={side: [label(name, type(item)) for name in getattr(form.merge, side)] for side in SIDES},
        mine=changes(base and base.snapshot, late.snapshot, FIELDS, of=type(item)),
        theirs=changes(base and base.snapshot, other.snapshot, FIELDS, of=type(item)),
        asks_where=may_wait(item) and permissions.may_edit(request.user, item),
        address_change=decided and not _waits(request, item) and address_change(item, decided),
    )


def _decided(form: MergeVersionsForm, item: Post | Page, late: Revision, other: Revision) -> Snapshot | None:
    """The chosen content: the late edit instead of the other, or the merge of the form. None if it lacks an answer."""
    if form.is_bound:
        return form.decided() if form.is_valid() else None
    return overwriting(item, late, other)


def _waits(request: HttpRequest, item: Post) -> bool:
    """Whether the result becomes a pending version instead of the public content."""
    return may_wait(item) and request.POST.get("where") != "live"


def _save(
    request: HttpRequest, item: Post | Page, late: Revision, decided: Snapshot, kind: Revision.Kind
) -> HttpResponse | None:
    """Saves the merge. Returns a redirect, or None if the page must be shown again."""
    is_pending = _waits(request, item)
    try:
        if not save_or_tell(request, item, decided, kind=kind, source=late, is_pending=is_pending):
            return None
    except StaleVersion:
        return _keep_again(request, item, late, decided)
    messages.success(request, f"{DONE[kind]}{'まだ公開していません。' if is_pending else ''}")
    return go_to(item, "change")


def _keep_again(request: HttpRequest, item: Post | Page, late: Revision, decided: Snapshot) -> HttpResponse:
    """Stores the merge as an unmerged revision of its own, because somebody saved again while its page was open."""
    about = {"version": version_in(request.POST), "source": late}
    again = keep_unmerged(item, late.snapshot | decided, by=request.user, **about)
    messages.error(request, AGAIN)
    return go_to(item, "merge", (again or late).number)
