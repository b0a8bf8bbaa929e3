"""The queries for articles: which ones, in what order, and which fields are loaded."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from blog.times import month_of

if TYPE_CHECKING:
    from blog.models.post import Post

# What a row shows of an article, and whether the public may read it.
_ROW = ("status", "title", "headline", "is_sponsored", "slug", "url_date", "published_at", "excerpt", "thread_id")


class PostQuerySet(models.QuerySet["Post"]):
    def visible(self, prefix: str = "", *, at: datetime | None = None) -> Q:
        """The one condition for posts the public may read, by default now; `prefix` leads to it, as in `post__`."""
        return Q(**{f"{prefix}status": self.model.Status.PUBLISHED, f"{prefix}published_at__lte": at or timezone.now()})

    def published(self, at: datetime | None = None) -> "PostQuerySet":
        """Posts the public may read now, or at that time: published, and due."""
        return self.filter(self.visible(at=at))

    def scheduled(self) -> "PostQuerySet":
        """Posts that are published but not yet due. They are few, and an index finds them."""
        return self.filter(status=self.model.Status.PUBLISHED, published_at__gt=timezone.now())

    def hidden(self) -> "PostQuerySet":
        """All that `published` leaves out. It is a union: asked in one condition, SQLite reads every post."""
        return self.unlisted().order_by().union(self.scheduled().order_by(), all=True)

    def next_due(self) -> datetime | None:
        """When the next scheduled post is due; from then on every list may show something else."""
        return self.scheduled().order_by("published_at").values_list("published_at", flat=True).first()

    def listed(self) -> "PostQuerySet":
        """Posts that lists count: the visible and the scheduled ones."""
        return self.filter(status=self.model.Status.PUBLISHED)

    def unlisted(self) -> "PostQuerySet":
        """The other posts: drafts, withdrawn ones and those in review."""
        return self.filter(status__in=[self.model.Status.DRAFT, self.model.Status.IN_REVIEW])  # as an index has them

    def returned(self) -> "PostQuerySet":
        """Posts that an editor returned with a reason, until they are submitted again: some of the few drafts."""
        return self.filter(status=self.model.Status.DRAFT).exclude(return_reason="")

    def waiting(self) -> "PostQuerySet":
        """Posts with a pending version. An index has just these."""
        return self.filter(pending_revision__isnull=False)

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

    def unchecked(self) -> "PostQuerySet":
        """Posts whose findings are not those of their text; an import leaves the check of its articles to the end."""
        return self.filter(is_checked=False)

    def locked(self) -> "PostQuerySet":
        """Locks the posts against other saves until the transaction ends; rows may still refer to them meanwhile."""
        return self.select_for_update(no_key=True)

    def newest_first(self) -> "PostQuerySet":
        return self.order_by("-published_at", "-pk")

    def at_address(self, year: int, month: int, day: int, slug: str) -> "PostQuerySet":
        """The post whose address has this day and slug; none if there is no such day."""
        try:
            return self.filter(url_date=date(year, month, day), slug=slug)
        except ValueError:
            return self.none()

    def in_month(self, day: date) -> "PostQuerySet":
        """Posts whose address has the month of `day`, as a range of days, which an index serves."""
        return self.filter(url_date__range=month_of(day))

    def for_list(self) -> "PostQuerySet":
        """Loads what a list shows of each post, newest first, in one query and without the long texts."""
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
        """Loads what the article's own page shows, or the article as Markdown."""
        return self.select_related("category", "author", "lead_image", "share_image")

    def for_row(self) -> "PostQuerySet":
        """Loads what a row shows of each post, with the byline and picture of one that leads the others."""
        shown = (*_ROW, "category__name", "category__slug", "author__name", "lead_image")
        return self.select_related("category", "author", "lead_image").only(*shown)

    def for_feed(self) -> "PostQuerySet":
        """Loads what a feed shows of each post, newest first."""
        return (
            self.select_related("category", "author", "lead_image")
            .defer("body", "toc", "category__description", "author__bio")
            .newest_first()
        )

    def for_card(self) -> "PostQuerySet":
        """Loads what a social card shows, and what decides whether the post has one."""
        shown = ("guid", "title", "is_sponsored", "category__name", "author__name")
        return self.select_related("category", "author").only(
            *shown, "status", "share_image", "lead_image", "version", "card"
        )

    def findable(self) -> "PostQuerySet":
        """Posts that search engines should know by their own address."""
        return self.filter(in_sitemap=True, noindex=False, canonical_url="")
