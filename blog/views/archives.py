"""Archives by the day in an article's address: of a year, a month, a day, and the index of all months."""

from datetime import date
from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpResponse
from django.utils.formats import date_format

from blog.addresses import address
from blog.delivery.freshness import shows
from blog.models import Post
from blog.queries.counts import months_in_use
from blog.queries.post_list import DayList, OneDayList, PostList
from blog.times import month_of
from blog.views.base import PostListView, ReadOnlyView


class ArchiveIndexView(ReadOnlyView):
    template_name = "blog/archive_index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(months=months_in_use(), **kwargs)

    def tell(self, response: HttpResponse, context: dict[str, Any]) -> None:
        shows(response, "menus", "lists", until=Post.objects.next_due())


class ArchiveView(PostListView):
    """A span of time without a public article does not exist for readers. An archive lists each article of its days."""

    template_name = "blog/archive.html"
    allow_empty = False
    heading_format: str

    def shown(self, page: Page) -> list[Any]:
        return list(page)

    def keys(self) -> list[str]:
        return [f"in-month:{self.first_day():%Y%m}"]

    def first_day(self) -> date:
        try:
            return date(self.kwargs["year"], self.kwargs.get("month", 1), self.kwargs.get("day", 1))
        except ValueError as error:
            raise Http404("no such day") from error

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = self.first_day()
        heading = date_format(day, self.heading_format)
        return super().get_context_data(first_day=day, heading=heading, trail=self.trail(), **kwargs)

    def trail(self) -> list[tuple[str, str]]:
        """The names and paths of the pages above this one, for readers and for search engines."""
        day, steps = self.first_day(), [("アーカイブ", address("archive_index"))]
        if "month" in self.kwargs:
            steps.append((f"{day.year}年", address("archive_year", day.year)))
        if "day" in self.kwargs:
            steps.append((f"{day.month}月", address("archive_month", day.year, day.month)))
        return steps


class YearView(ArchiveView):
    heading_format = "Y年"

    def get_queryset(self) -> PostList:
        year = self.first_day().year
        return DayList(date(year, 1, 1), date(year, 12, 31))

    def keys(self) -> list[str]:
        return [f"in-year:{self.first_day():%Y}"]


class MonthView(ArchiveView):
    heading_format = "Y年n月"

    def get_queryset(self) -> PostList:
        return DayList(*month_of(self.first_day()))


class DayView(ArchiveView):
    heading_format = "Y年n月j日"

    def get_queryset(self) -> PostList:
        return OneDayList(self.first_day())
