"""The related posts of an article in its form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from blog.admin.fields import TEXT_FIELDS
from blog.admin.post.form import keep_choice
from blog.editing import permissions
from blog.editing.snapshots import find_related
from blog.models import Post, RelatedPost

MAX_RELATED = 20
TOO_MANY = "関連記事は%(num)d件までです。"


def post_choices(db_field: ForeignKey, user: permissions.User) -> dict[str, Any]:
    """The options of a form field for another post: it takes those that the user may see, and loads their titles."""
    return {"queryset": permissions.visible_posts(user).only("title")} if db_field.related_model is Post else {}


class RelatedPostForm(forms.ModelForm):
    position = forms.IntegerField(label="順番", required=False, min_value=0, max_value=999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial.setdefault("position", None)
        keep_choice(self, "target", self.initial.get("target"))
        self.fields["target"].required = False  # an emptied row is removed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        target, reason = cleaned.get("target"), cleaned.get("reason")
        if target and target.pk == self.instance.post_id:
            self.add_error("target", "記事自身を関連記事にはできません。")
        if reason and not target and "target" not in self.errors and reason != self.initial.get("reason"):
            self.add_error("target", "関連記事を選んでください。")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """A save replaces all rows, so a row may repeat a stored one; its target was looked up already."""
        return super()._get_validation_exclusions() | {"post", "target"}


class ChosenPosts(BaseInlineFormSet):
    """The related posts as initial values, not as stored rows, which another save could delete while the form is open.

    If the post has a pending version, they are those of that version.
    """

    def __init__(self, *args: Any, instance: Post | None = None, **kwargs: Any) -> None:
        chosen = chosen_of(instance) if instance and instance.pk else []
        rows = [{"target": post.pk, "reason": reason, "position": i} for i, (post, reason) in enumerate(chosen)]
        self.extra = len(rows)
        # All rows that an import brought are kept.
        self.max_num = max(self.max_num, len(rows))
        self.absolute_max = max(self.absolute_max, len(rows))
        super().__init__(
            *args,
            instance=instance,
            error_messages={"too_many_forms": TOO_MANY},
            **{**kwargs, "queryset": RelatedPost.objects.none(), "initial": rows},
        )

    def initial_form_count(self) -> int:
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        return kwargs if index is None else {**kwargs, "empty_permitted": False}

    def clean(self) -> None:
        seen = set()
        for form in self.forms:
            target = None if form.errors or form.cleaned_data.get("DELETE") else form.cleaned_data["target"]
            if target in seen:
                form.add_error("target", "この記事は、すでに選んでいます。")
            elif target:
                seen.add(target)


class PublicPosts(BaseInlineFormSet):
    """The related posts that readers see, for a user who may not see the pending version."""

    def __init__(self, *args: Any, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, queryset=queryset.filter(target__in=Post.objects.published()), **kwargs)


def chosen_of(post: Post) -> list[tuple[Post, str]]:
    """The related posts that the form shows first, each with its reason."""
    if post.pending_revision:
        return find_related(post.pending_revision.snapshot["related"])[0]
    return post.related_list


class RelatedPostInline(admin.TabularInline):
    model = RelatedPost
    form = RelatedPostForm
    formfield_overrides = TEXT_FIELDS
    fk_name = "post"
    fields = ("target", "reason", "position")
    autocomplete_fields = ("target",)
    extra = 0
    max_num = MAX_RELATED
    verbose_name_plural = "関連記事（順番の小さいものから。空なら最後）"

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> forms.Field:
        if db_field.name == "target":
            kwargs |= post_choices(db_field, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Post | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        if self.has_change_permission(request, obj):
            kwargs |= {"formset": ChosenPosts, "validate_max": True, "absolute_max": 2 * MAX_RELATED}
        elif obj and not permissions.may_read_history(request.user, obj):
            kwargs["formset"] = PublicPosts
        return super().get_formset(request, obj, **kwargs)

    # The rows are part of the article, so the permissions for the article decide.

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return permissions.may_work_on(request.user, obj) if obj else request.user.has_perm("blog.add_post")

    has_add_permission = has_delete_permission = has_change_permission

    def has_view_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return permissions.may_view(request.user, obj) if obj else request.user.has_perm("blog.view_post")


def chosen_posts(formset: Any) -> list[tuple[Post, str]]:
    """The related posts in the order of their numbers. Rows without a number come last, in the order of the form."""
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data.get("target")]
    rows = [row for row in rows if not row.get("DELETE")]
    rows.sort(key=lambda row: (row["position"] is None, row["position"]))
    return [(row["target"], row["reason"]) for row in rows]
