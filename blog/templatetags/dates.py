"""Dates and times of day in Tokyo, as the pages print them."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from blog.times import day_name, machine_time

register = template.Library()


@register.simple_tag
def clock(moment: datetime) -> SafeString:
    """The time of day."""
    return mark_safe(f'<time datetime="{machine_time(moment)}">{timezone.localtime(moment):%H:%M}</time>')  # noqa: S308  made of digits


@register.simple_tag
def day(moment: datetime) -> SafeString:
    """The day, and for machines the second. A list has twenty, and an include would take ten times as long as a tag."""
    date = timezone.localtime(moment)
    return mark_safe(f'<time datetime="{machine_time(moment)}">{day_name(date)}</time>')  # noqa: S308  made of digits
