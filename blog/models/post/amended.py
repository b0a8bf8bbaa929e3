"""What readers are told of the changes of an article since its publication."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from django.db import models
from django.utils.functional import cached_property

from blog.models.history import NEWEST_FIRST, Amendment

if TYPE_CHECKING:
    from blog.models.post.post import Post


class Amended(models.Model):
    # Spares the page of an article without amendments a query. `blog.editing.versions.amendments` keeps it.
    amendment_count = models.PositiveSmallIntegerField(editable=False, default=0)

    class Meta:
        abstract = True

    @cached_property
    def amendment_list(self) -> list[Amendment]:
        """Its amendments, newest first. Reading them takes a query for each post that has some; `load_amendments`
        loads those of many.
        """
        return list(Amendment.objects.filter(post=self.pk)) if self.amendment_count else []

    @property
    def revised_at(self) -> datetime | None:
        """When it last changed with a note to readers. `updated_at` is for machines: it moves without one too."""
        return max((row.changed_at for row in self.amendment_list), default=None)


def load_amendments(posts: Iterable["Post"]) -> None:
    """Gives the posts their `amendment_list` in one query, or none if they have no amendments."""
    amended = [post for post in posts if post.amendment_count]
    rows = Amendment.objects.filter(post__in=amended).order_by("post_id", *NEWEST_FIRST) if amended else ()
    found = {pk: list(group) for pk, group in groupby(rows, key=attrgetter("post_id"))}
    for post in amended:
        post.amendment_list = found.get(post.pk, [])
