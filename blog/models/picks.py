"""The editors' choices: articles for the front page, and further reading under an article."""

import hashlib
from datetime import datetime

from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from blog.models.post import Post
from blog.models.taxonomy import Category


class FrontPickQuerySet(models.QuerySet["FrontPick"]):
    def in_force(self) -> list["FrontPick"]:
        """The picks that count now, with what decides the place of their posts.

        There are few. Joined with the posts, SQLite would read all of these and look for the picks of each.
        """
        posts = Post.objects.order_by().only("status", "published_at", "category", "thread", "url_date", "is_sponsored")
        return [pick for pick in self.prefetch_related(Prefetch("post", posts)) if pick.is_in_force]

    def next_end(self) -> datetime | None:
        """When the next pick ends."""
        ends = self.filter(until__gt=timezone.now()).order_by("until")
        return ends.values_list("until", flat=True).first()

    def signature(self) -> str:
        """A hash that every change of the picks changes."""
        rows = self.order_by("pk").values_list("category", "position", "post", "until")
        return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


class FrontPick(models.Model):
    """A place on the front page that an editor gave to an article.

    Without a section, the place is among the top stories, in the order of `position`; with one, the article leads that
    section. A pick that is not in force counts for nothing, and the newest article takes its place. So a scheduled
    article leads once it is due, and a withdrawn one vanishes at once.
    """

    category = models.ForeignKey(
        Category, models.CASCADE, verbose_name="セクション", related_name="+", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField("順番", default=0)
    post = models.ForeignKey(Post, models.CASCADE, verbose_name="記事", related_name="+")
    until = models.DateTimeField("掲載の終わり", null=True, blank=True)

    objects = FrontPickQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "トップページ"
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=("category", "position"), name="front_pick_place_of_section"),
            models.UniqueConstraint(fields=("position",), condition=Q(category=None), name="front_pick_top_place"),
        ]

    def __str__(self) -> str:
        return f"{self.category_id or 'top'}-{self.position}: {self.post_id}"

    @property
    def is_in_force(self) -> bool:
        """Whether its article is public and still in that section, and its time is not over."""
        is_over = self.until is not None and self.until <= timezone.now()
        return self.post.is_public and not is_over and self.category_id in (None, self.post.category_id)


class RelatedPost(models.Model):
    """One article that an editor put under another, with the reason readers are given."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="related_rows")
    target = models.ForeignKey(Post, models.CASCADE, verbose_name="関連記事", related_name="+")
    reason = models.CharField("理由", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField("順番", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "関連記事"
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=("post", "target"), name="related_post_once"),
            models.CheckConstraint(
                condition=~Q(post=models.F("target")),
                name="related_post_not_itself",
                violation_error_message="記事自身を関連記事にはできません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.target_id}"
