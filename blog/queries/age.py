"""How old an article is, for its readers, and the newest article of its thread."""

from datetime import date
from typing import NamedTuple

from django.utils import timezone

from blog.models import Post


class Age(NamedTuple):
    """How many full years ago the article was published or last changed; `newest` is a newer article of its thread."""

    years: int
    newest: Post | None = None


def age_of(post: Post, *, thread: list[Post] | None = None) -> Age:
    """Returns the age of an article in Tokyo. `thread` holds the articles of its thread, the oldest first.

    Without it, an article of a year or more in a thread takes one query.
    """
    published, changed = post.published_at, post.updated_at
    if not post.was_public or published is None or changed is None:
        return Age(0)
    said, today = timezone.localdate(max(published, changed)), timezone.localdate()
    years = today.year - said.year
    years = max(years - (_anniversary(said, years) > today), 0)  # a wrong clock may have stored a later day
    if not years or not post.thread_id:
        return Age(years)
    if thread is None:
        thread = list(Post.objects.published().filter(thread=post.thread_id).for_row().newest_first()[:1])
    later = [other for other in thread[-1:] if other.published_at and other.published_at > published]
    return Age(years, later[0] if later else None)


def _anniversary(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
