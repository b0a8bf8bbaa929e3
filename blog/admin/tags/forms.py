"""The forms of tags at the desk."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError

from blog.admin.fields import TAG_SEPARATOR, LineField, TagsField, TagsWidget
from blog.editing.tags import check_spellings
from blog.models import Tag, TaggedPost, TagGroup
from blog.models.permalink import clean_path
from blog.queries.tags import called, find_tags
from blog.text.japanese import split_spellings, split_tags


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
