"""Tags at the desk. An editor sees the number of articles before a tag is renamed or merged."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from blog.admin.base import AT_ONCE, PostListAdmin
from blog.admin.fields import TAG_SEPARATOR, TagsField, TagsWidget, TypedField
from blog.editing import permissions
from blog.editing.renaming import merge_tags
from blog.editing.tags import check_spellings, set_spellings
from blog.models import Tag, TaggedPost
from blog.models.permalink import clean_path
from blog.queries.tags import find_tags
from blog.text.japanese import split_spellings, split_tags


class TagForm(forms.ModelForm):
    other_spellings = TypedField(
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
        other = Tag.objects.filter(name__iexact=names[0]).exclude(pk=self.instance.pk).first()
        if other:
            raise forms.ValidationError(
                f"「{other.name}」というタグがすでにあります。1つにするには、一覧で選んで「統合する」を使います。"
            )
        return names[0]

    def clean_slug(self) -> str:
        """An empty slug keeps the slug of a stored tag. A new tag gets one from its name."""
        return self.cleaned_data["slug"] or self.instance.slug

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


@admin.register(Tag)
class TagAdmin(PostListAdmin):
    class Media:
        css = {"all": ["desk/workflow.css"]}

    form = TagForm
    posts_lookup = "tagged_posts__tag"
    list_display = ("name", "slug", "post_count")
    search_fields = ("name", "slug", "spellings__spelling")
    fields = ("name", "slug", "description", "other_spellings")
    actions = ("merge",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(permissions.seen_tags(request.user))

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
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Tag, form: TagForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        set_spellings(obj, form.cleaned_data["other_spellings"])

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return permissions.may_publish(request.user) and self.has_delete_permission(request)

    @admin.action(description="統合する", permissions=["merge"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        """Shows the number of articles of each tag and asks which tag stays. Merges after the confirmation."""
        tags = sorted(queryset[:AT_ONCE], key=lambda tag: -(tag.post_count or 0))
        if not tags:  # the form came twice
            self.message_user(request, "選んだタグは、もうありません。", messages.ERROR)
            return None
        confirmed = "confirmed" in request.POST
        data = {"data": request.POST} if confirmed else {"initial": {"into": [tags[0].name]}}
        form = MergeTagsForm(tags, **data)
        if confirmed and form.is_valid():
            self._merge(request, tags, form.cleaned_data["into"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "タグを統合する",
            "opts": self.opts,
            "media": self.media + form.media,
            "form": form,
            "tags": tags,
            "posts": TaggedPost.objects.filter(tag__in=tags).values("content_object").distinct().count(),
        }
        return TemplateResponse(request, "admin/blog/tag/merge.html", context)

    def _merge(self, request: HttpRequest, tags: list[Tag], into: Tag) -> None:
        gone = [tag for tag in tags if tag != into]
        try:
            posts = merge_tags(gone, into)
        except Tag.DoesNotExist:
            self.message_user(request, f"「{into}」は、もうありません。", messages.ERROR)
            return
        names = "、".join(f"「{tag}」" for tag in gone)
        self.log_deletions(request, gone)
        self.log_change(request, into, f"{names}を統合しました。")
        self.message_user(request, f"{names}を「{into}」に統合しました（記事{posts}件）。", messages.SUCCESS)
