from typing import Any

from django import forms
from django.contrib import admin

from blog.admin.base import PostListAdmin
from blog.models import Tag
from blog.text.japanese import split_tags


class TagForm(forms.ModelForm):
    def clean_name(self) -> str:
        names = split_tags(self.cleaned_data["name"])
        if len(names) != 1:
            raise forms.ValidationError("タグの名前に「,」「、」「，」は使えません。タグを区切る記号だからです。")
        other = Tag.objects.filter(name__iexact=names[0]).exclude(pk=self.instance.pk).first()
        if other:
            raise forms.ValidationError(f"「{other.name}」というタグがすでにあります。")
        return names[0]

    def clean_slug(self) -> str:
        """An empty one is made from the name of a new tag; a known tag keeps its address."""
        return self.cleaned_data["slug"] or self.instance.slug


@admin.register(Tag)
class TagAdmin(PostListAdmin):
    form = TagForm
    posts_lookup = "tagged_posts__tag"
    list_display = ("name", "slug", "post_count")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "description")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "slug":
            kwargs["help_text"] = "空にすると、名前から作ります。"
        return super().formfield_for_dbfield(db_field, request, **kwargs)
