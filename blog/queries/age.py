"""How old an article is, for its readers, and the newest article of its thread."""

from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from blog.models import Post


class Age(NamedTuple):
    """How many full years ago the article was published, or last changed with a note to readers.

    `newest` is a newer article of its thread that is younger than a year.
    """

    years: int
    newest: Post | None = None


def age_of(post: Post, *, thread: list[Post] | None = None) -> Age:
    """Returns the age of an article in Tokyo. `thread` holds the articles of its thread, the oldest first.

    Without it, an article of a year or more in a thread takes one query.
    """
    published = post.published_at
    if not post.was_public or published is None:
        return Age(0)
    years = _years_since(max(published, post.revised_at or published))
    if not years or not post.thread_id:
        return Age(years)
    if thread is None:
        thread = list(Post.objects.published().filter(thread=post.thread_id).for_row().newest_first()[:1])
    later = [row for row in thread[-1:] if row.published_at and row.published_at > published]
    return Age(years, next((row for row in later if not _years_since(row.published_at)), None))


def _years_since(moment: datetime | None) -> int:
    day, today = timezone.localdate(moment), timezone.localdate()
    years = today.year - day.year
    return max(years - (_anniversary(day, years) > today), 0)  # a wrong clock may have stored a later day


def _anniversary(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
