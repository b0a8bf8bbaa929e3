"""The desk check of an article's form while somebody types in it."""

from bisect import bisect_left
from typing import Any

from django import forms
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from blog.admin.api.endpoints import Refused, edited_post, for_writers
from blog.admin.fields import TypedLinesField
from blog.admin.post.findings import shown
from blog.editing.checking import check_post
from blog.editing.fields import label
from blog.models import Post
from blog.text.bounds import MAX_CHARS
from blog.text.desk import DRAFT_TEXTS, Edit

LAST_OF_ONE_UNIT = "\uffff"


def text_field(label: str) -> TypedLinesField:
    """A field that keeps a text as it is in the form, since a fix counts its characters; a save would normalise it."""
    too_long = f"{label}が長すぎるので、確かめられません（{MAX_CHARS // 10_000}万字まで）。"
    return TypedLinesField(required=False, strip=False, max_length=MAX_CHARS, error_messages={"max_length": too_long})


class CheckForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: text_field(label(name)) for name in DRAFT_TEXTS}


@require_POST
@for_writers
def check_form(request: HttpRequest) -> JsonResponse:
    """The findings for the texts of the form, each with the edits that fix it. `object` is the key of the article.

    The edits count characters in UTF-16, as a browser does, in texts whose lines end with LF.
    """
    post = edited_post(request.user, request.POST.get("object", "")) or Post()
    form = CheckForm(request.POST)
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    for name, text in form.cleaned_data.items():
        setattr(post, name, text)
    found = shown(check_post(post))
    offsets = {name: Utf16Offsets(text) for name, text in form.cleaned_data.items()}
    rows = [{**row, "fix": [edit_of(edit, offsets[edit.field]) for edit in row["fix"]]} for row in found.rows]
    answer = {"errors": found.errors, "warnings": found.warnings, "left": found.left, "findings": rows}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


class Utf16Offsets:
    """Turns offsets in a text from code points into UTF-16 units."""

    def __init__(self, text: str) -> None:
        self.pairs = [at for at, character in enumerate(text) if character > LAST_OF_ONE_UNIT]

    def in_units(self, at: int) -> int:
        return at + bisect_left(self.pairs, at)


def edit_of(edit: Edit, offsets: Utf16Offsets) -> dict[str, Any]:
    start, end = offsets.in_units(edit.start), offsets.in_units(edit.end)
    return {"field": edit.field, "start": start, "end": end, "text": edit.text}
