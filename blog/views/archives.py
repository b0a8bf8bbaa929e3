"""Archives by the day in an article's address: of a year, a month, a day, and the index of all months."""

from calendar import SUNDAY, Calendar
from datetime import date
from math import ceil
from typing import Any, NamedTuple

from django.core.paginator import Page
from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.functional import cached_property

from blog.addresses import address
from blog.delivery.freshness import shows
from blog.models import Post
from blog.queries.counts import Day, Month, days_in_use, months_in_use
from blog.queries.post_list import DayList, OneDayList, PostList
from blog.times import days_name, month_of
from blog.views.base import PostListView, ReadOnlyView

DARKEST, LEAST_BUSY = 5, 5  # levels of ink, and the articles of a day that make it dark in a month of quiet days


class Turn(NamedTuple):
    """A link to the span before or after: its name and address."""

    name: str
    url: str


class Cell(NamedTuple):
    """A day in a calendar. `ink` goes from 0 for a day without articles to DARKEST for the busiest."""

    day: date
    post_count: int
    ink: int


def calendar_of(month: date, days: list[Day]) -> list[list[Cell | None]]:
    """The weeks of the month from Sunday on; None stands for the days of its neighbours."""
    counts = {day.day: day.post_count for day in days}
    busiest = max([LEAST_BUSY, *counts.values()])

    def cell(day: date) -> Cell | None:
        number = counts.get(day, 0)
        return Cell(day, number, ceil(DARKEST * number / busiest)) if day.month == month.month else None

    weeks = Calendar(SUNDAY).monthdatescalendar(month.year, month.month)
    return [[cell(day) for day in week] for week in weeks]


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
    turns_label: str

    def shown(self, page: Page) -> list[Any]:
        return list(page)

    def keys(self) -> list[str]:
        """An archive also leads to the spans before and after it that have articles."""
        return ["lists"]

    @cached_property
    def first_day(self) -> date:
        try:
            return date(self.kwargs["year"], self.kwargs.get("month", 1), self.kwargs.get("day", 1))
        except ValueError as error:
            raise Http404("no such day") from error

    @cached_property
    def months(self) -> list[Month]:
        """All months with articles, newest first."""
        return months_in_use()

    def turn(self, spans: list[date]) -> Turn | None:
        """The link to the first of the spans, if there is one."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = self.first_day
        return super().get_context_data(
            first_day=day, heading=date_format(day, self.heading_format), turns_label=self.turns_label, **kwargs
        )


class YearView(ArchiveView):
    heading_format = "Y年"
    turns_label = "前後の年"

    def get_queryset(self) -> PostList:
        year = self.first_day.year
        return DayList(date(year, 1, 1), date(year, 12, 31))

    def turn(self, spans: list[date]) -> Turn | None:
        return Turn(f"{spans[0].year}年", address("archive_year", spans[0].year)) if spans else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        year, months = self.first_day.year, [row.month for row in self.months]
        return context | {
            "months": [row for row in reversed(self.months) if row.month.year == year],
            "older": self.turn([month for month in months if month.year < year]),
            "newer": self.turn([month for month in reversed(months) if month.year > year]),
        }


class MonthView(ArchiveView):
    heading_format = "Y年n月"
    turns_label = "前後の月"

    def get_queryset(self) -> PostList:
        return DayList(*month_of(self.first_day))

    @cached_property
    def days(self) -> list[Day]:
        return days_in_use(*month_of(self.first_day))

    def dates(self, posts: Any, first: int, last: int) -> str:
        days = [day for day, number in self.days for _ in range(number)]
        return days_name(days[first], days[min(last, len(days) - 1)]) if first < len(days) else ""

    def turn(self, spans: list[date]) -> Turn | None:
        if not spans:
            return None
        name = date_format(spans[0], "Y年n月")
        return Turn(name, address("archive_month", spans[0].year, f"{spans[0].month:02d}"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        months = [row.month for row in self.months]
        return context | {
            "weeks": calendar_of(self.first_day, self.days),
            "older": self.turn([month for month in months if month < self.first_day]),
            "newer": self.turn([month for month in reversed(months) if month > self.first_day]),
        }


class DayView(ArchiveView):
    heading_format = "Y年n月j日"
    turns_label = "前後の日"

    def get_queryset(self) -> PostList:
        return OneDayList(self.first_day)
