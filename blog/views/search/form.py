"""What the address of a search may ask for."""

from typing import Any
from urllib.parse import unquote_to_bytes

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from blog.models import Author, Category, Tag
from blog.queries.post_list import public_authors
from blog.queries.successors import successors
from blog.queries.tags import public_tags
from blog.search.finding import Filters
from blog.search.query import MAX_CHARS
from blog.text.japanese import one_line


def check_query(request: HttpRequest) -> None:
    """Raises BadRequest for a query that no browser sends: with a NUL, or in another encoding than UTF-8."""
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    try:
        is_text = "\0" not in unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        is_text = False
    if not is_text:
        raise BadRequest("the query is no text")


class QuestionField(forms.CharField):
    """Any text on one line, with one character more than is searched for, so that the cut is noticed."""

    def to_python(self, value: Any) -> str:
        return " ".join(one_line(super().to_python(value) or "").split())[: MAX_CHARS + 1]


class SlugField(forms.ModelChoiceField):
    """One of the rows that readers know, by the slug in its address or in one that leads there since."""

    queryset: QuerySet

    def to_python(self, value: Any) -> Model | None:
        slug = one_line(value) if isinstance(value, str) else value
        try:
            return super().to_python(slug)
        except forms.ValidationError:
            if isinstance(slug, str) and (became := successors(self.queryset.model, [slug]).get(slug)):
                return super().to_python(became.slug)
            raise


class SearchForm(forms.Form):
    """The question, and the filters that narrow the results. One that names nothing known to readers is an error."""

    q = QuestionField(required=False)
    section = SlugField(Category.objects.all(), to_field_name="slug", required=False)
    tag = SlugField(Tag.objects.none(), to_field_name="slug", required=False)
    author = SlugField(Author.objects.none(), to_field_name="slug", required=False)
    year = forms.IntegerField(min_value=1, max_value=9999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["tag"].queryset = Tag.objects.filter(public_tags())
        fields["author"].queryset = Author.objects.filter(public_authors())

    @property
    def filters(self) -> Filters:
        chosen = {name: self.cleaned_data[name] for name in ("section", "tag", "author")}
        keys = {name: item.pk for name, item in chosen.items() if item}
        return Filters(keys.get("section"), keys.get("tag"), keys.get("author"), self.cleaned_data["year"])
