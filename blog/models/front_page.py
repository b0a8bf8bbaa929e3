"""The front page: what its editors picked, and the newest articles where they picked nothing."""

import hashlib
from collections import defaultdict
from typing import NamedTuple

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from blog.models.post import Post
from blog.models.post_rows import load_posts
from blog.models.sql import fetch
from blog.models.taxonomy import Category

TOP_STORIES = 3  # one leads, the others follow it
RIVER_LENGTH = 6
POSTS_PER_SECTION = 4
EVERYWHERE = 0  # stands for all sections where a section's key is expected


class FrontPickQuerySet(models.QuerySet):
    def in_force(self) -> "FrontPickQuerySet":
        """Picks that show now: the article is public, still sits in that section, and the time is not over."""
        # A join would tempt SQLite to read all public posts and look for the picks of each.
        return self.filter(
            Exists(Post.objects.published().filter(pk=OuterRef("post"))),
            Q(until=None) | Q(until__gt=timezone.now()),
            Q(category=None) | Q(category=F("post__category")),
        )

    def signature(self) -> str:
        """Tells one state of the picks from another."""
        rows = self.order_by("pk").values_list("category", "position", "post", "until")
        return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


class FrontPick(models.Model):
    """A place of the front page that an editor gave to an article.

    Without a section it is among the top stories, in the order of `position`; with one it leads that section. A pick
    that is not in force is passed over, and the newest article takes its place: a scheduled one leads once it is due,
    and one that is withdrawn vanishes at once.
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


class FrontPage(NamedTuple):
    """The top stories, the news by time, and the sections that have any other article than those on top.

    The river is the order of time, the sections are that of subjects: an article may stand in both.
    """

    top: list[Post]
    river: list[Post]
    sections: list[tuple[Category, list[Post]]]


def front_page() -> FrontPage:
    """What the front page shows now, in four queries."""
    sections = list(Category.objects.only("name", "slug"))
    picked: dict[int, list[int]] = defaultdict(list)
    for section, post in FrontPick.objects.in_force().values_list("category", "post"):
        picked[section or EVERYWHERE].append(post)
    number_picked = sum(map(len, picked.values()))
    newest = _newest([section.pk for section in sections], TOP_STORIES + RIVER_LENGTH + number_picked)
    shown: set[int] = set()

    def take(keys: list[int], number: int) -> list[int]:
        new = [key for key in dict.fromkeys(keys) if key not in shown][:number]
        shown.update(new)
        return new

    top = take(picked[EVERYWHERE], TOP_STORIES)
    leads = {section.pk: take(picked[section.pk], 1) for section in sections}
    top += take(newest[EVERYWHERE], TOP_STORIES - len(top))
    river = [key for key in newest[EVERYWHERE] if key not in top][:RIVER_LENGTH]
    lists = {pk: lead + take(newest[pk], POSTS_PER_SECTION - len(lead)) for pk, lead in leads.items()}
    posts = {post.pk: post for post in load_posts(shown.union(river))}
    return FrontPage(
        top=[posts[pk] for pk in top],
        river=[posts[pk] for pk in river],
        sections=[(section, [posts[pk] for pk in lists[section.pk]]) for section in sections if lists[section.pk]],
    )


def _newest(sections: list[int], number: int) -> dict[int, list[int]]:
    """The keys of the newest public posts, newest first: `number` of all, and as many more as a list of each section.

    One short walk along an index for each: a window function would read the whole archive. In SQL, because the ORM
    takes ten times as long to write this statement as the database to run it.
    """
    now, walks, values = timezone.now(), [], []
    for section in (EVERYWHERE, *sections):
        condition = "" if section == EVERYWHERE else "category_id = %s AND "
        walks.append(
            f"SELECT * FROM (SELECT {int(section)} AS section, CAST(published_at AS text) AS at, id"
            f" FROM blog_post WHERE {condition}status = %s AND published_at <= %s"
            " ORDER BY published_at DESC, id DESC LIMIT %s) AS walk"
        )
        values += [*([section] if condition else []), Post.Status.PUBLISHED, now, number + POSTS_PER_SECTION]
    found: dict[int, list[int]] = {section: [] for section in (EVERYWHERE, *sections)}
    rows = fetch(" UNION ALL ".join(walks), *values)
    for section, _, pk in sorted(rows, key=lambda row: row[1:], reverse=True):
        found[section].append(pk)
    return found
