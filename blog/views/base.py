"""Base classes of the views: read-only pages, and lists with a pager."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from blog.models import Post
from blog.queries.post_list import PAGE_NUMBER, POSTS_PER_PAGE
from blog.queries.threads import folded
from blog.times import months_name

FEW = 20  # posts of a list that are shown with their standfirsts


class Listed(Protocol):
    """What a paginator needs of a list."""

    def count(self) -> int: ...

    def __getitem__(self, page: slice) -> Any: ...


class PagerLink(NamedTuple):
    """A page number, that of this page with the dates of its posts; or a gap between numbers, which has no URL."""

    number: int | str
    url: str
    is_current: bool
    dates: str = ""


class Pager(NamedTuple):
    """The links to the pages of a list, none for a single page. `previous` and `next` are "" at the ends."""

    links: list[PagerLink]
    previous: str
    next: str

    @classmethod
    def of(cls, page: Page, page_url: Callable[[int], str], dates: str) -> "Pager":
        """`dates` are those of the posts on this page."""
        if page.paginator.num_pages == 1:
            return cls([], "", "")
        numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        return cls(
            links=[
                PagerLink(number, page_url(number), number == page.number, dates if number == page.number else "")
                if isinstance(number, int)
                else PagerLink(number, "", False)
                for number in numbers
            ],
            previous=page_url(page.number - 1) if page.has_previous() else "",
            next=page_url(page.number + 1) if page.has_next() else "",
        )


# Without the CSRF check, which would answer 403, a POST gets 405 from the view.
@method_decorator(csrf_exempt, name="dispatch")
class ReadOnlyView(TemplateView):
    http_method_names = ["get", "head", "options"]


class PostListView(ReadOnlyView):
    """A list of posts in pages. `?page=1` redirects to the address without it.

    A list of more than FEW posts is dense: it has no standfirsts and shows each date once.
    """

    per_page = POSTS_PER_PAGE
    allow_empty = True

    def get_queryset(self) -> Listed:
        raise NotImplementedError

    def query(self) -> dict[str, str]:
        """The query parameters that the addresses of all pages of the list share."""
        return {}

    def page_url(self, number: int) -> str:
        query = urlencode({**self.query(), **({"page": number} if number > 1 else {})})
        return f"{self.request.path}?{query}" if query else self.request.path

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)  # not yet rendered; Http404 for a list that does not exist
        if request.GET.get("page") != "1":
            return response
        return HttpResponsePermanentRedirect(self.page_url(1))

    def get_page(self) -> Page:
        number = self.request.GET.get("page", "1")
        if not PAGE_NUMBER.fullmatch(number):
            raise Http404(f"no page {number!r}")
        posts: Any = self.get_queryset()
        paginator = Paginator(posts, self.per_page, allow_empty_first_page=self.allow_empty)
        if int(number) > paginator.num_pages:
            raise Http404(f"no page {number} of {paginator.num_pages}")
        return paginator.page(int(number))

    def shown(self, page: Page) -> list[Any]:
        """The posts that the page shows: of each thread only the newest."""
        return folded(page)

    def dates(self, newest: date, oldest: date) -> str:
        """The days of the first and the last post of a page, in words."""
        return months_name(newest, oldest)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.get_page()
        posts = [item for item in page if isinstance(item, Post)]
        days = [timezone.localdate(post.published_at) for post in (posts[:1] + posts[-1:])]
        pager = Pager.of(page, self.page_url, self.dates(*days) if days else "")
        is_dense = page.paginator.count > FEW
        return super().get_context_data(page=page, posts=self.shown(page), pager=pager, is_dense=is_dense, **kwargs)
