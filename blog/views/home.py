"""The front page, and behind it every article, newest first."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from blog.models import Post
from blog.models.selections import newest_by_section
from blog.views.base import PostListView

RIVER_LENGTH = 7
POSTS_PER_SECTION = 4


class AfterFrontPaginator(Paginator):
    """Page 1 is the front page, composed; the list of every article begins on page 2."""

    @cached_property
    def num_pages(self) -> int:
        return super().num_pages + 1

    def page(self, number: int) -> Page:
        start = (self.validate_number(number) - 2) * self.per_page
        return self._get_page(self.object_list[start : start + self.per_page], number, self)


class HomeView(PostListView):
    template_name = "blog/all_posts.html"
    paginator_class = AfterFrontPaginator
    allow_empty = False

    def get_queryset(self) -> QuerySet[Post]:
        return Post.objects.published().for_list()

    def get_template_names(self) -> list[str]:
        return [self.template_name if "page" in self.request.GET else "blog/home.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "page" in self.request.GET:
            return super().get_context_data(**kwargs)
        latest = list(self.get_queryset()[: RIVER_LENGTH + 1])
        sections = newest_by_section(POSTS_PER_SECTION, seen=latest)
        return super(PostListView, self).get_context_data(
            today=timezone.localdate(), lead=latest[:1], river=latest[1:], sections=sections, **kwargs
        )
