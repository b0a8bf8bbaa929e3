"""The choices of articles that pages make from the archive; all of them public ones."""

from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import Count, Q, Value
from django.utils import timezone

from blog.models.post import Post
from blog.models.post_queryset import PostQuerySet
from blog.models.taxonomy import Category

RELATED = 5
# What a list of related articles shows of each.
SHOWN = ("title", "is_sponsored", "slug", "url_date", "published_at", "category__name", "category__slug")


def newest_by_section(number: int, *, seen: Collection[Post] = ()) -> list[tuple[Category, list[Post]]]:
    """Up to `number` posts of each section, without those in `seen`, in three queries; empty sections are left out."""
    sections = list(Category.objects.only("name", "slug"))
    known = {post.pk for post in seen}
    chosen: dict[int, list[int]] = {section.pk: [] for section in sections}
    for section_id, pk in _newest_keys(list(chosen), number + len(known)):
        if pk not in known and len(chosen[section_id]) < number:
            chosen[section_id].append(pk)
    posts = Post.objects.for_list().in_bulk([pk for pks in chosen.values() for pk in pks])
    return [(section, [posts[pk] for pk in chosen[section.pk]]) for section in sections if chosen[section.pk]]


def _newest_keys(sections: list[int], number: int) -> list[tuple[int, int]]:
    """(section, post) of the `number` newest public posts of each section, newest first.

    One short walk along an index for each: a window function would read the whole archive. In SQL, because the ORM
    takes ten times as long to write this statement as the database to run it.
    """
    if not sections:
        return []
    walk = (
        "SELECT * FROM (SELECT published_at, id, category_id FROM blog_post WHERE category_id = %s AND status = %s"
        " AND published_at <= %s ORDER BY published_at DESC, id DESC LIMIT %s) AS walk"
    )
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values = [value for section in sections for value in (section, Post.Status.PUBLISHED, now, number)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([walk] * len(sections)), values)
        return [(section, pk) for _, pk, section in sorted(cursor.fetchall(), reverse=True)]


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """The articles of its section right before and right after it: (older, newer), in one query."""
    at, pk = post.published_at, post.pk
    section = Post.objects.published().filter(category=post.category_id)
    # The plain bound beside the OR lets the index of the section start at the right row.
    older = section.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(pk__lt=pk))
    newer = section.filter(published_at__gte=at).filter(Q(published_at__gt=at) | Q(pk__gt=pk))
    found = Post.objects.filter(
        Q(pk__in=older.order_by("-published_at", "-pk").values("pk")[:1])
        | Q(pk__in=newer.order_by("published_at", "pk").values("pk")[:1])
    ).only("title", "is_sponsored", "slug", "url_date", "published_at")
    before = after = None
    for neighbour in found:
        if (neighbour.published_at, neighbour.pk) < (at, pk):
            before = neighbour
        else:
            after = neighbour
    return before, after


def related_posts(post: Post, *, seen: Iterable[Post | None] = (), limit: int = RELATED) -> list[Post]:
    """What to go on with: the editors' own choice in their order, then the articles that share most tags, then the
    newest of the section; what the page links anyway (`seen`) only if an editor chose it.

    Each has a `reason`, empty where no editor wrote one. At most three queries.
    """
    linked = [other.pk for other in (post, *seen) if other]
    rows = post.related_rows.filter(Post.objects.visible("target__")).select_related("target__category")
    related = []
    for row in rows.only("reason", "post", *(f"target__{name}" for name in SHOWN))[:limit]:
        row.target.reason = row.reason
        related.append(row.target)
    for candidates in (_sharing_tags(post), _in_section(post)):
        if len(related) < limit:
            known = [*linked, *(other.pk for other in related)]
            related += candidates.exclude(pk__in=known)[: limit - len(related)]
    return related


def _sharing_tags(post: Post) -> PostQuerySet:
    tags = [tag.pk for tag in post.tag_list]
    posts = _public().filter(tagged_posts__tag__in=tags)
    return posts.annotate(shared=Count("tagged_posts")).order_by("-shared", "-published_at", "-pk")


def _in_section(post: Post) -> PostQuerySet:
    return _public().filter(category=post.category_id).newest_first()


def _public() -> PostQuerySet:
    return Post.objects.published().select_related("category").only(*SHOWN).annotate(reason=Value(""))
