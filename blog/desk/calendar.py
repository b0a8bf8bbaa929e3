"""The calendar of the board: what is published when, in Tokyo, by week or by month."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from blog.addresses import edition_path
from blog.editing import permissions
from blog.models import PlannedRelease, Post
from blog.queries.post_list import days_in_use
from blog.times import month_of

DAILY = {"week": 5, "month": 3}  # entries that a day shows
YEARS = range(2000, 2100)
WEEKDAYS = "月火水木金土日"


class CalendarEntry(NamedTuple):
    """A scheduled article or a planned release.

    `url` leads to the field with the time; it is "" if the user may not open that form.
    """

    at: datetime
    title: str
    about: str
    url: str


class CalendarDay(NamedTuple):
    day: date
    weekday: str
    is_today: bool
    is_past: bool
    is_outside: bool
    """Whether it is a day of the month before or after, which fills the week."""
    entries: list[CalendarEntry]
    more: int
    """How many entries the day does not show."""
    published: int
    edition: str
    """The address of what was published on that day; "" if nothing was."""
    week: str


class Calendar(NamedTuple):
    span: str  # "week" or "month"
    name: str
    days: list[CalendarDay]
    before: str
    now: str
    after: str
    other: str
    """The address of the other span around the same day."""
    number: int


def calendar_of(user: permissions.User, query: Mapping[str, str]) -> Calendar:
    """The calendar of seven days from `?week=2026-11-23` on, or of `?month=2026-11`; without either from today on."""
    today = timezone.localdate()
    span, day = _asked(query, today)
    first, last = _bounds(span, day)
    scheduled = _entries(user, first, last)
    whole = day if "week" in query else None  # the day that somebody asked for
    published = {found.day: found.post_count for found in days_in_use(first, last)}
    days = [
        _day(first + timedelta(number), span, day, today, scheduled, published, whole)
        for number in range((last - first).days + 1)
    ]
    if span == "week":
        before, after = day - timedelta(7), day + timedelta(7)
    else:
        before, after = day.replace(day=1) - timedelta(1), month_of(day)[1] + timedelta(1)
    return Calendar(
        span,
        f"{day.year}年{day.month}月" if span == "month" else _days_name(first, last),
        days,
        _address(span, before),
        _address(span, today),
        _address(span, after),
        _address("month" if span == "week" else "week", day),
        sum(map(len, scheduled.values())),
    )


def _asked(query: Mapping[str, str], today: date) -> tuple[str, date]:
    for span, tail in (("week", ""), ("month", "-01")):
        try:
            day = date.fromisoformat(query[span] + tail)
        except (KeyError, ValueError):
            continue
        if day.year in YEARS:
            return span, day
    return "week", today


def _bounds(span: str, day: date) -> tuple[date, date]:
    """The first and the last day: seven days from `day` on, or the whole weeks of its month."""
    if span == "week":
        return day, day + timedelta(6)
    first, last = month_of(day)
    return first - timedelta(first.isoweekday() % 7), last + timedelta(6 - last.isoweekday() % 7)


def _entries(user: permissions.User, first: date, last: date) -> dict[date, list[CalendarEntry]]:
    """The scheduled articles and planned releases by day."""
    began, ended = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(1)))
    posts = permissions.visible_posts(user).scheduled().filter(published_at__gte=began, published_at__lt=ended)
    shown = ("title", "published_at", "category__name", "author__name")
    rows = posts.select_related("category", "author").only(*shown).order_by("published_at", "pk")
    plans = PlannedRelease.objects.filter(
        at__gte=max(began, timezone.now()), at__lt=ended, post__in=permissions.visible_posts(user).published()
    )
    may_plan = permissions.may_publish(user)
    if not may_plan:
        plans = plans.filter(post__author__user=user.pk)  # a pending version is part of the history
    planned = plans.select_related("post").only("at", "post__title").order_by("at")
    entries = sorted([*map(_entry, rows), *(_planned(plan, may_plan) for plan in planned)])
    found = defaultdict(list)
    for entry in entries:
        found[entry.at.date()].append(entry)
    return found


def _planned(plan: PlannedRelease, may_plan: bool) -> CalendarEntry:
    url = f"{reverse('admin:blog_post_pending', args=[plan.pk])}#id_plan_at_0" if may_plan else ""
    return CalendarEntry(timezone.localtime(plan.at), f"{plan.post.title}（変更）", "公開中の記事", url)


def _entry(post: Post) -> CalendarEntry:
    at = timezone.localtime(post.published_at)
    url = f"{reverse('admin:blog_post_change', args=[post.pk])}#id_publish_at_0"
    return CalendarEntry(at, post.title, f"{post.category.name}・{post.author.name}", url)


def _day(
    day: date,
    span: str,
    asked: date,
    today: date,
    scheduled: Mapping[date, list[CalendarEntry]],
    published: Mapping[date, int],
    whole: date | None,
) -> CalendarDay:
    entries, number = scheduled.get(day, []), published.get(day, 0)
    most = DAILY[span] if day != whole else len(entries)
    edition = edition_path(day) if number else ""
    return CalendarDay(
        day,
        WEEKDAYS[day.weekday()],
        day == today,
        day < today,
        span == "month" and day.month != asked.month,
        entries[:most],
        max(len(entries) - most, 0),
        number,
        edition,
        _address("week", day),
    )


def _address(span: str, day: date) -> str:
    """The address of the calendar around the day; "" outside of YEARS."""
    if day.year not in YEARS:
        return ""
    return f"?{span}={day:%Y-%m-%d}#calendar" if span == "week" else f"?{span}={day:%Y-%m}#calendar"


def _days_name(first: date, last: date) -> str:
    end = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
    return f"{first.year}年{first.month}月{first.day}日〜{end}"
