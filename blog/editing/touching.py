"""Which keys a change of a row touches: see `blog.delivery.freshness`.

`post:1`, `section:1`, `tag:1`, `author:1`, `image:1`, `page:1` stand for what a page shows of the row; `in-section:1`,
`in-tag:1`, `in-author:1` for which articles a list has; `lists` for which articles there are at all; `month:202604` for
anything of any article of the month, `posts` for anything of any article. `names` stands for what lists show of
authors, sections, tags and pictures, `paths` for which addresses answer, `menus` and `front` for themselves.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.signals import ModelSignal, post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils import timezone

from blog.addresses import MARKDOWN_FILE, NEWS_SITEMAP, VERTICAL, address
from blog.delivery.announcing import News, announce_when_due, is_announcing, news_of
from blog.delivery.freshness import touch
from blog.models import Author, Category, FrontPick, Image, Page, Permalink, Post, Tag, TagGroup
from blog.models.post.queryset import is_findable

# Where a post stands: in which lists, in which order, and under which address.
PLACE = ("listed_at", "url_date", "slug", "category_id", "author_id")
SPANS = ("archive_year", "archive_month", "archive_day")  # pages by the year, by year and month, by the whole day


def touch_post(post: Post, stored: Post | None, *, tags: Iterable[Tag], tags_before: Iterable[Tag]) -> None:
    """Touches what a save of the post changes for readers; a draft that stays one changes nothing.

    A scheduled post counts as public: pages that will show it must know when they end.
    """
    was_listed = stored is not None and stored.listed_at is not None
    if post.listed_at is None and not was_listed:
        return
    rows = [row for row in (post, stored) if row]
    keys = [f"post:{post.pk}", "posts", *(f"thread:{row.thread_id}" for row in rows if row.thread_id)]
    keys += [f"month:{month}" for month in sorted({row.url_month for row in rows if row.listed_at and row.url_month})]
    now, before = {tag.pk for tag in tags}, {tag.pk for tag in tags_before}
    gone = []
    if stored is None or now != before or any(getattr(post, name) != getattr(stored, name) for name in PLACE):
        keys += ["lists", "paths", *(f"in-tag:{tag}" for tag in sorted(now | before))]
        for row in filter(None, (post, stored)):
            keys += places(row)
        if stored is not None and stored.is_public and (not post.is_public or post.path != stored.path):
            gone += addresses_of(stored)
    touch(*keys, gone=gone, news=_news(post, stored, tags, tags_before))
    if post.is_scheduled and (stored is None or stored.listed_at != post.listed_at):
        announce_when_due(post)


def _news(post: Post, stored: Post | None, tags: Iterable[Tag], tags_before: Iterable[Tag]) -> list[News]:
    """What services are told: the pages and feeds that show the post now, or that showed it before."""
    if not is_announcing():
        return []
    rows = [(post, tags), *([(stored, tags_before)] if stored is not None else [])]
    # An address that search engines should forget is told to them as well.
    known = any(is_findable(row) for row, _ in rows)
    return [news_of(row, own, is_findable=known) for row, own in rows if row.is_public]


def touch_deleted(posts: Iterable[Post]) -> None:
    """Touches what the deletion of these posts changes for readers."""
    listed = [post for post in posts if post.listed_at is not None]
    if listed:
        keys = [key for post in listed for key in (f"post:{post.pk}", f"thread:{post.thread_id}", *places(post))]
        keys += [f"month:{post.url_month}" for post in listed]
        keys += [f"in-tag:{tag.pk}" for post in listed for tag in post.tag_list]
        gone = [path for post in listed if post.is_public for path in addresses_of(post)]
        public = [post for post in listed if is_announcing() and post.is_public]
        news = [news_of(post, post.tag_list, is_findable=is_findable(post)) for post in public]
        touch("lists", "posts", "paths", *keys, gone=gone, news=news)


def addresses_of(post: Post) -> list[str]:
    """The decoded paths at which readers get the text of the post, and the lists, feeds and files that name it."""
    lists: list[Author | Category | Tag] = [post.category, post.author, *post.tag_list]
    named = [address("home"), address("post_list"), address("llms"), address("sitemap_section", NEWS_SITEMAP)]
    if post.url_date:
        day = [f"{post.url_date:{part}}" for part in ("%Y", "%m", "%d")]
        named += [address(name, *day[: depth + 1]) for depth, name in enumerate(SPANS)]
    named += [row.get_absolute_url() for row in lists]
    texts = [post.path, f"{post.path}{MARKDOWN_FILE}", f"{post.path}{VERTICAL}"]
    return texts + [unquote(path) for path in (*news_of(post, post.tag_list).feeds, *named)]


def places(post: Post) -> list[str]:
    """The lists that the post stands in, if it is published. An article links to its neighbours by their days."""
    if post.listed_at is None or post.url_date is None:
        return []
    section = f"in-section:{post.category_id}"
    return [section, f"{section}:{timezone.localdate(post.listed_at)}", f"in-author:{post.author_id}"]


def keys_of(row: models.Model) -> list[str]:
    """What a change of the row touches; nothing for a row that only editors see."""
    match row:
        case Author():
            return [f"author:{row.pk}", "names", "paths"]
        case Category():
            return [f"section:{row.pk}", "names", "menus", "paths"]
        case Tag():
            return [f"tag:{row.pk}", "names", "paths"]
        case TagGroup():
            return ["names"]
        case Image():
            return [f"image:{row.pk}", "names"]
        case Page() if row.is_published or row.was_published:
            return [f"page:{row.pk}", "pages", "menus", "paths"]
        case Permalink():
            return ["paths"]
        case FrontPick():
            return ["front"]
    return []


def touch_row(instance: Any, signal: ModelSignal, **kwargs: Any) -> None:
    if keys := keys_of(instance):
        is_gone = signal is post_delete or (isinstance(instance, Page) and not instance.is_published)
        is_gone |= isinstance(instance, Permalink) and not kwargs.get("created")  # its old answer is gone
        with transaction.atomic():  # a row that is saved by itself has none
            touch(*keys, gone=_paths_of(instance) if is_gone else [])


def _paths_of(row: models.Model) -> list[str]:
    """The decoded paths at which readers get the row."""
    match row:
        case Page():
            return [row.path]
        case Permalink() if row.target:  # the paths of a post are its own business
            return [row.path]
        case Author() | Category() | Tag():
            return [unquote(row.get_absolute_url()), unquote(row.get_feed_url())]
    return []


# Only these models: a receiver makes a deletion load the rows first.
for model in (Author, Category, Tag, TagGroup, Image, Page, Permalink, FrontPick):
    post_save.connect(touch_row, sender=model)
    post_delete.connect(touch_row, sender=model)


@receiver(pre_delete, sender=User)
def touch_byline(instance: User, **kwargs: Any) -> None:
    """Touches the author's pages when the account is deleted, because the database clears the link without a save.

    To search engines a byline without an account is no person.
    """
    for author in Author.objects.filter(user=instance):
        touch_row(author, signal=post_save)
