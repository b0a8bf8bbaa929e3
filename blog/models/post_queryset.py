"""How articles are asked for: who may see them, in what order, and what is loaded of each."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from blog.text.japanese import normalise_for_search
from blog.times import month_of

if TYPE_CHECKING:
    from blog.models.post import Post

POSTS, TAGGED_POSTS = "blog_post", "blog_taggedpost"
# What a published row of each table meets besides its time; a row of a tag has no time unless its post is published.
_PUBLISHED = {POSTS: "status = 'published' AND ", TAGGED_POSTS: ""}

Condition = tuple[str, list[date]]


def visible_sql(table: str = POSTS, *, now: datetime | None = None, before: datetime | None = None) -> Condition:
    """The SQL twin of `PostQuerySet.visible()`, for statements that the ORM cannot write: condition and values.

    `before` leaves out what was published then or later. It is one bound with the other: of two upper ones SQLite
    would begin a walk along the index at the first, wherever the second is.
    """
    due = (now or timezone.now()) + timedelta.resolution
    return f"{_PUBLISHED[table]}published_at < %s", [min(due, before or due)]


def scheduled_sql(table: str = POSTS, *, now: datetime | None = None) -> Condition:
    """The SQL twin of `PostQuerySet.scheduled()`."""
    return f"{_PUBLISHED[table]}published_at > %s", [now or timezone.now()]


class PostQuerySet(models.QuerySet["Post"]):
    def visible(self, prefix: str = "") -> Q:
        """The one spelling of visibility, for a post reached through `prefix`; `visible_sql` is its twin in SQL."""
        return Q(**{f"{prefix}status": self.model.Status.PUBLISHED, f"{prefix}published_at__lte": timezone.now()})

    def published(self) -> "PostQuerySet":
        """Posts the public may read now: published, and due."""
        return self.filter(self.visible())

    def scheduled(self) -> "PostQuerySet":
        """Posts that are published and not yet due: few, and found along an index."""
        return self.filter(status=self.model.Status.PUBLISHED, published_at__gt=timezone.now())

    def listed(self) -> "PostQuerySet":
        """Posts that lists count: the visible and the scheduled ones."""
        return self.filter(status=self.model.Status.PUBLISHED)

    def in_state(self, state: "Post.State") -> "PostQuerySet":
        """Posts whose `state` is this one, now."""
        status, states = self.model.Status, self.model.State
        draft, published = Q(status=status.DRAFT), Q(status=status.PUBLISHED)
        return self.filter(
            {
                states.DRAFT: draft & Q(published_at__isnull=True),
                states.IN_REVIEW: Q(status=status.IN_REVIEW),
                states.SCHEDULED: published & Q(published_at__gt=timezone.now()),
                states.PUBLISHED: self.visible(),
                states.WITHDRAWN: draft & Q(published_at__isnull=False),
            }[state]
        )

    def locked(self) -> "PostQuerySet":
        """Nobody else saves them until the transaction ends; rows that come to refer to them do not wait."""
        return self.select_for_update(no_key=True)

    def newest_first(self) -> "PostQuerySet":
        return self.order_by("-published_at", "-pk")

    def in_month(self, day: date) -> "PostQuerySet":
        """Posts whose address bears the month of `day`; as a range, which an index serves and a month's number not."""
        return self.filter(url_date__range=month_of(day))

    def titled(self, words: Iterable[str]) -> "PostQuerySet":
        """Posts whose title holds every one of the words, as it was typed or in its everyday width and case."""
        spellings = ({word, normalise_for_search(word)} for word in words)
        return self.filter(*(reduce(or_, (Q(title__icontains=word) for word in words)) for words in spellings))

    def for_list(self) -> "PostQuerySet":
        """What a list shows of each post, newest first, in one query and without the long texts."""
        return (
            self.select_related("category", "author", "lead_image")
            .defer(
                "body",
                "body_html",
                "toc",
                "correction",
                "return_reason",
                "category__description",
                "category__notice",
                "author__bio",
            )
            .newest_first()
        )

    def for_page(self) -> "PostQuerySet":
        """What the article's own page shows; the Markdown source stays in the database."""
        return self.select_related("category", "author", "lead_image", "share_image").defer("body")

    def for_row(self) -> "PostQuerySet":
        """What a row shows of each, and whether the public may read it."""
        shown = ("title", "is_sponsored", "slug", "url_date", "published_at", "excerpt")
        return self.select_related("category").only("status", *shown, "category__name", "category__slug")

    def for_feed(self) -> "PostQuerySet":
        """What a feed shows of each post, newest first."""
        return (
            self.select_related("category", "author", "lead_image")
            .defer("body", "toc", "category__description", "author__bio")
            .newest_first()
        )

    def for_card(self) -> "PostQuerySet":
        """What tells which card a post has, and what it shows."""
        shown = ("guid", "title", "is_sponsored", "category__name", "author__name")
        return self.select_related("category", "author").only(
            *shown, "status", "share_image", "lead_image", "version", "card"
        )

    def for_sitemap(self) -> "PostQuerySet":
        """Posts that search engines are to know by their own address, without the texts."""
        return self.filter(in_sitemap=True, noindex=False, canonical_url="").only("url_date", "slug", "updated_at")
