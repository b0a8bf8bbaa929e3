"""The page of what a search finds."""

from http import HTTPStatus
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property

from blog.queries.threads import folded, folded_keys
from blog.search.engine import TooSlow
from blog.search.finding import Found, find
from blog.search.nearest import like_tags, named_by, nearest
from blog.search.query import MAX_CHARS, Query, parse
from blog.views.base import PostListView
from blog.views.search import narrowing
from blog.views.search.form import SearchForm, check_query
from blog.views.search.hits import Hits, ShownHit


class SearchView(PostListView):
    """The form, and what the question finds. A filter with an unknown value answers 404, as the list of it would."""

    template_name = "blog/search.html"
    per_page = 20

    @cached_property
    def form(self) -> SearchForm:
        form = SearchForm(self.request.GET)
        if not form.is_valid():
            raise Http404("no such filter")
        return form

    @cached_property
    def question(self) -> str:
        return str(self.form.cleaned_data["q"])[:MAX_CHARS]

    @cached_property
    def asked(self) -> Query:
        return parse(self.form.cleaned_data["q"])

    @cached_property
    def filters(self) -> dict[str, str]:
        """The filters as they stand in the address, by their parameters."""
        return {kind: self.request.GET[kind] for kind in narrowing.KINDS if self.form.cleaned_data[kind]}

    @cached_property
    def found(self) -> Found | None:
        """What was found; None if the search took too long."""
        try:
            return find(self.asked, filters=self.form.filters)
        except TooSlow:
            return None

    def address(self, filters: dict[str, str]) -> str:
        return f"{self.request.path}?{urlencode({'q': self.question, **filters})}"

    # --- the list ---

    def get_page(self) -> Page:
        """A search that took too long has the same answer on each page, so that no page is missing."""
        nothing: list[ShownHit] = []
        return super().get_page() if self.found is not None else Paginator(nothing, self.per_page).page(1)

    def shown(self, page: Page) -> list[ShownHit]:
        return folded(page, of=attrgetter("post"))

    def query(self) -> dict[str, str]:
        return {"q": self.question, **self.filters} if self.question else {}

    def get_queryset(self) -> Hits:
        found = self.found or Found()
        return Hits(found._replace(keys=folded_keys(found.keys)), self.asked)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_query(request)
        response = super().get(request, *args, **kwargs)
        if self.found is None and response.status_code == HTTPStatus.OK:  # `?page=1` still redirects
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(question=self.question, asked=self.asked, **kwargs)
        if self.asked.is_empty or self.found is None:
            return context | {"is_too_slow": self.found is None}
        context |= {
            "found": self.found,
            "count": f"{self.found.total:,}件{'' if self.found.is_exact else '以上'}",
            "also": dict.fromkeys(name for names in self.found.also.values() for name in names),
            "chosen": narrowing.chosen(self.filters, self.form.cleaned_data, self.address),
        }
        if context["page"].number == 1:
            context["named"] = named_by(self.question, self.asked)
        if self.found.keys:
            return context | {"kinds": narrowing.kinds(self.found, self.filters, self.address)}
        return context | self.nothing_found()

    def nothing_found(self) -> dict[str, Any]:
        """The context of a page without hits. With a filter it offers nothing but the way back."""
        if self.filters:
            return {}
        near = nearest(self.asked)
        hits = Hits(near.found, near.query)[:] if near else []
        return {"nearest": near, "nearest_hits": hits, "like_tags": like_tags(self.asked)}
