"""The page of an article, in horizontal and in vertical lines."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from blog.delivery.freshness import shows
from blog.models import Post
from blog.queries.article_page import article_page
from blog.text.finishing.disclosure import shown_html
from blog.text.finishing.vertical import upright
from blog.views.base import ReadOnlyView


class PostView(ReadOnlyView):
    template_name = "blog/post_detail.html"

    def get_post(self, year: int, month: int, day: int, slug: str) -> Post:
        try:
            url_date = date(year, month, day)
        except ValueError as error:
            raise Http404("no such day") from error
        return get_object_or_404(Post.objects.published().for_page(), url_date=url_date, slug=slug)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**article_page(self.get_post(**kwargs)))

    def tell(self, response: HttpResponse, context: dict[str, Any]) -> None:
        shows(response, "menus", *context["keys"], until=context["until"])


class PostTateView(PostView):
    """The article in vertical lines. It is the same article: its canonical address is that of the other page."""

    template_name = "blog/post_tate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post = self.get_post(**kwargs)
        return super(PostView, self).get_context_data(post=post, vertical_html=upright(shown_html(post)))

    def tell(self, response: HttpResponse, context: dict[str, Any]) -> None:
        post = context["post"]
        images = (f"image:{image}" for image in (post.lead_image_id, post.share_image_id) if image)
        tags = (f"tag:{tag.pk}" for tag in post.tag_list)
        shows(response, f"post:{post.pk}", f"author:{post.author_id}", f"section:{post.category_id}", *images, *tags)
