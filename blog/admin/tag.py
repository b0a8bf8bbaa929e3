"""Tags and their groups at the desk. An editor sees the number of articles before a tag is renamed or merged."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from blog.admin.base import AT_ONCE, DeskAdmin, OfferedFilter
from blog.admin.fields import TAG_SEPARATOR, LineField, TagsField, TagsWidget
from blog.admin.taxonomy import TaxonomyAdmin
from blog.editing import permissions
from blog.editing.renaming import merge_tags
from blog.editing.tags import check_spellings, merge_suggestions, move_tags, set_spellings
from blog.models import Post, Tag, TaggedPost, TagGroup
from blog.models.permalink import clean_path
from blog.queries.tags import called, find_tags, number_of_posts
from blog.text.japanese import split_spellings, split_tags

COUNTS = {"0": {"listed": 0}, "1": {"listed": 1}, "2": {"listed": 2}, "3": {"listed__gte": 3}}


class CountFilter(OfferedFilter):
    title, parameter_name = "記事の数（公開・予約）", "posts"
    offered = {"0": "なし", "1": "1件だけ", "2": "2件", "3": "3件以上"}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in COUNTS:
            return queryset
        listed = number_of_posts(without=Post.objects.unlisted())
        return queryset.annotate(listed=listed).filter(**COUNTS[self.value()])


class TagForm(forms.ModelForm):
    other_spellings = LineField(
        label="別表記",
        required=False,
        widget=AdminTextInputWidget,
        help_text="同じものを指すほかの書き方です（NVIDIAならエヌビディア）。検索では、どの書き方でも見つかります。"
        "「、」で区切ります。",
    )
    # The template shows it, only if a tag in use is about to change.
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = self._shown() if self.instance.pk else None
        if self.instance.pk:
            self.fields["other_spellings"].initial = TAG_SEPARATOR.join(self.instance.other_spellings)
        self.renaming: dict[str, Any] | None = None

    def clean_name(self) -> str:
        names = split_tags(self.cleaned_data["name"])
        if len(names) != 1:
            raise forms.ValidationError("タグの名前に「,」「、」「，」は使えません。タグを区切る記号だからです。")
        other = Tag.objects.filter(called(names)).exclude(pk=self.instance.pk).first()
        if other:
            raise forms.ValidationError(
                f"「{other.name}」というタグがすでにあります。1つにするには、一覧で選んで「統合する」を使います。"
            )
        return names[0]

    def clean_slug(self) -> str:
        """An emptied slug is made anew from the name. That of a new tag is made when it is stored."""
        slug = self.cleaned_data["slug"]
        if slug or self.instance.pk is None:
            return slug
        name = self.cleaned_data.get("name", self.instance.name)
        others = Tag.objects.exclude(pk=self.instance.pk).filter(slug__startswith=self.instance.slugify(name))
        taken = set(others.values_list("slug", flat=True))
        slugs = (self.instance.slugify(name, number or None) for number in range(len(taken) + 1))
        return next(slug for slug in slugs if slug not in taken)

    def clean_other_spellings(self) -> list[str]:
        spellings = split_spellings(self.cleaned_data["other_spellings"])
        check_spellings(self.instance, spellings)
        return spellings

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or self.before is None:
            return
        after = self._shown()
        posts = TaggedPost.objects.filter(tag=self.instance).count() if after != self.before else 0
        if posts and self.cleaned_data["confirmed"] != " ".join(after):
            self.renaming = {"before": self.before, "after": after, "posts": posts}
            self.add_error(
                None, f"{posts}件の記事に付いたタグが変わります。下を確かめてから、もう一度保存してください。"
            )

    def _shown(self) -> tuple[str, str]:
        """The name and the readable address."""
        return self.instance.name, clean_path(self.instance.get_absolute_url())


class MergeTagsForm(forms.Form):
    """Asks for the name of the stored tag that stays."""

    into = TagsField(label="残すタグ", widget=TagsWidget(single=True), help_text="ほかのタグの名前も書けます。")
    keep_names = forms.BooleanField(
        label="なくなるタグの名前を、残すタグの別表記にする",
        required=False,
        help_text="同じものの別の書き方だったときに選びます。検索で、どちらの名前でも見つかります。",
    )

    def __init__(self, tags: list[Tag], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tags = tags

    def clean_into(self) -> Tag:
        names = self.cleaned_data["into"]
        tag = find_tags(names).get(names[0]) if len(names) == 1 else None
        if tag is None:
            raise ValidationError("すでにあるタグの名前を1つ書いてください。")
        if self.tags == [tag]:
            raise ValidationError("選んだタグと残すタグが同じです。")
        return tag


class MoveTagsForm(forms.Form):
    group = forms.ModelChoiceField(
        TagGroup.objects.all(), label="移す先のグループ", required=False, empty_label="グループなし"
    )


def suggestions(request: HttpRequest, admin: Any) -> HttpResponse:
    """The tags that one article bears, each beside its nearest, surest first. Each leads to the merging page."""
    if not admin.has_merge_permission(request):
        raise PermissionDenied
    found = merge_suggestions()
    context = {"suggestions": found[:AT_ONCE], "others": len(found[AT_ONCE:]), "media": admin.media}
    return admin.render(request, "admin/blog/tag/suggestions.html", title="統合の候補", **context)


@admin.register(Tag)
class TagAdmin(TaxonomyAdmin):
    form = TagForm
    pages = {"suggestions": ("suggestions/", suggestions)}
    posts_lookup = "tagged_posts__tag"
    list_display = ("name", "group", "post_count")
    list_select_related = ("group",)
    list_per_page = AT_ONCE
    search_fields = ("name", "slug", "spellings__spelling")
    fields = ("name", "slug", "description", "other_spellings", "group", "position")
    actions = ("move", "merge")

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """The counts include scheduled articles, which a writer may not see."""
        return ("group", CountFilter) if permissions.may_publish(request.user) else ("group",)

    def list_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(reverse("admin:blog_tag_suggestions"), "統合の候補")] if self.has_merge_permission(request) else []

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Shows an editor what the tag may be another spelling of, if one article bears it."""
        tag = kwargs.get("obj")
        if tag and tag.post_count == 1 and self.has_merge_permission(request):
            context["suggestion"] = next(iter(merge_suggestions(tag)), None)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(permissions.visible_tags(request.user))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Only for users who may change tags: the page names merged tags, which may have been on hidden articles."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def listed(self, user: permissions.User) -> QuerySet:
        if not permissions.may_publish(user):
            return super().listed(user)
        return TaggedPost.objects.filter(tag=OuterRef("pk")).values("tag")  # counted from an index, without posts

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "slug":
            kwargs["help_text"] = "空にすると、名前から作ります。変えると、前のURLから転送します。"
        if db_field.name == "group":
            kwargs["empty_label"] = "グループなし"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="別表記")
    def other_spellings(self, obj: Tag) -> str:
        """For users who may only look at a tag."""
        return TAG_SEPARATOR.join(obj.other_spellings) or "—"

    def save_model(self, request: HttpRequest, obj: Tag, form: TagForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        set_spellings(obj, form.cleaned_data["other_spellings"])

    # --- groups ---

    @admin.action(description="グループに移す", permissions=["change"])
    def move(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        """Asks for the group and moves the tags there."""
        tags = list(queryset[:AT_ONCE])
        if not tags:
            self._say_gone(request)
            return None
        confirmed = "confirmed" in request.POST
        form = MoveTagsForm(request.POST if confirmed else None)
        if confirmed and form.is_valid():
            self._move(request, tags, form.cleaned_data["group"])
            return None
        context = {"groups_url": reverse("admin:blog_taggroup_changelist")}
        return self._asked(request, "move", form, tags, title="グループに移す", verb="移す", **context)

    def _move(self, request: HttpRequest, tags: list[Tag], group: TagGroup | None) -> None:
        where = f"グループ「{group}」" if group else "グループなし"
        try:
            with transaction.atomic():  # the log has it exactly if it is done
                moved = move_tags(tags, group)
                if moved:
                    LogEntry.objects.log_actions(request.user.pk, moved, CHANGE, f"{where}に移しました。")
        except TagGroup.DoesNotExist:
            self.message_user(request, f"グループ「{group}」は、もうありません。", messages.ERROR)
            return
        self.message_user(request, f"{len(moved)}個のタグを{where}に移しました。", messages.SUCCESS)

    # --- merging ---

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return permissions.may_publish(request.user) and self.has_delete_permission(request)

    @admin.action(description="統合する", permissions=["merge"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        """Shows the number of articles of each tag and asks which tag stays. Merges after the confirmation."""
        tags = sorted(queryset[:AT_ONCE], key=lambda tag: -(tag.post_count or 0))
        if not tags:  # the form came twice
            self._say_gone(request)
            return None
        confirmed = "confirmed" in request.POST
        data = {"data": request.POST} if confirmed else {"initial": {"into": [tags[0].name]}}
        form = MergeTagsForm(tags, **data)
        if confirmed and form.is_valid():
            self._merge(request, tags, **form.cleaned_data)
            return None
        posts = TaggedPost.objects.filter(tag__in=tags).values("content_object").distinct().count()
        return self._asked(request, "merge", form, tags, title="タグを統合する", verb="統合する", posts=posts)

    def _merge(self, request: HttpRequest, tags: list[Tag], into: Tag, keep_names: bool) -> None:
        gone = [tag for tag in tags if tag != into]
        names = "、".join(f"「{tag}」" for tag in gone)
        try:
            with transaction.atomic():  # the log has it exactly if it is done
                posts = merge_tags(gone, into, keep_names=keep_names)
                self.log_deletions(request, gone)
                self.log_change(request, into, f"{names}を統合しました。")
        except Tag.DoesNotExist:
            self.message_user(request, f"「{into}」は、もうありません。", messages.ERROR)
            return
        self.message_user(request, f"{names}を「{into}」に統合しました（記事{posts}件）。", messages.SUCCESS)

    def _say_gone(self, request: HttpRequest) -> None:
        self.message_user(request, "選んだタグは、もうありません。", messages.ERROR)

    def _asked(
        self, request: HttpRequest, action: str, form: forms.Form, tags: list[Tag], **context: Any
    ) -> HttpResponse:
        """The page that asks before an action."""
        form.label_suffix = ""  # Japanese writes no colon after a label
        context |= {"action": action, "media": self.media + form.media, "fields": form, "rows": tags}
        return self.render(request, f"admin/blog/tag/{action}.html", **context)


@admin.register(TagGroup)
class TagGroupAdmin(DeskAdmin):
    list_display = ("name", "position", "tag_count")
    list_editable = ("position",)
    fields = ("name", "position")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The list shows the field without its label."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "position":
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(tag_count=Count("tags"))

    @admin.display(description="タグ", ordering="tag_count")
    def tag_count(self, obj: TagGroup) -> int:
        return obj.tag_count
