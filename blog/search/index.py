"""The search index: keeps each article's document, in the transaction that changes the article."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from types import ModuleType

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from blog.models import Post, SearchDocument, Tag
from blog.models.post.queryset import PostQuerySet
from blog.models.search_document import FORM, NO_FORM
from blog.models.taxonomy import load_tags
from blog.search import postgresql, sqlite
from blog.search.engine import IndexEntry
from blog.text.words import fold

BATCH = 20  # posts in a transaction: while it lasts, saves wait
KEYS_AT_ONCE = 1_000  # SQLite takes 32,766 values in a statement
AT_ONCE = 300  # posts that are indexed while an editor waits for the change of a tag
# Marks in front of keys, so that they are no words: NFKC leaves no full-width letter in a text.
SECTION, TAG, AUTHOR, YEAR = "ｃｔａｙ"
# The columns that a search reads in, and those that an entry of the index is made of besides.
BODY = ("key_points", "body_html")
READ = ("title", "excerpt", "published_at", "created_at", "url_date", "status", "version", "author", "category")


def engine() -> ModuleType:
    """Returns the module that knows the database's own index."""
    return postgresql if connection.vendor == "postgresql" else sqlite


def index_post(post: Post, tags: Iterable[Tag]) -> None:
    """Writes the document of a stored post with these tags; the caller holds the post's lock."""
    engine().write([entry_of(post, tags)])


def index_posts(posts: Collection[Post]) -> None:
    """Writes the documents of stored posts, whose tags are loaded.

    The caller holds their locks, or nobody else knows them yet.
    """
    engine().write(entry_of(post, post.tag_list) for post in posts)


def index_again(keys: Iterable[int]) -> None:
    """Indexes posts after a change outside their own rows, such as a new name of a tag: at once the newest AT_ONCE.

    Older ones wait for `reindex_stale`. Until then a search finds them by their old text.
    """
    ordered = sorted(keys, reverse=True)
    for start in range(AT_ONCE, len(ordered), KEYS_AT_ONCE):
        SearchDocument.objects.filter(post__in=ordered[start : start + KEYS_AT_ONCE]).update(form=NO_FORM)
    _index_locked(ordered[:AT_ONCE])


def reindex(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Indexes every post anew, while the site goes on. If it is ended, `reindex_stale` does what is left."""
    SearchDocument.objects.update(form=NO_FORM)
    return reindex_stale(progress)


def reindex_stale(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Indexes the posts without a document and those whose document is older than the post or of an old form.

    Returns their number; `progress` is called with the number so far and that of all.
    """
    stale = stale_posts().order_by("pk").values_list("pk", flat=True)
    total, done, last = stale.count(), 0, 0
    while keys := list(stale.filter(pk__gt=last)[:BATCH]):
        with transaction.atomic():
            _index_locked(keys)
        done, last = done + len(keys), keys[-1]
        progress(done, max(done, total))
    if done:
        engine().optimise()
    return done


def stale_posts() -> PostQuerySet:
    # Looked up post by post: as a set, all current documents would be read anew for each batch.
    current = SearchDocument.objects.filter(post=OuterRef("pk"), form=FORM, edit=OuterRef("version"))
    return Post.objects.filter(~Exists(current))


def _index_locked(keys: Collection[int]) -> None:
    """Locks the posts, so that no save comes in between, and indexes them."""
    posts = list(Post.objects.locked().filter(pk__in=keys).order_by("pk").only(*READ, *BODY))
    load_tags(posts)
    index_posts(posts)


def lines_above(post: Post) -> list[str]:
    """The lines between standfirst and body."""
    return post.key_point_list


def entry_of(post: Post, tags: Iterable[Tag]) -> IndexEntry:
    """Makes the entry of a post with these tags, from the columns READ and BODY."""
    tags = list(tags)
    keys = [f"{SECTION}{post.category_id}", f"{AUTHOR}{post.author_id}", *(f"{TAG}{tag.pk}" for tag in tags)]
    if post.url_date:
        keys.append(f"{YEAR}{post.url_date.year}")
    head = "\n".join(map(fold, (*(tag.name for tag in tags), post.excerpt)))
    body = engine().READ_BODY(lines_above(post), post.body_html)
    minute = minute_of(post.published_at or post.created_at)
    return IndexEntry(post.pk, minute, post.version, fold(post.title), head, body, keys)


def minute_of(moment: datetime) -> int:
    """The minutes since 1970."""
    return int(moment.timestamp()) // 60
