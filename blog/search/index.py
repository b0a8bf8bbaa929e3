"""The search index: keeps each article's document, in the transaction that changes the article."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from types import ModuleType

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from blog.models import Post, SearchDocument, Tag
from blog.models.post.queryset import PostQuerySet
from blog.models.search_document import FORM, NO_FORM
from blog.models.taxonomy import load_tags
from blog.processes import ahead, readers
from blog.search import postgresql, sqlite
from blog.search.engine import IndexEntry
from blog.text.words import fold

BATCH = 50  # posts in a transaction: while it lasts, saves wait
CHUNK, AHEAD = 10, 2  # posts for a process at a time, batches
KEYS_AT_ONCE = 1_000  # SQLite takes 32,766 values in a statement
AT_ONCE = 300  # posts that are indexed while an editor waits for the change of a tag


def engine() -> ModuleType:
    """Returns the module that knows the database's own index."""
    return postgresql if connection.vendor == "postgresql" else sqlite


def index_post(post: Post, tags: Iterable[Tag]) -> None:
    """Writes the document of a stored post with these tags; the caller holds the post's lock."""
    engine().write([entry_of(post, tags, reader_of(post)(post.body_html))])


def index_posts(posts: Collection[Post]) -> None:
    """Writes the documents of stored posts, whose tags are loaded.

    The caller holds their locks, or nobody else knows them yet.
    """
    engine().write(entry_of(post, post.tag_list, reader_of(post)(post.body_html)) for post in posts)


def reader_of(post: Post) -> Callable[[str], str]:
    """Returns the function that makes the body of the document from the HTML of the post, in any process."""
    return partial(engine().READ_BODY, lines_above(post))


def index_again(keys: Iterable[int]) -> None:
    """Indexes posts after a change outside their own rows, such as a new name of a tag: at once the newest AT_ONCE.

    Older ones wait for `reindex_stale`. Until then a search finds them by their old text.
    """
    ordered = sorted(keys, reverse=True)
    for start in range(AT_ONCE, len(ordered), KEYS_AT_ONCE):
        SearchDocument.objects.filter(post__in=ordered[start : start + KEYS_AT_ONCE]).update(form=NO_FORM)
    index_posts(_hold(ordered[:AT_ONCE], *BODY))


def reindex(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Indexes every post anew, while the site goes on. If it is ended, `reindex_stale` does what is left."""
    SearchDocument.objects.update(form=NO_FORM)
    return reindex_stale(progress)


def reindex_stale(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Indexes the posts without a document and those whose document is older than the post or of an old form.

    Returns their number; `progress` is called with the number so far and that of all.
    """
    stale = stale_posts()
    with readers(stale.count()) as executor:
        done = index_read(stale, executor, progress)
    if done:
        engine().optimise()
    return done


def index_read(stale: PostQuerySet, executor: Executor, progress: Callable[[int, int], None]) -> int:
    """Does what `reindex_stale` does for these of the `stale_posts`, whose bodies the executor reads."""
    total = done = 0
    for posts, bodies in ahead(_being_read(stale, executor), AHEAD):
        total = total or stale.count()
        _write(posts, list(bodies))
        done += len(posts)
        progress(done, max(done, total))
    return done


def stale_posts(among: PostQuerySet | None = None) -> PostQuerySet:
    # Looked up post by post: as a set, all current documents would be read anew for each batch.
    current = SearchDocument.objects.filter(post=OuterRef("pk"), form=FORM, edit=OuterRef("version"))
    return (Post.objects.all() if among is None else among).filter(~Exists(current))


def _being_read(stale: PostQuerySet, executor: Executor) -> Iterator[tuple[list[Post], Iterable[str]]]:
    last = 0
    while posts := list(stale.filter(pk__gt=last).order_by("pk").only("version", *BODY)[:BATCH]):
        above, html = map(lines_above, posts), [post.body_html for post in posts]
        yield posts, executor.map(engine().READ_BODY, above, html, chunksize=CHUNK)
        last = posts[-1].pk


@transaction.atomic
def _write(posts: Sequence[Post], bodies: Iterable[str]) -> None:
    """Writes the documents of those posts that nobody saved or indexed since their bodies were read."""
    read = {(post.pk, post.version): body for post, body in zip(posts, bodies, strict=True)}
    held = {(post.pk, post.version): post for post in _hold([post.pk for post in posts])}
    stale = {*stale_posts().filter(pk__in=[post.pk for post in posts]).values_list("pk", "version")}
    engine().write(
        entry_of(held[key], held[key].tag_list, body) for key, body in read.items() if key in held and key in stale
    )


def _hold(keys: Collection[int], *more: str) -> list[Post]:
    """Locks the posts and loads what is indexed of them, so that no save comes in between."""
    posts = list(Post.objects.locked().filter(pk__in=keys).order_by("pk").only(*READ, *more))
    load_tags(posts)
    return posts


# Marks in front of keys, so that they are no words: NFKC leaves no full-width letter in a text.
SECTION, TAG, AUTHOR, YEAR = "ｃｔａｙ"
# The columns that a search reads in, and those that an entry of the index is made of besides.
BODY = ("key_points", "body_html")
READ = ("title", "excerpt", "published_at", "created_at", "url_date", "status", "version", "author", "category")


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
    if post.url_date:
        keys.append(f"{YEAR}{post.url_date.year}")
    title, head = heading_of(post.title, post.excerpt, [tag.name for tag in tags])
    minute = minute_of(post.published_at or post.created_at)
    return IndexEntry(post.pk, minute, post.version, title, head, body, keys)


def minute_of(moment: datetime) -> int:
    """The minutes since 1970."""
    return int(moment.timestamp()) // 60
