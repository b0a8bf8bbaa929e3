"""What of an article can be found."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from blog.models import Post, Tag
from blog.text.japanese import visible_text
from blog.text.words.tokens import fold

# Marks in front of keys, so that they are no words: NFKC leaves no full-width letter in a text.
LISTED, SECTION, TAG, AUTHOR, YEAR = "ｐｃｔａｙ"
# The columns that a search reads in, and those that an entry of the index is made of.
BODY = ("key_points", "body_html")
READ = ("title", "excerpt", *BODY, "published_at", "created_at", "url_date", "status", "version", "author", "category")


class SearchTexts(NamedTuple):
    """The folded texts of an article. A line ends between two texts, so that no term reaches from one into the next."""

    title: str
    head: str  # tags and excerpt
    body: str  # what a reader sees of it

    @property
    def reaches(self) -> tuple[str, str, str]:
        """The title, the title and the head, and all."""
        return self.title, "\n".join(self[:2]), "\n".join(self)


class IndexEntry(NamedTuple):
    """What the index is given of a post."""

    post: int
    minute: int
    edit: int
    document: SearchTexts
    keys: list[str]  # what it is filtered by


def document_of(post: Post, tags: Iterable[str]) -> SearchTexts:
    """Makes the document of a post with tags of these names; of its texts, those of READ are read."""
    body = map(fold, (*lines_above(post), visible_text(post.body_html)))
    return SearchTexts(*heading_of(post.title, post.excerpt, tags), "\n".join(body))


def lines_above(post: Post) -> list[str]:
    """The lines between standfirst and body."""
    return post.key_point_list


def heading_of(title: str, excerpt: str, tags: Iterable[str]) -> tuple[str, str]:
    """Makes title and head of the document; `tags` are names."""
    return fold(title), "\n".join(map(fold, (*tags, excerpt)))


def entry_of(post: Post, tags: Iterable[Tag]) -> IndexEntry:
    tags = list(tags)
    keys = [f"{SECTION}{post.category_id}", f"{AUTHOR}{post.author_id}", *(f"{TAG}{tag.pk}" for tag in tags)]
    if post.listed_at:
        keys.append(LISTED)
    if post.url_date:
        keys.append(f"{YEAR}{post.url_date.year}")
    document = document_of(post, [tag.name for tag in tags])
    return IndexEntry(post.pk, minute_of(post.published_at or post.created_at), post.version, document, keys)


def minute_of(moment: datetime) -> int:
    """The minutes since 1970."""
    return int(moment.timestamp()) // 60
