"""Form fields and widgets that keep text as it was typed."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from markdownx.fields import MarkdownxFormField
from markdownx.models import MarkdownxField
from markdownx.widgets import AdminMarkdownxWidget

from blog.models import Tag
from blog.queries.tags import EVERY_TAG, find_tags
from blog.text.bounds import MAX_CHARS
from blog.text.characters import with_lf
from blog.text.japanese import MAX_TAGS, normalise, one_line, split_tags

TAG_SEPARATOR = "、"
NUMBER = re.compile("[0-9]{1,9}")


def number_in(text: str) -> int | None:
    """The number that a page sent, of nine digits at the most; None for any other text."""
    return int(text) if NUMBER.fullmatch(text) else None


class MomentWidget(forms.SplitDateTimeWidget):
    """A day and a time of day in Tokyo, wherever the browser is.

    They are two fields because a browser sends nothing of a single one that is only half filled.
    """

    template_name = "admin/widgets/split_datetime.html"

    def __init__(self) -> None:
        # The browser's own pickers. A stored second stays, so that a save does not change the time.
        days, times = {"date_format": "%Y-%m-%d"}, {"time_format": "%H:%M:%S"}
        super().__init__(**days, **times, date_attrs={"type": "date"}, time_attrs={"type": "time"})


class TypedField(forms.CharField):
    """Text as it was typed. It refuses a NUL, which cannot be stored, and a text that is too long."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators[-1] = ProhibitNullCharactersValidator(
            "保存できない制御文字（U+0000）が含まれています。貼り付けた文字を確かめてください。"
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leaves out `maxlength`, with which the browser would cut a pasted text without a word."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class LineField(TypedField):
    """Text of one line, normalised as in an import: without direction marks and other invisible characters.

    They are removed before the checks, so a title of such marks alone counts as missing. A stored text loses them with
    the next save.
    """

    def clean(self, value: Any) -> str:
        return super().clean(spelt(value, one_line))


class TypedLinesField(TypedField):
    """Text of several lines. Browsers send them ended by CRLF; they are stored ended by LF."""

    def to_python(self, value: Any) -> str:
        return with_lf(super().to_python(value))


class LinesField(TypedLinesField):
    """Text of several lines, normalised as in an import."""

    def clean(self, value: Any) -> str:
        return super().clean(spelt(value, normalise))


def spelt(value: Any, spelling: Callable[[str], str]) -> Any:
    """Applies `spelling` to a text. A text with a NUL stays as it is, so that the field refuses it."""
    return spelling(value) if isinstance(value, str) and "\x00" not in value else value


class BodyWidget(AdminMarkdownxWidget):
    """The markdownx widget with our own editor: the script of markdownx loses text, and is 610 pixels wide."""

    template_name = "desk/editor.html"

    class Media:
        extend = False
        css = {"all": ["desk/editor.css", "desk/dialogs.css", "desk/tools.css"]}
        js = [forms.Script("desk/editor.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, {**(attrs or {}), "class": "editor__text"})


class BodyField(MarkdownxFormField, TypedLinesField):
    """Markdown exactly as it was typed, with white space at both ends. Rendering removes invisible characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def validate(self, value: str) -> None:
        if len(value) > MAX_CHARS:
            raise forms.ValidationError(f"本文は{MAX_CHARS // 10_000}万字までです（いまは{len(value):,}字）。")
        super().validate(value)


class TagsWidget(AdminTextInputWidget):
    """A line of tags that proposes known tags. With `single` it takes one tag."""

    def __init__(self, *, single: bool = False) -> None:
        super().__init__({"data-tags": "one" if single else "many", "autocomplete": "off"})

    class Media:
        css = {"all": ["desk/tags.css"]}
        js = [forms.Script("desk/tags.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, {**(attrs or {}), "data-tags-url": reverse("desk:tag_suggestions")})


class TagsField(TypedField):
    """A list of tag names in the writer's order, from one line that is split at commas of any kind, never at spaces.

    Each name gets the stored spelling of its tag, if the tag is `among` these.
    """

    # A save uses the stored spelling of every tag, even of one that the writer may not see.
    among = EVERY_TAG

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
        known = find_tags(names, self.among) if names else {}
        return list(dict.fromkeys(known[name].name if name in known else name for name in names))


class UntouchedMixin:
    """A model form that keeps a stored text exactly, unless somebody changed it.

    A browser cannot send back a stored carriage return, and a field that strips would drop a stored space at the end.
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


PAST = "過ぎた日時には予約できません。すぐに公開するなら「公開する」を使います。"


def clean_schedule_time(at: datetime | None, past: str = PAST) -> datetime:
    """Returns the time of a scheduled publication. Raises ValidationError if it is missing, past or after 2099.

    `past` is the message for a past time. It names the button that acts at once.
    """
    if at is None:
        raise ValidationError("予約する日時を入れてください。")
    if at <= timezone.now():
        raise ValidationError(past)
    if at.year >= 2100:
        raise ValidationError("公開日時の年を確かめてください。")
    return at
