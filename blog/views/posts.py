"""The page of an article, in horizontal and in vertical lines."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404

from blog.models import Post
from blog.queries.age import age_of
from blog.queries.article_page import article_page
from blog.text.finishing import bold, shown_html, upright
from blog.views.base import ReadOnlyView


def find_post(year: int, month: int, day: int, slug: str) -> Post:
    """The public article with this address. Raises Http404."""
    return get_object_or_404(Post.objects.published().for_page().at_address(year, month, day, slug))


class PostView(ReadOnlyView):
    """The article. Its `?tate` leads to the vertical lines, which have an address of their own."""

    template_name = "blog/post_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "tate" in request.GET:
            return HttpResponsePermanentRedirect(f"{find_post(**kwargs).get_absolute_url()}tate/")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**article_page(find_post(**kwargs)))


class PostTateView(ReadOnlyView):
    """The article in vertical lines. It is the same article: its canonical address is that of the other page."""

    template_name = "blog/post_tate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post = find_post(**kwargs)
        vertical = {"vertical_html": upright(bold(shown_html(post))), "age": age_of(post)}
        return super().get_context_data(post=post, **vertical)
