"""How old an article is, for its readers, and the newest article of its thread."""

from datetime import date, datetime, time
from typing import NamedTuple

from django.utils import timezone

from blog.models import Post
from blog.times import page_began


class Age(NamedTuple):
    """How many full years ago the article was published or last changed; `newest` is a newer article of its thread.

    The number grows at `until`, which is None for an article that was never public.
    """

    years: int
    until: datetime | None
    newest: Post | None = None


def age_of(post: Post, *, thread: list[Post] | None = None) -> Age:
    """Returns the age of an article in Tokyo. `thread` holds the articles of its thread, the oldest first.

    Without it, an article of a year or more in a thread takes one query.
    """
    published, changed = post.published_at, post.updated_at
    if not post.was_public or published is None or changed is None:
        return Age(0, None)
    said, today = timezone.localdate(max(published, changed)), timezone.localdate(page_began())
    years = today.year - said.year
    years = max(years - (_anniversary(said, years) > today), 0)  # a wrong clock may have stored a later day
    until = timezone.make_aware(datetime.combine(_anniversary(said, years + 1), time.min))
    if not years or not post.thread_id:
        return Age(years, until)
    if thread is None:
        thread = list(Post.objects.published().filter(thread=post.thread_id).for_row().newest_first()[:1])
    later = [other for other in thread[-1:] if other.published_at and other.published_at > published]
    return Age(years, until, later[0] if later else None)


def _anniversary(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
