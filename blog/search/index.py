"""The search index: keeps each article's document, in the transaction that changes the article."""

from collections.abc import Callable, Collection, Iterable
from types import ModuleType

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from blog.models import Post, SearchDocument, Tag
from blog.models.search_document import FORM, NO_FORM
from blog.models.taxonomy import load_tags
from blog.search import postgresql, sqlite
from blog.search.documents import READ, entry_of

BATCH = 50  # posts in a transaction: while it lasts, saves wait
KEYS_AT_ONCE = 1_000  # SQLite takes 32,766 values in a statement
AT_ONCE = 300  # posts that are indexed while an editor waits for the change of a tag


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
    index_posts(_hold(ordered[:AT_ONCE]))


def reindex(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Indexes every post anew, while the site goes on. If it is ended, `reindex_stale` does what is left."""
    SearchDocument.objects.update(form=NO_FORM)
    return reindex_stale(progress)


def reindex_stale(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Indexes the posts without a document and those whose document is older than the post or of an old form.

    Returns their number; `progress` is called with the number so far and that of all.
    """
    total, done, last = stale_posts().count(), 0, 0
    while batch := list(stale_posts().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            index_posts(_hold(batch))
        done, last = done + len(batch), batch[-1]
        progress(done, max(done, total))
    if done:
        engine().optimise()
    return done


def stale_posts() -> QuerySet[Post]:
    # Looked up post by post: as a set, all current documents would be read anew for each batch.
    current = SearchDocument.objects.filter(post=OuterRef("pk"), form=FORM, edit=OuterRef("version"))
    return Post.objects.filter(~Exists(current))


def _hold(keys: Collection[int]) -> list[Post]:
    """Locks the posts and loads what is indexed of them, so that no save comes in between."""
    posts = list(Post.objects.locked().filter(pk__in=keys).order_by("pk").only(*READ))
    load_tags(posts)
    return posts
