"""The form of an article, with the button that changes its state."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from blog.admin.fields import (
    LineField,
    LinesField,
    MomentWidget,
    TagsField,
    TagsWidget,
    UntouchedMixin,
    clean_schedule_time,
    spelt,
)
from blog.admin.item import ItemForm, SavedAlready, keys_in
from blog.admin.post.findings import ReasonField
from blog.admin.post.workflow import Step, asked
from blog.admin.versions import amendments
from blog.admin.versions.amendments import AmendingMixin
from blog.editing import permissions
from blog.editing.blocking import Blocked, check_body, clear_for_readers, goes_to_readers
from blog.editing.fields import CONTENT, FLAGS, ROWS, TEXTS
from blog.editing.history import Override
from blog.editing.preview import GENERATED_SLUG
from blog.editing.snapshots import Snapshot, differences, find_tags, snapshot_of
from blog.models import Author, Post
from blog.models.history import MAX_RETURN_REASON
from blog.text.characters import with_lf
from blog.text.desk import Finding
from blog.text.japanese import normalise, post_slug

SAVE_PENDING = "_save_pending"
# The button of a form that was opened before the post was public. A user who presses it does not mean to publish.
UNAWARE = "_save"
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
AT_HELP = "日本時間です。「予約する」を押すと、この日時に公開します。すぐに公開するときは空にします。"
AT_HELP_SCHEDULED = "日本時間です。この日時に公開します。変えて「保存」を押すと、新しい日時に公開します。"
AT_HELP_PUBLIC = "日本時間です。過ぎた日時に直せます。日が変わると、URLも変わります。"
NO_KEY = "二重に保存されるのを防ぐ番号が届かなかったので、まだ保存していません。もう一度保存してください。"
EDITORS_SLUG = "公開した記事のURL名は、編集者が変えます。"
NOT_PENDING = "公開日時は、公開せずに保存できません。元の日時に戻すか、公開中の記事に反映してください。"


def step_fields(user: permissions.User, post: Post) -> set[str]:
    """The fields that the steps of this user may require."""
    if not permissions.may_publish(user):
        return set()
    fields = {"publish_at", "override_reason"}
    return fields | {"reason"} if post.state is Post.State.IN_REVIEW else fields


class PostForm(UntouchedMixin, AmendingMixin, ItemForm):
    """The form of an article. It takes the step whose button was pressed."""

    publish_at = forms.SplitDateTimeField(label="公開日時", required=False, widget=MomentWidget)
    reason = LinesField(
        label="差し戻しの理由",
        required=False,
        max_length=MAX_RETURN_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "執筆者に届きます"}),
        help_text="「差し戻す」を押すと、執筆者に届きます。",
    )
    slug = LineField(
        label="URL名",
        required=False,
        max_length=200,
        widget=AdminTextInputWidget,
        help_text="空にすると、タイトルから作ります。公開した記事のURL名を変えると、前のURLから転送します。",
    )
    tag_names = TagsField(
        label="タグ",
        required=False,
        widget=TagsWidget,
        help_text="「、」か「,」で区切ります。空白では区切りません。例：生成AI、Google Cloud",
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
        self.fields["publish_at"].help_text = (
            AT_HELP_PUBLIC if post.was_public else AT_HELP_SCHEDULED if post.is_scheduled else AT_HELP
        )
        allowed = step_fields(self.user, post) | amendments.fields_for(self.user, post)
        for name in {"publish_at", "reason", "override_reason", *amendments.FIELDS} - allowed:
            self.fields.pop(name, None)
        keep_choice(self, "pillar", post.pillar_id)
        self.initial["tag_names"] = [tag.name for tag in post.tag_list] if post.pk else []
        if not permissions.may_publish(self.user):
            self._sign()
        if post.pending_revision:
            self.initial.update(initial_of(post.pending_revision.snapshot))
        if self.only_proposes:  # the writer may not change these in a live article
            self.fields["slug"].disabled, self.fields["slug"].help_text = True, EDITORS_SLUG
            self.initial.update(slug=post.slug, author=post.author_id)

    def _sign(self) -> None:
        """Makes the writer the author, whatever the browser sends."""
        if "author" not in self.fields:
            return  # a user who may only look has no such field
        author = self.fields["author"]
        author.queryset, author.disabled = Author.objects.filter(user=self.user.pk), True
        if self.instance.pk is None:
            self.initial["author"] = author.queryset.first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        post = self.instance
        if not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = self._slug(cleaned.get("title", ""))
        if not post.pk and not keys_in(self.data):
            self.add_error(None, NO_KEY)  # sent twice, it would make two articles; the form comes back with a key
        if self.is_pending and "publish_at" in self.changed_data:
            self.add_error("publish_at", NOT_PENDING)
        return cleaned

    @property
    def tags(self) -> list[str]:
        """The names of the tags. A line that nobody changed keeps the stored spelling."""
        return self.cleaned_data["tag_names"] if "tag_names" in self.changed_data else self.initial["tag_names"]

    def _slug(self, title: str) -> str:
        """A slug from the title that no other visible post has. A post that was public keeps its slug.

        Posts that the user may not see do not count: a number would tell of another writer's draft. Slugs clash only
        on one day; if two such posts are published on one day, the editor who publishes the second gets an error.
        """
        if self.instance.was_public:
            return self.instance.slug
        base = post_slug(title)[:GENERATED_SLUG].strip("-")
        if not base and title:
            self.add_error("slug", "タイトルからURL名を作れません。英数字か日本語で書いてください。")
        if not base:
            return ""
        others = permissions.visible_posts(self.user).filter(slug__startswith=base).exclude(pk=self.instance.pk)
        taken = set(others.values_list("slug", flat=True))
        names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    def clean_publish_at(self) -> datetime | None:
        at = self.cleaned_data["publish_at"]
        if at is not None and not 2000 <= at.year < 2100:
            raise ValidationError("公開日時の年を確かめてください。")
        return at

    def _post_clean(self) -> None:
        """Takes the step before the model's checks, so that they see the new address of the post."""
        if self.only_proposes and not self.is_pending:  # the form may have been opened before the article was public
            if self.step and not self.step.open_to(self.user):
                raise PermissionDenied
            self.add_error(None, PROPOSE_ONLY)
        before = {name: getattr(self.instance, name) for name in MOVED}
        step = self.step
        self.is_reached = step is not None and not step.is_apart and step.reached(self.instance, self.sent)
        if not self.errors and not self.is_reached:
            self._check()
        if not self.errors and not self.is_reached:
            self._move()
        super()._post_clean()
        if not self.errors and not self.is_pending:  # else readers see no change yet
            self._check_body()
        if self.errors:
            for name, value in before.items():
                setattr(self.instance, name, value)

    @property
    def taken(self) -> Step | None:
        """The step that a save takes; None if there is none, or if it was taken before."""
        return None if self.is_reached else self.step

    @property
    def sent(self) -> dict[str, Any]:
        """The time and the reason that were sent. After a return the form has no field for the reason any more."""
        reason = with_lf(spelt(self.data.get("reason", ""), normalise)).strip()
        return {"publish_at": self.cleaned_data.get("publish_at"), "reason": reason}

    def _check(self) -> None:
        post, step = self.instance, self.step
        if step and not step.allowed(self.user, post):
            raise PermissionDenied
        if post.is_public and not step and UNAWARE in self.data:
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
        try:
            check_body(self.instance, self.stored)
        except ValidationError as error:
            self.add_error(None, error)
            return
        path = self.instance.path
        if self.public_path and path != self.public_path:
            self.confirm_address((self.public_path, path), NEW_ADDRESS)
        self._check_errors()

    def _check_errors(self) -> None:
        """Refuses a text with errors that would go to readers, unless the user gives a reason."""
        post = self.instance
        if self.is_late or not goes_to_readers(post):
            return
        try:
            reason = self.cleaned_data.get("override_reason", "")
            self.override = clear_for_readers(post, self.stored, by=self.user, reason=reason)
        except Blocked as blocked:
            self.blocked = blocked.findings
            self.add_error(None, BLOCKED)

    @property
    def shows_override(self) -> bool:
        """Whether the page asks for a reason, or gives back one that was typed."""
        asked = "override_reason" in self.fields
        return bool(self.blocked or (asked and self.is_bound and self["override_reason"].value()))


def keep_choice(form: forms.ModelForm, name: str, pk: int | None) -> None:
    """Lets the form of a writer keep a post that an editor chose, even if the writer may not see that post."""
    if pk is not None and name in form.fields:
        form.fields[name].queryset |= Post.objects.filter(pk=pk)


def initial_of(snapshot: Snapshot) -> dict[str, Any]:
    """The initial values of the form for a version of the post."""
    return {
        **{name: snapshot[name] for name in (*TEXTS, *FLAGS) if name in snapshot},
        **{name: snapshot[name] and snapshot[name][0] for name in ROWS if name in snapshot},
        "tag_names": find_tags(snapshot["tags"]),
    }


def check_unsaved(form: PostForm, snapshot: Snapshot) -> None:
    """Raises SavedAlready if everything that the form asks for is stored: the content, the state and the dates."""
    stored = form.stored
    step, moved = form.step, "publish_at" in form.changed_data
    is_there = step.reached(stored, form.sent) if step else not moved
    if is_there and is_stored(stored, snapshot, is_pending=form.is_pending):
        raise SavedAlready(stored)


def is_stored(stored: Post, snapshot: Snapshot, *, is_pending: bool) -> bool:
    """Whether the stored content equals the snapshot: that of the pending version, or that of a post without one."""
    waiting = stored.pending_revision
    if waiting and not is_pending:
        return False
    now = waiting.snapshot if waiting else snapshot_of(stored, stored.tag_list, stored.related_list)
    return not differences(now, snapshot, CONTENT)
