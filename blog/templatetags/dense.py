"""The rows of a dense list, under the days of their addresses.

A page has fifty. As a template, with a tag for each link, they took as long as all else on the page.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from blog.addresses import edition_path
from blog.models import Post
from blog.templatetags.posts import NOTHING, follow_ups, post_link, section_link
from blog.times import day_name

register = template.Library()

DAY = """\
<section class="dense__day">
<h2 class="dense__date">{}</h2>
<ul class="dense__list">
{}</ul>
</section>
"""
ROW = """\
<li class="dense__row">
<h3 class="dense__title">{}</h3>{}{}
</li>
"""
THREAD = '\n<p class="dense__thread">{}</p>'
SECTION = '\n<p class="dense__section">{}</p>'


@register.simple_tag
def dense_rows(posts: Sequence[Post], *, within_section: object = None) -> SafeString:
    """The posts, which stand in the order of their days. Each row names its section, unless the list is of one."""
    of_each = {} if within_section else {post.category_id: post for post in posts}
    sections = {key: format_html(SECTION, section_link(post)) for key, post in of_each.items()}
    days = groupby(posts, key=attrgetter("url_date"))
    return _joined(
        format_html(
            DAY,
            _edition_link(day),
            _joined(_row(post, sections.get(post.category_id, NOTHING)) for post in entries),
        )
        for day, entries in days
    )


def _edition_link(day: date) -> SafeString:
    return mark_safe(f'<a href="{edition_path(day)}"><time datetime="{day}">{day_name(day)}</time></a>')  # noqa: S308  made of digits


def _row(post: Post, section: SafeString) -> SafeString:
    thread = format_html(THREAD, follow_ups(post)) if post.others_in_thread else NOTHING
    return format_html(ROW, post_link(post), thread, section)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  each is safe
