"""Times in Tokyo, written for people and for machines, and months as numbers such as 202604.

An index can hold such a number, and both databases compare it alike.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateformat import format as format_time


def month_number(day: date) -> int:
    """The month of the day as a number: 202604."""
    return day.year * 100 + day.month


def first_day(month: int) -> date:
    """The first day of a month given as a number: 202604."""
    return date(month // 100, month % 100, 1)


def month_name(month: int) -> str:
    """Writes a month given as a number for people: 2026年4月."""
    return f"{month // 100}年{month % 100}月"


def day_name(day: date) -> str:
    """Writes a day for people: 2026年4月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def months_name(newest: date, oldest: date) -> str:
    """Writes the months from one day back to another, in a list's order: 2026年4月, 2026年4月〜2月, …〜2025年12月."""
    name = month_name(month_number(newest))
    if month_number(newest) == month_number(oldest):
        return name
    return f"{name}〜{oldest.month}月" if newest.year == oldest.year else f"{name}〜{month_name(month_number(oldest))}"


def days_name(newest: date, oldest: date) -> str:
    """Writes the days of one month from one back to another: 4月9日, 4月9日〜2日."""
    name = f"{newest.month}月{newest.day}日"
    return name if newest == oldest else f"{name}〜{oldest.day}日"


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def next_midnight() -> datetime:
    """The midnight in Tokyo that ends this day."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


def machine_time(moment: datetime | None) -> str:
    """Writes a time as W3C and schema.org ask, in Tokyo: 2026-04-01T12:00:00+09:00; "" for None."""
    return "" if moment is None else timezone.localtime(moment).isoformat(timespec="seconds")


def tokyo(at: datetime | None) -> str:
    """Writes a time for editors, in the site's time zone whatever theirs is; "" for None."""
    return "" if at is None else format_time(timezone.localtime(at), "Y年n月j日 H:i")
