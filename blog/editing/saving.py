"""Every save and deletion of a post goes through this module.

The desk and the importer call it. A function here writes all that belongs to a save beyond its own row, in order, in
one transaction.
"""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from blog.database import check_references
from blog.delivery.generation import touch
from blog.delivery.purging import purge_page
from blog.editing import history, permissions
from blog.editing.announcing import announce, announce_when_due, feeds_of
from blog.editing.checking import store_findings
from blog.editing.mail import tell_end
from blog.editing.pictures import keep_uses
from blog.editing.snapshots import stored_snapshot
from blog.models import Page, Permalink, PlannedRelease, Post, PostRevision, RelatedPost, Tag, TaggedPost
from blog.models.permalink import clean_path
from blog.models.post import related_of
from blog.models.post.queryset import PostQuerySet
from blog.models.taxonomy import load_tags
from blog.pictures.cards import card_name, refresh_card
from blog.queries.tags import find_tags
from blog.redirects.canonical import is_own_address
from blog.search.index import index_post
from blog.search.related import relate, relate_offering
from blog.search.vocabulary import words_of


class StaleVersion(Exception):
    """Somebody else saved the post or page first. `stored` is what they saved."""

    def __init__(self, stored: Post | Page) -> None:
        super().__init__(f"{stored._meta.model_name} {stored.pk} is at version {stored.version}")
        self.stored = stored


class PathTaken(ValidationError):
    """The path of the post belongs to another post or to a redirect."""

    def __init__(self, path: str) -> None:
        super().__init__(f"「{path}」は別の記事か転送がすでに使っています。", code="path_taken")
        self.path = path


class NotDeletable(Exception):
    """Nothing was deleted, because the user may not delete `posts`, which are as stored now."""

    def __init__(self, posts: Sequence[Post]) -> None:
        super().__init__(f"posts {[post.pk for post in posts]} may not be deleted")
        self.posts = posts


# Kinds of saves whose content a machine made: they do not date the article.
BY_MACHINE = (PostRevision.Kind.FIXED, PostRevision.Kind.UNFIXED)
# Columns that others than the form write; its copy may be out of date.
NOT_IN_FORMS = ("card", "thread_id", "thread_is_chosen", "amendment_count")


@transaction.atomic
def save_post(
    post: Post,
    *,
    by: User | None = None,
    tags: Sequence[str] | None = None,
    related: Iterable[tuple[Post, str]] | None = None,
    expected_version: int | None = None,
    kind: PostRevision.Kind | None = None,
    source: PostRevision | None = None,
    override: history.Override | None = None,
) -> Post:
    """Saves `post` with all that belongs to a save, or nothing.

    `tags` are names in the writer's order, and `related` (post, reason) pairs in theirs; None leaves what is stored.
    `expected_version` is the edit number that the caller began with. `by` is the user who saves, None for a machine.
    `kind` is the kind of the revision; without it the change of state gives one. `source` is the revision that the
    content came from. `override` says why the text is published with errors of the desk check. An
    import (`kind`) has its articles checked and announced together, after it has saved them.

    A pending version stays, unless the caller set `pending_revision` to None because `post` now holds its content: the
    history then tells of its release. A new post of a machine (an import) gets no revision: its history begins with the
    first change after that.

    Raises StaleVersion if somebody else saved since `expected_version`, PathTaken if the post's URL is not free,
    Post.DoesNotExist if it was deleted meanwhile.
    """
    stored = lock_for_update(post.pk) if post.pk else None
    line, tags_before, related_before = None, list[Tag](), list[tuple[Post, str]]()
    if stored is not None:
        check_version(stored, expected_version)
        line = history.begin(stored)
        tags_before, related_before = stored.tag_list, stored.related_list
        post.version = stored.version + 1
        for name in NOT_IN_FORMS:
            setattr(post, name, getattr(stored, name))
    is_import = kind == PostRevision.Kind.IMPORTED
    post.is_checked = not is_import
    post.save(stored=stored, by_machine=kind in BY_MACHINE)
    _drop_own_canonical_url(post)
    post.tag_list = tags_before if tags is None else set_tags(post, tags, now=tags_before)
    post.related_list = related_before if related is None else set_related(post, related, now=related_before)
    _record_path(post, stored)
    keep_uses(post, stored)
    check_references()  # before others' rows are written: what this one waits for may wait for them
    index_post(post, post.tag_list)
    if stored is not None and stored.pending_revision_id and not post.pending_revision_id:
        tell_end(stored, kind, by=by, source=source)
        source = stored.pending_revision if kind is None else source  # so the history tells of the release
        PlannedRelease.objects.filter(post=post).delete()  # the version that it would release is gone
    if stored is not None or by is not None:
        snapshot = stored_snapshot(post)
        history.record(post, snapshot, line, kind=kind, by=by, source=source, override=override)
    if not is_import:
        store_findings(post)
    _touch_seen(post, stored, is_import=is_import)
    if by is not None:  # what a machine makes waits for `relate_posts`
        _relate_anew(post, stored)
    if post.card != card_name(post) and (post.card or by is not None):  # what a machine makes waits for `render_cards`
        refresh_card.enqueue(post.pk)
    return post


def _drop_own_canonical_url(post: Post) -> None:
    """Leaves out a canonical URL that leads to the post itself, which only the save tells: it gives the path."""
    if is_own_address(post):
        post.canonical_url = ""
        Post.objects.filter(pk=post.pk).update(canonical_url="")


def _touch_seen(post: Post, stored: Post | None, *, is_import: bool) -> None:
    """Ends stored pages and announces feeds if readers see the post, saw it before or will by time alone."""
    seen = [row for row in (stored, post) if row is not None and row.listed_at]
    if not seen:
        return
    touch(soon=is_import, withdraws=seen[0].is_public and not post.is_public)
    if not is_import:
        purge_page(post.path)
        announce(feed for row in seen if row.is_public for feed in feeds_of(row, row.tag_list))
    if post.is_scheduled and (stored is None or stored.listed_at != post.listed_at):
        announce_when_due(post)


def _relate_anew(post: Post, stored: Post | None) -> None:
    """Leaves to the worker to find the closest articles again where they may be others."""
    if stored is None or stored.listed_at != post.listed_at or words_of(stored) != words_of(post):
        relate.enqueue(post.pk)
    if stored is not None and post.is_sponsored and not stored.is_sponsored:
        relate_offering.enqueue(post.pk)


@transaction.atomic
def delete_posts(posts: Iterable[Post], *, by: User | None = None) -> None:
    """Deletes the posts with all that belongs to them, or none. `by` is the user who deletes, None for a machine.

    Raises NotDeletable. The permission is checked on the stored rows, while nobody else can save and publish them.
    """
    keys = [post.pk for post in posts]
    stored = list(Post.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if by and (refused := [post for post in stored if not permissions.may_delete(by, post)]):
        raise NotDeletable(refused)
    if seen := [post for post in stored if post.listed_at]:
        touch(withdraws=any(post.is_public for post in seen))
        announce(feed for post in seen if post.is_public for feed in feeds_of(post, post.tag_list))
    Post.objects.filter(pk__in=keys).delete()


def lock_for_update(pk: int | str, posts: PostQuerySet | None = None) -> Post:
    """Locks the post until the transaction ends and returns it as stored, with its author, section and pending version.

    It must be among `posts`, by default all. Raises Post.DoesNotExist.
    """
    # The lock is a statement of its own: if the row changed while a join waited for it, PostgreSQL would join the old
    # author and section, or find no row at all.
    Post.objects.locked().only("pk").get(pk=pk)
    found = Post.objects.all() if posts is None else posts
    return found.select_related("author__user", "category", "pending_revision").get(pk=pk)


def lock_page(pk: int) -> Page:
    """Locks the static page until the transaction ends and returns it as stored. Raises Page.DoesNotExist."""
    # `no_key`: others may add rows that refer to the page meanwhile, such as an autosave.
    return Page.objects.select_for_update(no_key=True).get(pk=pk)


def check_version(stored: Post | Page, expected: int | None) -> None:
    """Raises StaleVersion if somebody else saved the item since the version that the caller began with."""
    if expected is not None and stored.version != expected:
        raise StaleVersion(stored)


def set_tags(post: Post, names: Sequence[str], *, now: Sequence[Tag]) -> list[Tag]:
    """Gives the post exactly the tags of these names in this order and returns them.

    Writes nothing if it already has them. `now` are its present tags.
    """
    wanted = list(dict.fromkeys(names))
    known = {tag.name: tag for tag in now}
    if list(known) == wanted:
        return list(now)
    if others := [name for name in wanted if name not in known]:
        known |= find_tags(others)
    for name in sorted({*wanted} - known.keys()):  # in one order for all saves, which prevents deadlocks
        Tag(name=name).clean_fields(exclude=["slug"])
        known[name], _ = Tag.objects.get_or_create(name=name)  # somebody else may make it too
    if now:
        post.tagged_posts.all().delete()
    tags = dict.fromkeys(known[name].pk for name in wanted)
    TaggedPost.objects.bulk_create(TaggedPost(content_object=post, tag_id=tag) for tag in tags)
    check_references()  # waits for whoever renames one of them
    load_tags([post])
    return post.tag_list


def set_related(
    post: Post, related: Iterable[tuple[Post, str]], *, now: Sequence[tuple[Post, str]]
) -> list[tuple[Post, str]]:
    """Gives the post exactly these related posts in this order and returns them. The post itself is left out.

    `now` are its present related posts.
    """
    rows = {target.pk: reason for target, reason in related if target.pk != post.pk}
    if [(target.pk, reason) for target, reason in now] == list(rows.items()):
        return list(now)
    post.related_rows.all().delete()
    RelatedPost.objects.bulk_create(
        RelatedPost(post=post, target_id=target, reason=reason, position=position)
        for position, (target, reason) in enumerate(rows.items())
    )
    return related_of(post)  # the caller may know some by key alone


def add_alias(post: Post, path: str) -> bool:
    """Makes `path` lead to the post. Returns False if the path belongs to something else, which keeps it."""
    path = clean_path(path)
    # It sends no signal: `save_post` itself knows whether readers see the change.
    Permalink.objects.bulk_create([Permalink(path=path, post=post)], ignore_conflicts=True)
    return Permalink.objects.filter(path=path, post=post).exists()


def _record_path(post: Post, stored: Post | None) -> None:
    """Enters the current path of the post in the ledger. An earlier path stays if it was ever public."""
    if stored is not None and stored.path and stored.path != post.path and not stored.was_public:
        Permalink.objects.filter(path=stored.path, post=post).delete()
    if post.path and not add_alias(post, post.path):
        raise PathTaken(post.path)
