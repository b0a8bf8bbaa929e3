"""The part of an article's form that changes its state: the button, the time or reason, the confirmed address."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from blog.admin.fields import LinesField, MomentWidget, spelt
from blog.admin.item.findings import ReasonField
from blog.admin.item.form import ItemForm
from blog.admin.item.schedule import clean_schedule_time
from blog.admin.post.workflow import asked
from blog.editing import permissions
from blog.editing.blocking import Blocked, check_body, clear_for_readers, goes_to_readers
from blog.editing.revisions.history import Override
from blog.models import Post
from blog.models.history import MAX_RETURN_REASON
from blog.text.characters import with_lf
from blog.text.desk import Finding
from blog.text.japanese import normalise

SAVE_PENDING = "_save_pending"
# The buttons of a form that was opened before the post was public. A user who presses them does not mean to publish.
UNAWARE = frozenset({"_save", "_continue"})
BECAME_PUBLIC = (
    "編集しているあいだに公開されました。書いた内容はこの画面に残っていますが、まだ保存していません。"
    "「公開せずに保存」か「公開中の記事に反映する」を選んでください。"
)
PROPOSE_ONLY = (
    "この記事は公開中です。書いた内容はこの画面に残っていますが、まだ保存していません。"
    "「変更を提案する」を押すと、編集者に届きます。"
)
BLOCKED = (
    "公開を止める指摘があります。書いた内容はこの画面に残っていますが、まだ保存していません。"
    "指摘を直すか、直さずに公開する理由を書いて、もう一度ボタンを押してください。"
)
APART = (
    "「{}」は、書いた内容の保存とは別に行います。書いた内容はこの画面に残っていますが、まだ保存していません。"
    "画面の上の「状態」にあるボタンを使ってください。"
)
NEW_ADDRESS = "この記事のURLが変わります。下の2つのURLを確かめてから、もう一度保存してください。"
# The fields that the steps change. A refused form gets their old values back.
MOVED = ("status", "published_at", "url_date", "url_month", "updated_at", "return_reason")
AT_HELP = {
    True: "日本時間です。過ぎた日時に直せます。日が変わると、URLも変わります。",
    False: "日本時間です。「予約する」を押すと、この日時に公開します。すぐに公開するときは空にします。",
}


def told_fields(user: permissions.User, post: Post) -> set[str]:
    """The fields that the steps of this user may require."""
    if not permissions.may_publish(user):
        return set()
    fields = {"publish_at", "override_reason"}
    return fields | {"reason"} if post.state is Post.State.IN_REVIEW else fields


class WorkflowForm(ItemForm):
    publish_at = forms.SplitDateTimeField(label="公開日時", required=False, widget=MomentWidget)
    reason = LinesField(
        label="差し戻しの理由",
        required=False,
        max_length=MAX_RETURN_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "執筆者に届きます"}),
        help_text="「差し戻す」を押すと、執筆者に届きます。",
    )
    override_reason = ReasonField()  # shown only if errors of the text block its publication
    user: permissions.User  # set by the admin

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post = self.instance
        self.step = asked(self.data)
        self.is_reached = False  # somebody, or this form when it was sent before, has taken the step
        self.is_pending = SAVE_PENDING in self.data and self.step is None and post.is_public
        self.only_proposes = permissions.only_proposes(self.user, post)
        self.public_path = post.path if post.was_public else ""
        self.blocked: list[Finding] = []  # the findings of a text that may not go to readers
        self.override: Override | None = None
        self.initial["publish_at"] = post.published_at
        self.fields["publish_at"].help_text = AT_HELP[post.was_public]
        for name in {"publish_at", "reason", "override_reason"} - told_fields(self.user, post):
            del self.fields[name]

    def clean_publish_at(self) -> datetime | None:
        at = self.cleaned_data["publish_at"]
        if at is not None and not 2000 <= at.year < 2100:
            raise ValidationError("公開日時の年を確かめてください。")
        return at

    def _post_clean(self) -> None:
        """Takes the step before the model's checks, so that they see the new address of the post."""
        if self.only_proposes and not self.is_pending:
            self._refuse_all_but_proposal()
        before = {name: getattr(self.instance, name) for name in MOVED}
        self.is_reached = self._is_reached()
        if not self.errors and not self.is_reached:
            self._check()
        if not self.errors and not self.is_reached:
            self._move()
        super()._post_clean()
        if not self.errors:
            self._check_body()
        if not self.errors:
            self._confirm_address()
            self._check_errors()
        if self.errors:
            for name, value in before.items():
                setattr(self.instance, name, value)

    def _refuse_all_but_proposal(self) -> None:
        """Keeps the typed text in the form, which may have been opened before the article was public."""
        if self.step and not self.step.open_to(self.user):
            raise PermissionDenied
        self.add_error(None, PROPOSE_ONLY)

    def _is_reached(self) -> bool:
        step = self.step
        return step is not None and not step.is_apart and step.reached(self.instance, self.told)

    @property
    def told(self) -> dict[str, Any]:
        """The time and the reason that were sent. After a return the form has no field for the reason any more."""
        reason = with_lf(spelt(self.data.get("reason", ""), normalise)).strip()
        return {"publish_at": self.cleaned_data.get("publish_at"), "reason": reason}

    def _check(self) -> None:
        post, step = self.instance, self.step
        if step and not step.allowed(self.user, post):
            raise PermissionDenied
        if post.is_public and not step and not UNAWARE.isdisjoint(self.data):
            self.add_error(None, BECAME_PUBLIC)
        if step and not step.applies(post):
            self.add_error(None, f"いまは「{post.state.label}」なので、「{step.label}」はできません。")
        elif step and step.is_apart:
            self.add_error(None, APART.format(step.label))
        for name, check in (("reason", self._check_reason), ("publish_at", self._check_time)):
            if name in self.fields:
                try:
                    check(self.cleaned_data[name])
                except ValidationError as error:
                    self.add_error(name, error)

    def _check_reason(self, reason: str) -> None:
        returned = self.step is not None and self.step.needs == "reason"
        if returned and not reason:
            raise ValidationError("執筆者に伝える理由を書いてください。")
        if reason and not returned:
            raise ValidationError("理由を伝えるには「差し戻す」を押します。差し戻さないなら、空にしてください。")

    def _check_time(self, at: datetime | None) -> None:
        post, step = self.instance, self.step
        if post.was_public:
            if "publish_at" in self.changed_data and (at is None or at > timezone.now()):
                raise ValidationError("公開した記事の日時は、空にしたり先の日時に移したりできません。")
        elif (post.is_scheduled and step is None) or (step is not None and step.needs == "publish_at"):
            clean_schedule_time(at)
        elif at is not None and not post.is_scheduled:
            raise ValidationError("この日時に公開するなら「予約する」を押します。そうでないなら、空にしてください。")

    def _move(self) -> None:
        post, at = self.instance, self.cleaned_data.get("publish_at")
        if "publish_at" in self.changed_data:
            if post.was_public:
                post.redate(at)
            elif post.is_scheduled and self.step is None:
                post.publish(at)
        if self.step:
            self.step.move(post, self.cleaned_data)

    def _check_body(self) -> None:
        if self.is_pending:
            return  # readers see no change yet
        try:
            check_body(self.instance)
        except ValidationError as error:
            self.add_error(None, error)

    def _confirm_address(self) -> None:
        path = self.instance.path
        if self.is_pending or not self.public_path:
            return  # readers see no change yet, or know no address
        if path != self.public_path:
            self.confirm_address((self.public_path, path), NEW_ADDRESS)

    def _check_errors(self) -> None:
        """Refuses a text with errors that would go to readers, unless the user gives a reason."""
        post = self.instance
        if self.is_pending or self.is_late or not goes_to_readers(post):
            return
        try:
            self.override = clear_for_readers(post, by=self.user, reason=self.cleaned_data.get("override_reason", ""))
        except Blocked as blocked:
            self.blocked = blocked.findings
            self.add_error(None, BLOCKED)

    @property
    def shows_override(self) -> bool:
        """Whether the page asks for a reason, or gives back one that was typed."""
        asked = "override_reason" in self.fields
        return bool(self.blocked or (asked and self.is_bound and self["override_reason"].value()))
