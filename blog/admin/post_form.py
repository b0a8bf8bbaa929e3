"""The form of an article, and how it is published with it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextInputWidget

from blog import roles
from blog.admin.fields import TagsField, UntouchedMixin
from blog.models import Author, Post
from blog.text.japanese import post_slug

KEEP, PUBLISH, UNPUBLISH = "keep", "publish", "unpublish"
# What may be done with a post in each state; the first is chosen beforehand and changes nothing.
CHOICES = {
    Post.State.DRAFT: [(KEEP, "下書きのまま保存する"), (PUBLISH, "公開する（公開日時が先なら、そのときまで予約する）")],
    Post.State.IN_REVIEW: [
        (KEEP, "確認待ちのまま保存する"),
        (PUBLISH, "公開する（公開日時が先なら、そのときまで予約する）"),
        (UNPUBLISH, "下書きに戻す"),
    ],
    Post.State.SCHEDULED: [(PUBLISH, "予約した公開日時に公開する"), (UNPUBLISH, "予約をやめて、下書きに戻す")],
    Post.State.PUBLISHED: [(PUBLISH, "公開を続ける"), (UNPUBLISH, "取り下げる（読者からは見えなくなります）")],
    Post.State.WITHDRAWN: [
        (KEEP, "取り下げたまま保存する"),
        (PUBLISH, "もう一度公開する（以前の日付とURLに戻ります）"),
    ],
}
# What the verbs of a post change; a form that was refused changes nothing.
MOVED = ("status", "published_at", "url_date", "updated_at")
GENERATED_SLUG = 80


class PostForm(UntouchedMixin, forms.ModelForm):
    slug = forms.CharField(
        label="URL名",
        required=False,
        max_length=200,
        widget=AdminTextInputWidget,
        help_text="空にすると、タイトルから作ります。公開した記事のURL名を変えると、前のURLから転送します。",
    )
    tag_names = TagsField(
        label="タグ",
        required=False,
        widget=AdminTextInputWidget,
        help_text="「、」か「,」で区切ります。空白では区切りません。例：生成AI、Google Cloud",
    )
    publication = forms.ChoiceField(label="公開", widget=forms.RadioSelect)
    publish_at = forms.SplitDateTimeField(
        label="公開日時",
        required=False,
        widget=AdminSplitDateTime,
        help_text="日本時間です。空のまま公開すると、保存したときに公開します。",
    )
    base_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    user: roles.User  # set by the admin

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post = self.instance
        keep_choice(self, "pillar", post.pillar_id)
        editorial = roles.may_publish(self.user)
        if not editorial:
            self._sign()
        self.initial |= {
            "tag_names": [tag.name for tag in post.tag_list] if post.pk else [],
            "publication": CHOICES[post.state][0][0],
            "publish_at": post.published_at,
            "base_version": post.version,
        }
        self.fields["publication"].choices = CHOICES[post.state] if editorial else CHOICES[post.state][:1]
        self.fields["publication"].help_text = f"いまは「{post.state.label}」です。"
        if post.was_public:
            self.fields["publish_at"].disabled = True
            self.fields["publish_at"].help_text = "公開したことのある記事の日時は変えられません。"

    def _sign(self) -> None:
        """The author is the writer, whatever the browser sends."""
        if "author" not in self.fields:
            return  # who may only look sees no field
        author = self.fields["author"]
        author.queryset, author.disabled = Author.objects.filter(user=self.user.pk), True
        if self.instance.pk is None:
            self.initial["author"] = author.queryset.first()

    def clean_publish_at(self) -> datetime | None:
        at = self.cleaned_data["publish_at"]
        if at is not None and not 2000 <= at.year < 2100:
            raise forms.ValidationError("公開日時の年を確かめてください。")
        return at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        post = self.instance
        if not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = self._slug(cleaned.get("title", ""))
        if post.pk and cleaned.get("base_version") != post.version:
            self.add_error(None, stale_message(post))
        if cleaned.get("publication") == KEEP and cleaned.get("publish_at") and not post.was_public:
            self.add_error(
                "publish_at",
                "公開日時を使うには「公開する」を選びます。下書きのままにするなら、日時を空にしてください。",
            )
        if post.is_scheduled and cleaned.get("publication") == PUBLISH and not cleaned.get("publish_at"):
            self.add_error(
                "publish_at", "予約した記事には公開日時が必要です。すぐに公開するなら、いまの日時を入れてください。"
            )
        return cleaned

    def _slug(self, title: str) -> str:
        """From the title, and unlike those of other posts; a post that was public keeps the one it has."""
        if self.instance.was_public:
            return self.instance.slug
        base = post_slug(title)[:GENERATED_SLUG].strip("-")
        if not base and title:
            self.add_error("slug", "タイトルからURL名を作れません。英数字か日本語で書いてください。")
        if not base:
            return ""
        others = Post.objects.filter(slug__startswith=base).exclude(pk=self.instance.pk)
        taken = set(others.values_list("slug", flat=True))
        names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    def _post_clean(self) -> None:
        """Moves the post by its verb before the model's checks, which then see the address it will have."""
        before = {name: getattr(self.instance, name) for name in MOVED}
        if not self.errors:
            self._move()
        super()._post_clean()
        if self.errors:
            for name, value in before.items():
                setattr(self.instance, name, value)

    def _move(self) -> None:
        post, publication = self.instance, self.cleaned_data["publication"]
        if publication == PUBLISH:
            post.publish(None if post.was_public else self.cleaned_data["publish_at"])
        elif publication == UNPUBLISH:
            post.unpublish()


def keep_choice(form: forms.ModelForm, name: str, pk: int | None) -> None:
    """Lets an editor's choice stand in the form of a writer who may not see it elsewhere."""
    if pk is not None and name in form.fields:
        form.fields[name].queryset |= Post.objects.filter(pk=pk)


def stale_message(stored: Post) -> str:
    return (
        "編集しているあいだに、別の人がこの記事を保存しました"
        f"（{stored.version}回目の保存）。上書きを防ぐため、保存していません。"
        "入力した内容はこの画面に残っています。控えを取ってから、記事を開き直してください。"
    )
