"""Search in the titles of articles."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property

from blog.models import Post
from blog.text.japanese import normalise
from blog.views.base import PostListView

MAX_LENGTH = 100
MAX_TERMS = 8


class SearchForm(forms.Form):
    """The search words, cut to MAX_LENGTH characters."""

    q = forms.CharField(required=False)

    def clean_q(self) -> str:
        return normalise(self.cleaned_data["q"])[:MAX_LENGTH].strip()


class SearchView(PostListView):
    template_name = "blog/search.html"

    @cached_property
    def question(self) -> str:
        form = SearchForm(self.request.GET)
        return form.cleaned_data["q"] if form.is_valid() else ""

    def query(self) -> dict[str, str]:
        return {"q": self.question} if self.question else {}

    def get_queryset(self) -> QuerySet[Post]:
        if not self.question:
            return Post.objects.none()
        return Post.objects.published().for_row().newest_first().titled(self.question.split()[:MAX_TERMS])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=self.question, **kwargs)
