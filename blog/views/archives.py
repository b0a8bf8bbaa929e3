"""Archives by the day in an article's address: of a month, the edition of a day, and the index of months."""

from calendar import SUNDAY, Calendar
from datetime import date
from math import ceil
from typing import Any, NamedTuple

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from blog.addresses import address, edition_path
from blog.queries.edition import compose, edges, newest_day
from blog.queries.post_list import Day, PostList, days_in_use, months_in_use, posts_of_days
from blog.times import days_name, month_of
from blog.views.base import PostListView, ReadOnlyView

DARKEST, LEAST_BUSY = 5, 5  # levels of ink; a span with fewer articles than LEAST_BUSY never has the darkest


class Turn(NamedTuple):
    """A link to the span before or after: its name and address."""

    name: str
    url: str


class Cell(NamedTuple):
    """A day in a calendar. `ink` goes from 0 for a day without articles to DARKEST for the busiest."""

    day: date
    post_count: int
    ink: int

    @property
    def url(self) -> str:
        return edition_path(self.day)


def ink(number: int, busiest: int) -> int:
    """The level of ink, from 0 to DARKEST, for a span with `number` articles if the busiest one has `busiest`."""
    return ceil(DARKEST * number / max(LEAST_BUSY, busiest))


def calendar_of(month: date, days: list[Day]) -> list[list[Cell | None]]:
    """The weeks of the month, beginning on Sundays; None stands for a day of another month."""
    counts = {day.day: day.post_count for day in days}
    busiest = max(counts.values(), default=0)

    def cell(day: date) -> Cell | None:
        number = counts.get(day, 0)
        return Cell(day, number, ink(number, busiest)) if day.month == month.month else None

    weeks = Calendar(SUNDAY).monthdatescalendar(month.year, month.month)
    return [[cell(day) for day in week] for week in weeks]


class ArchiveIndexView(ReadOnlyView):
    template_name = "blog/archive_index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(months=months_in_use(), **kwargs)


class ArchiveView(PostListView):
    """The articles of a span of time. A span without a public article answers 404. Threads are not folded."""

    template_name = "blog/archive.html"
    allow_empty = False
    heading_format: str
    turns_label: str

    def shown(self, page: Page) -> list[Any]:
        return list(page)

    @cached_property
    def first_day(self) -> date:
        try:
            return date(self.kwargs["year"], self.kwargs["month"], self.kwargs.get("day", 1))
        except ValueError as error:
            raise Http404("no such day") from error

    def trail(self) -> list[tuple[str, str]]:
        """The names and paths of the pages above this one, for search engines."""
        return [("アーカイブ", address("archive_index"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            first_day=self.first_day,
            heading=date_format(self.first_day, self.heading_format),
            turns_label=self.turns_label,
            trail=self.trail(),
            **kwargs,
        )


class MonthView(ArchiveView):
    heading_format = "Y年n月"
    turns_label = "前後の月"

    def get_queryset(self) -> PostList:
        return posts_of_days(*month_of(self.first_day))

    def dates(self, newest: date, oldest: date) -> str:
        return days_name(newest, oldest)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        months = [row.month for row in months_in_use()]
        older = next((month for month in months if month < self.first_day), None)
        newer = next((month for month in reversed(months) if month > self.first_day), None)
        weeks = calendar_of(self.first_day, days_in_use(*month_of(self.first_day)))
        return context | {"weeks": weeks, "older": _month_turn(older), "newer": _month_turn(newer)}


def _month_turn(month: date | None) -> Turn | None:
    return Turn(date_format(month, "Y年n月"), address("archive_month", month.year, month.month)) if month else None


class EditionView(ArchiveView):
    """The edition of a day. If its articles do not fit on one page, the further pages are plain lists."""

    heading_format = "Y年n月j日"
    turns_label = "前後の紙面"

    def get_template_names(self) -> list[str]:
        return ["blog/edition.html" if self.request.GET.get("page", "1") == "1" else "blog/archive.html"]

    def get_queryset(self) -> PostList:
        return posts_of_days(self.first_day, self.first_day)

    def dates(self, newest: date, oldest: date) -> str:
        return ""

    def trail(self) -> list[tuple[str, str]]:
        month = address("archive_month", self.first_day.year, self.first_day.month)
        return [*super().trail(), (date_format(self.first_day, "Y年n月"), month)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        around = edges(self.first_day)
        return context | {
            "edition": compose(context["posts"]) if context["page"].number == 1 else None,
            "number": around.number,
            "is_today": self.first_day == timezone.localdate(),
            "older": _edition_turn(around.older),
            "newer": _edition_turn(around.newer),
        }


def _edition_turn(day: date | None) -> Turn | None:
    return Turn(date_format(day, "n月j日"), edition_path(day)) if day else None


class TodayView(ReadOnlyView):
    """Redirects to the newest edition; not permanently, as there is another one tomorrow."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (day := newest_day()) is None:
            raise Http404("no edition")
        return HttpResponseRedirect(edition_path(day))
