"""Form fields and widgets that give back what was typed."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.urls import reverse
from markdownx.fields import MarkdownxFormField
from markdownx.models import MarkdownxField
from markdownx.widgets import AdminMarkdownxWidget

from blog.models import Tag
from blog.pictures.uploads import MAX_BYTES
from blog.queries.tags import find_tags
from blog.text.bounds import MAX_CHARS
from blog.text.japanese import MAX_TAGS, normalise, one_line, split_tags
from blog.text.lines import with_lf

TAG_SEPARATOR = "、"


KEY = re.compile("[0-9]{1,18}")  # Django asks the database for whatever was sent


class KeySelect(AutocompleteSelect):
    """A choice by key that shows nothing for what is none: no database could even be asked for it."""

    def optgroups(self, name: str, value: list[str], attr: dict[str, Any] | None = None) -> list:
        return super().optgroups(name, [key for key in map(str, value) if KEY.fullmatch(key)], attr)


class KnownChoiceField(forms.ModelChoiceField):
    """A choice among rows of which the form has some at hand already, by key: those are not looked up again."""

    known: Mapping[str, models.Model] = {}

    def to_python(self, value: Any) -> models.Model | None:
        chosen = self.known.get(str(value)) if isinstance(value, str | int) else None
        return chosen or super().to_python(value)


class TypedField(forms.CharField):
    """Text as it was typed, in words where it cannot be stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators[-1] = ProhibitNullCharactersValidator(
            "保存できない制御文字（U+0000）が含まれています。貼り付けた文字を確かめてください。"
        )


class LineField(TypedField):
    """Text of one line, in the spelling that an imported one has: without marks of direction and what else is unseen.

    It is taken before it is checked, so that a title of such marks alone is missing; what was stored with them loses
    them with the next save.
    """

    def clean(self, value: Any) -> str:
        return super().clean(spelt(value, one_line))


class TypedLinesField(TypedField):
    """Text of several lines. Browsers send them ended by CRLF; they are stored ended by LF."""

    def to_python(self, value: Any) -> str:
        return with_lf(super().to_python(value))


class LinesField(TypedLinesField):
    """The same in the spelling that an imported one has."""

    def clean(self, value: Any) -> str:
        return super().clean(spelt(value, normalise))


def spelt(value: Any, spelling: Callable[[str], str]) -> Any:
    """What was sent, spelt so; but no NUL is dropped in silence: nobody types one, so the field refuses it."""
    return spelling(value) if isinstance(value, str) and "\x00" not in value else value


class BodyWidget(AdminMarkdownxWidget):
    """The markdownx widget with an editor of our own: its script loses text, and is 610 pixels wide."""

    template_name = "desk/editor.html"

    class Media:
        extend = False
        css = {"all": ["desk/editor.css"]}
        js = [forms.Script("desk/editor.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "class": "editor__text"})
        context["widget"]["max_bytes"] = MAX_BYTES
        return context


class BodyField(MarkdownxFormField, TypedLinesField):
    """Markdown to the byte as it was typed, white space at either end too; what is unseen is left out of the page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def validate(self, value: str) -> None:
        # Not `max_length`: with it the browser cuts a text that is pasted, and says nothing.
        if len(value) > MAX_CHARS:
            raise forms.ValidationError(f"本文は{MAX_CHARS // 10_000}万字までです（いまは{len(value):,}字）。")
        super().validate(value)


class TagsWidget(AdminTextInputWidget):
    """A line of tags that proposes the known ones; `single` takes one tag alone."""

    def __init__(self, *, single: bool = False) -> None:
        super().__init__({"data-tags": "one" if single else "many", "autocomplete": "off"})

    class Media:
        css = {"all": ["desk/tags.css"]}
        js = [forms.Script("desk/tags.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, {**(attrs or {}), "data-tags-url": reverse("desk:tag_suggestions")})


class TagsField(forms.CharField):
    """Names of tags in one line, split at commas of any kind and never at spaces; a list, in the writer's order."""

    known: Collection[str] = ()
    """Names of tags that there are, for a form that has them at hand: those are not looked up again."""

    def prepare_value(self, value: Any) -> Any:
        return TAG_SEPARATOR.join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> list[str]:
        names = split_tags(super().clean(value))
        if len(names) > MAX_TAGS:
            raise forms.ValidationError(f"タグは{MAX_TAGS}個までです（いまは{len(names):,}個）。")
        limit = Tag._meta.get_field("name").max_length
        for name in names:
            if len(name) > limit:
                raise forms.ValidationError(f"「{name[:20]}…」は長すぎます。タグは{limit}字までです。")
        known = find_tags(others) if (others := [name for name in names if name not in self.known]) else {}
        return list(dict.fromkeys(known[name].name if name in known else name for name in names))


class UntouchedMixin:
    """A model form that leaves a text to the byte as it was stored unless somebody changed it.

    No browser can send back a stored carriage return, and a stripping field would drop a stored space at the end.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, value in cleaned.items():
            stored = self.initial.get(name)
            if isinstance(value, str) and isinstance(stored, str) and self.fields[name].to_python(stored) == value:
                cleaned[name] = stored
        return cleaned


TEXT_FIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.CharField: {"form_class": LineField},
    MarkdownxField: {"form_class": BodyField, "widget": BodyWidget},
    models.TextField: {"form_class": LinesField},
    models.URLField: {"assume_scheme": "https"},
}
