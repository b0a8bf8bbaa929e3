"""The form of an article."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget

from blog.admin.fields import LineField, TagsField, TagsWidget, UntouchedMixin
from blog.admin.item.sent_again import keys_in
from blog.admin.post.workflow_form import WorkflowForm
from blog.admin.versions import amendments
from blog.admin.versions.amendments import AmendingMixin
from blog.editing import permissions
from blog.editing.fields import FLAGS, ROWS, TEXTS
from blog.editing.preview import GENERATED_SLUG
from blog.editing.revisions.snapshots import Snapshot, find_tags
from blog.models import Author, Post
from blog.text.japanese import post_slug

NO_KEY = "二重に保存されるのを防ぐ番号が届かなかったので、まだ保存していません。もう一度保存してください。"
EDITORS_SLUG = "公開した記事のURL名は、編集者が変えます。"
NOT_PENDING = "公開日時は、公開せずに保存できません。元の日時に戻すか、公開中の記事に反映してください。"


class PostForm(UntouchedMixin, AmendingMixin, WorkflowForm):
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post = self.instance
        keep_choice(self, "pillar", post.pillar_id)
        if not permissions.may_publish(self.user):
            self._sign()
        if self.only_proposes:
            self.fields["slug"].disabled, self.fields["slug"].help_text = True, EDITORS_SLUG
        for name in {*amendments.FIELDS} - amendments.told_fields(self.user, post):
            self.fields.pop(name, None)
        tags = [tag.name for tag in post.tag_list] if post.pk else []
        if post.stored is not None:
            self._know(post.stored)
        self.initial.update(
            {
                "tag_names": tags,
                **(initial_of(post.pending_revision.snapshot) if post.pending_revision else {}),
            }
        )
        if self.only_proposes:  # the writer may not change these in a live article
            self.initial.update(slug=post.slug, author=post.author_id)

    def _sign(self) -> None:
        """Makes the writer the author, whatever the browser sends."""
        if "author" not in self.fields:
            return  # a user who may only look has no such field
        author = self.fields["author"]
        author.queryset, author.disabled = Author.objects.filter(user=self.user.pk), True
        if self.instance.pk is None:
            self.initial["author"] = author.queryset.first()

    def _know(self, stored: Post) -> None:
        """Spares look-ups of rows and tags that the article has already: its lock keeps them in place."""
        for row in (stored.author, stored.category):
            name = row._meta.model_name
            if name in self.fields:
                self.fields[name].known = {str(row.pk): row}
        if "tag_names" in self.fields:
            self.fields["tag_names"].known = {tag.name for tag in stored.tag_list}

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
