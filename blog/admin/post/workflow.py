"""The steps between draft, review and publication: who may take them, and the page that confirms several at once.

Each step is a button of the change form, named with an underscore before the step's name, and an action of the list.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from blog.admin.base import AT_ONCE
from blog.admin.fields import LinesField, MomentWidget, clean_schedule_time
from blog.admin.post.bulk import save_each
from blog.admin.post.findings import ReasonField, Shown, shown
from blog.editing import mail, permissions
from blog.editing.blocking import check_body, clear_for_readers, goes_to_readers
from blog.editing.checking import check_posts
from blog.editing.saving import lock_for_update, save_post
from blog.models import Post
from blog.models.history import MAX_RETURN_REASON
from blog.times import tokyo

State = Post.State
SHOWN_EACH = 5  # findings of one article on the page that confirms several
TAKEN = "同じURLの記事があります。URL名を変えてください。"


class Who(Enum):
    EDITOR = "users who may publish"
    WRITER = "users who may edit the post"
    OWNER = "only the writer of the post"


@dataclass(frozen=True)
class Step:
    """A change of state that a user asks for with a button.

    `needs` names the field that the step requires: "publish_at" or "reason".
    """

    name: str
    label: str
    who: Who
    states: frozenset[Post.State]
    to: Post.State
    move: Callable[[Post, dict[str, Any]], None]
    done: str
    needs: str = ""
    mail: Callable[[Post, permissions.User], EmailMessage | None] | None = None
    effect: str = ""  # the consequences, for the confirmation
    is_apart: bool = False  # it stands apart from the buttons that save, asks first and saves nothing that was typed

    @property
    def publishes(self) -> bool:
        return self.to in (State.PUBLISHED, State.SCHEDULED)

    def open_to(self, user: permissions.User) -> bool:
        """Whether the user may take the step with any post at all."""
        return permissions.may_publish(user) if self.who is Who.EDITOR else user.has_perm("blog.change_post")

    def allowed(self, user: permissions.User, post: Post) -> bool:
        if self.who is Who.EDITOR:
            return permissions.may_publish(user)
        if self.who is Who.OWNER:
            return permissions.may_write(user) and permissions.is_own(user, post)
        return permissions.may_edit(user, post) if post.pk else permissions.may_write(user)

    def applies(self, post: Post) -> bool:
        """Whether the step begins at the post's state. A post that was public keeps its date and is never scheduled."""
        return post.state in self.states and not (self.needs == "publish_at" and post.was_public)

    def reached(self, post: Post, sent: dict[str, Any]) -> bool:
        """Whether the post already is in the state, with the date or reason, that the step would give it."""
        if self.needs == "publish_at" and sent["publish_at"] != post.published_at:
            return False
        if self.needs == "reason" and sent["reason"] != post.return_reason:
            return False
        return post.state is self.to

    def result(self, post: Post) -> str:
        """The end of a Japanese sentence that says what was done with the post."""
        return self.done.format(at=tokyo(post.published_at) if post.published_at else "")


UNPUBLISHED = frozenset({State.DRAFT, State.IN_REVIEW})
STEPS = (
    Step(
        "submit",
        "確認に出す",
        Who.WRITER,
        frozenset({State.DRAFT, State.WITHDRAWN}),
        State.IN_REVIEW,
        lambda post, sent: post.submit(),
        "確認に出しました",
        mail=mail.submitted,
    ),
    Step(
        "recall",
        "提出を取り消す",
        Who.OWNER,
        frozenset({State.IN_REVIEW}),
        State.DRAFT,
        lambda post, sent: post.return_to_writer(),
        "下書きに戻しました",
    ),
    Step(
        "return",
        "差し戻す",
        Who.EDITOR,
        frozenset({State.IN_REVIEW}),
        State.DRAFT,
        lambda post, sent: post.return_to_writer(sent["reason"]),
        "差し戻しました",
        needs="reason",
        mail=mail.returned,
    ),
    Step(
        "publish",
        "公開する",
        Who.EDITOR,
        UNPUBLISHED | {State.SCHEDULED, State.WITHDRAWN},
        State.PUBLISHED,
        lambda post, sent: post.publish(),
        "公開しました",
        mail=mail.published,
        effect="すぐに読者が読めるようになります。",
    ),
    Step(
        "schedule",
        "予約する",
        Who.EDITOR,
        UNPUBLISHED,
        State.SCHEDULED,
        lambda post, sent: post.publish(sent["publish_at"]),
        "{at}に公開するよう予約しました",
        needs="publish_at",
        mail=mail.published,
    ),
    Step(
        "unschedule",
        "予約をやめる",
        Who.EDITOR,
        frozenset({State.SCHEDULED}),
        State.DRAFT,
        lambda post, sent: post.unpublish(),
        "下書きに戻しました",
        effect="公開日時は消え、下書きに戻ります。",
    ),
    Step(
        "withdraw",
        "取り下げる",
        Who.EDITOR,
        frozenset({State.PUBLISHED}),
        State.WITHDRAWN,
        lambda post, sent: post.unpublish(),
        "取り下げました",
        effect="読者は読めなくなり、URLは「見つかりません」と答えます。もう一度公開すると、同じURLに戻ります。",
        is_apart=True,
    ),
)


def steps_for(user: permissions.User, post: Post) -> list[Step]:
    return [step for step in STEPS if step.applies(post) and step.allowed(user, post)]


def asked(data: dict[str, Any]) -> Step | None:
    """The step whose button was pressed, or None. A form in a pop-up window only saves."""
    if IS_POPUP_VAR in data:
        return None
    return next((step for step in STEPS if f"_{step.name}" in data), None)


def state_note(post: Post) -> str:
    """A sentence about the state of the post, for the top of its form."""
    at = tokyo(post.published_at) if post.published_at else ""
    return {
        State.DRAFT: "まだ公開していません。",
        State.IN_REVIEW: "編集者の確認を待っています。",
        State.SCHEDULED: f"{at}に公開します。",
        State.PUBLISHED: f"{at}から公開しています。",
        State.WITHDRAWN: "取り下げました。読者からは見えません。",
    }[post.state]


def announce(step: Step, post: Post, by: permissions.User) -> None:
    """Puts the mail of the step into the queue. Call it in the transaction of the step."""
    if step.mail and (notice := step.mail(post, by)):
        mail.send.enqueue(notice.to, notice.subject, notice.body)


# --- several at once ---


class StepForm(forms.Form):
    """The field that a step requires, and the reason to publish texts with errors."""

    publish_at = forms.SplitDateTimeField(
        label="公開日時", required=False, widget=MomentWidget, help_text="日本時間です。"
    )
    reason = LinesField(label="差し戻しの理由", max_length=MAX_RETURN_REASON, widget=forms.Textarea(attrs={"rows": 4}))
    override_reason = ReasonField()

    def __init__(self, step: Step, data: dict[str, Any] | None) -> None:
        super().__init__(data, label_suffix="")
        wanted = {step.needs, "override_reason" if step.publishes else ""}
        self.fields = {name: field for name, field in self.fields.items() if name in wanted}

    def clean_publish_at(self) -> datetime:
        return clean_schedule_time(self.cleaned_data["publish_at"])


def take_many(step: Step, admin: Any, request: HttpRequest, queryset: QuerySet[Post]) -> HttpResponse | None:
    """Names the posts and asks for confirmation. Takes the step when it is confirmed."""
    posts = list(queryset[:AT_ONCE])
    ready = [post for post in posts if step.applies(post) and step.allowed(request.user, post)]
    if not ready:
        messages.error(request, f"選んだ記事のなかに、「{step.label}」ができるものはありません。")
        return None
    confirmed = "confirmed" in request.POST
    form = StepForm(step, request.POST if confirmed else None)
    if confirmed and form.is_valid():
        _take_each(step, admin, request, ready, form.cleaned_data)
        return None
    return admin.render(
        request,
        "admin/blog/post/step_confirmation.html",
        title=f"{step.label}：記事{len(ready)}件",
        media=admin.media + form.media,
        step=step,
        action=step.name,
        verb=step.label,
        form=form,
        fields=[form[step.needs]] if step.needs else [],
        rows=ready,
        flawed=flawed(ready) if step.publishes else [],
        others=[post for post in posts if post not in ready],
    )


def flawed(posts: list[Post]) -> list[tuple[Post, Shown]]:
    """The posts that errors keep from readers, with what the desk check says of their stored texts."""
    whole = Post.objects.defer("body_html", "toc").in_bulk([post.pk for post in posts])
    found = check_posts(list(whole.values()))
    each = zip(whole.values(), (shown(findings, SHOWN_EACH) for findings in found), strict=True)
    return [(post, findings) for post, findings in each if findings.errors]


def _take_each(step: Step, admin: Any, request: HttpRequest, posts: list[Post], sent: dict[str, Any]) -> None:
    done = save_each(request, posts, partial(_take, step, admin, request, sent), TAKEN)
    if done:
        named = f"「{done[0]}」" if len(done) == 1 else f"{len(done)}件の記事"
        messages.success(request, f"{named}を{step.result(done[0])}。")


def _take(step: Step, admin: Any, request: HttpRequest, sent: dict[str, Any], pk: int) -> Post:
    post = lock_for_update(pk)
    stored = copy(post)
    if not (step.applies(post) and step.allowed(request.user, post)):
        raise ValidationError(f"いまは「{post.state.label}」なので、「{step.label}」はできません。")
    step.move(post, sent)
    post.clean()
    check_body(post, stored)
    reason = sent.get("override_reason", "")
    override = clear_for_readers(post, stored, by=request.user, reason=reason) if goes_to_readers(post) else None
    save_post(post, by=request.user, override=override)
    admin.log_change(request, post, f"{step.result(post)}。")
    announce(step, post, request.user)
    return post
