"""The front page, and after it the list of all articles, newest first."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.functional import cached_property

from blog.delivery.freshness import shows
from blog.models import FrontPick, Post
from blog.queries.front_page import front_page
from blog.queries.post_list import PostList, all_posts
from blog.times import next_midnight
from blog.views.base import PostListView, ReadOnlyView


class AfterFrontPaginator(Paginator):
    """Numbers the pages of the list of all articles from 2 on; page 1 is the front page."""

    @cached_property
    def num_pages(self) -> int:
        return super().num_pages + 1

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        start = (number - 2) * self.per_page
        return Page(self.object_list[start : start + self.per_page], number, self)


class AllPostsView(PostListView):
    template_name = "blog/all_posts.html"
    paginator_class = AfterFrontPaginator
    allow_empty = False

    def get_queryset(self) -> PostList:
        return all_posts()


class HomeView(ReadOnlyView):
    template_name = "blog/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("page") == "1":
            redirect = HttpResponsePermanentRedirect(request.path)
            shows(redirect)
            return redirect
        if "page" in request.GET:
            return AllPostsView.as_view()(request)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        front = front_page()
        return super().get_context_data(
            today=timezone.localdate(),
            lead=front.top[:1],
            seconds=front.top[1:],
            river=front.river,
            sections=[(section, posts[0], posts[1:]) for section, posts in front.sections],
            **kwargs,
        )

    def tell(self, response: HttpResponse, context: dict[str, Any]) -> None:
        stories = [*context["lead"], *context["seconds"], *context["river"]]
        stories += [post for _, lead, others in context["sections"] for post in (lead, *others)]
        keys = [f"post:{post.pk}" for post in stories]
        keys += [f"thread:{post.thread_id}" for post in stories if post.thread_id]  # others of it stand nowhere
        shows(response, "menus", "names", "lists", "front", *keys, until=next_midnight())
        for ends in filter(None, (Post.objects.next_due(), FrontPick.objects.next_end())):
            shows(response, until=ends)
