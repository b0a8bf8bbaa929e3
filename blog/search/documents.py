"""What of an article can be found."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from blog.models import Post, Tag
from blog.text.words import fold

# Marks in front of keys, so that they are no words: NFKC leaves no full-width letter in a text.
LISTED, SECTION, TAG, AUTHOR, YEAR = "ｐｃｔａｙ"
# The columns that a search reads in, and those that an entry of the index is made of besides.
BODY = ("key_points", "body_html")
READ = ("title", "excerpt", "published_at", "created_at", "url_date", "status", "version", "author", "category")


class IndexEntry(NamedTuple):
    """What the index is given of a post."""

    post: int
    minute: int
    edit: int
    title: str  # folded
    head: str  # tags and excerpt, folded
    body: str  # as READ_BODY of the engine makes it
    keys: list[str]  # what it is filtered by


def lines_above(post: Post) -> list[str]:
    """The lines between standfirst and body."""
    return post.key_point_list


def heading_of(title: str, excerpt: str, tags: Iterable[str]) -> tuple[str, str]:
    """Makes title and head of the document; `tags` are names."""
    return fold(title), "\n".join(map(fold, (*tags, excerpt)))


def entry_of(post: Post, tags: Iterable[Tag], body: str) -> IndexEntry:
    """Makes the entry of a post with these tags; besides BODY, what is in READ is read of it."""
    tags = list(tags)
    keys = [f"{SECTION}{post.category_id}", f"{AUTHOR}{post.author_id}", *(f"{TAG}{tag.pk}" for tag in tags)]
    if post.listed_at:
        keys.append(LISTED)
    if post.url_date:
        keys.append(f"{YEAR}{post.url_date.year}")
    title, head = heading_of(post.title, post.excerpt, [tag.name for tag in tags])
    minute = minute_of(post.published_at or post.created_at)
    return IndexEntry(post.pk, minute, post.version, title, head, body, keys)


def minute_of(moment: datetime) -> int:
    """The minutes since 1970."""
    return int(moment.timestamp()) // 60
