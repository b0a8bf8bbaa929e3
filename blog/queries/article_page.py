"""The context of an article's page, for readers and for previews."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from blog.models import Post
from blog.queries.age import age_of
from blog.queries.further_reading import FurtherReading, further_reading
from blog.queries.threads import Timeline, timeline
from blog.text.headings import contents, lists_related

MOST_DAYS = 14  # a page names so many days in which another article would stand beside it


def article_page(post: Post, *, chosen: dict[int, str] | None = None) -> dict[str, Any]:
    """Returns the context of `blog/post_detail.html`. The post may have unsaved changes, but needs a primary key.

    `chosen` maps the keys of related posts to their reasons and replaces the stored choice.
    """
    thread = timeline(post)
    further = further_reading(post, chosen=chosen, listed=[other.pk for other in thread.posts])
    if lists_related(post.body_html, post.toc):  # a page has one such list
        further = further._replace(related=[])
    age = age_of(post, thread=thread.posts)
    keys, until = _what_it_shows(post, thread, further)
    return {
        "post": post,
        "trail": [(post.category.name, post.category.get_absolute_url())] if post.category_id else [],  # of a preview
        "contents": contents(post.toc),
        "thread": thread,
        "age": age,
        "keys": keys,
        "until": min(filter(None, (until, age.until)), default=None),
        **further._asdict(),
    }


def _what_it_shows(post: Post, thread: Timeline, further: FurtherReading) -> tuple[list[str], datetime | None]:
    """The keys of the page, and when a publication to come changes it."""
    neighbours = _between(post, further.older, further.newer)
    shown = [
        post,
        *filter(None, (further.older, further.newer, further.pillar)),
        *(row.post for row in further.related),
    ]
    numbers: dict[str, set[Any]] = {
        "post": {post.pk, *further.compared, *(other.pk for other in thread.posts)},
        "kindred": {post.pk},
        "author": {post.author_id},
        "section": {other.category_id for other in (*shown, *thread.posts)},
        "tag": {tag.pk for tag in post.tag_list},
        "image": {post.lead_image_id, post.share_image_id},
        "thread": {post.thread_id},
        "in-tag": {tag.pk for tag in post.tag_list if further.is_filled_up},
        "in-section": {post.category_id} if further.is_filled_up or not neighbours else set(),
    }
    keys = [f"{kind}:{number}" for kind, found in numbers.items() for number in sorted(found - {None})]
    is_open = further.is_filled_up or further.newer is None
    due = (
        other.published_at
        for other in Post.objects.to_come().only("published_at", "thread_id").order_by("published_at")
        if is_open or other.pk in further.compared or (post.thread_id and other.thread_id == post.thread_id)
    )
    return [*keys, *neighbours], next(due, None)


def _between(post: Post, older: Post | None, newer: Post | None) -> list[str]:
    """The days of its section in which another article would come between it and its neighbours; none if too many."""
    if older is None or newer is None:
        return []
    first, last = (timezone.localdate(other.published_at) for other in (older, newer))
    days = (last - first).days + 1
    return (
        [f"in-section:{post.category_id}:{first + timedelta(days=n)}" for n in range(days)] if days <= MOST_DAYS else []
    )
