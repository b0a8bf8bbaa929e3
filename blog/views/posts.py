"""The page of an article, in horizontal and in vertical lines."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404

from blog.delivery.freshness import shows
from blog.models import Post
from blog.queries.age import age_of
from blog.queries.article_page import article_page
from blog.redirects.canonical import canonical_path
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

    def tell(self, response: HttpResponse, context: dict[str, Any]) -> None:
        shows(response, "menus", *context["keys"], until=context["until"])
        _shows_canonical(response, context["post"])


class PostTateView(ReadOnlyView):
    """The article in vertical lines. It is the same article: its canonical address is that of the other page."""

    template_name = "blog/post_tate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post = find_post(**kwargs)
        vertical = {"vertical_html": upright(bold(shown_html(post))), "age": age_of(post)}
        return super().get_context_data(post=post, **vertical)

    def tell(self, response: HttpResponse, context: dict[str, Any]) -> None:
        post, age = context["post"], context["age"]
        rows = [post, *([age.newest] if age.newest else [])]
        images = (f"image:{image}" for image in (post.lead_image_id, post.share_image_id) if image)
        tags = (f"tag:{tag.pk}" for tag in post.tag_list)
        keys = [f"author:{post.author_id}", f"section:{post.category_id}", *images, *tags]
        keys += [f"post:{row.pk}" for row in rows]
        shows(response, *keys, until=age.until)
        _shows_canonical(response, post)
        if age.years and post.thread_id:
            shows(response, f"thread:{post.thread_id}", until=Post.objects.filter(thread=post.thread_id).next_due())


def _shows_canonical(response: HttpResponse, post: Post) -> None:
    """A canonical page of this site may move, as the target of a redirect may."""
    if canonical_path(post):
        shows(response, "paths", until=Post.objects.next_due())
