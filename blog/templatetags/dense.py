"""The rows of a dense list, under the days of their addresses.

A page has fifty. As a template, with a tag for each link, they took as long as all else on the page.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from blog.addresses import edition_path
from blog.models import Post
from blog.templatetags.posts import follow_ups, post_link, section_link
from blog.times import day_name

register = template.Library()

DAY = """\
<section class="dense__day">
<h2 class="dense__date"><a href="{}"><time datetime="{}">{}</time></a></h2>
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
            edition_path(day),
            day.isoformat(),
            day_name(day),
            _joined(_row(post, sections.get(post.category_id, "")) for post in entries),
        )
        for day, entries in days
    )


def _row(post: Post, section: str) -> SafeString:
    thread = format_html(THREAD, follow_ups(post)) if post.others_in_thread else ""
    return format_html(ROW, post_link(post), thread, section)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  each is safe
