"""Static pages, and the page that lists the feeds."""

from typing import Any

from django.shortcuts import get_object_or_404

from blog.models import Category, Page
from blog.views.base import ReadOnlyView


class PageView(ReadOnlyView):
    template_name = "blog/page_detail.html"

    def get_context_data(self, *, path: str = "", **kwargs: Any) -> dict[str, Any]:
        page = get_object_or_404(Page.objects.published().defer("body"), path=f"/{path}/")
        return super().get_context_data(static_page=page, **kwargs)


class FeedListView(ReadOnlyView):
    """Lists the feeds for readers."""

    template_name = "blog/feed_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sections=Category.objects.only("name", "slug"), **kwargs)
