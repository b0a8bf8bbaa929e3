"""The articles that an article's page chooses from the archive; all of them public ones."""

from collections.abc import Iterable

from django.db.models import Count, Q, Value

from blog.models.post import Post
from blog.models.post_queryset import PostQuerySet

RELATED = 5
# What a list of related articles shows of each.
SHOWN = ("title", "is_sponsored", "slug", "url_date", "published_at", "category__name", "category__slug")


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
