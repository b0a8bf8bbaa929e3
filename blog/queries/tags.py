"""Tags: found by the names that people type, counted, and as their pages show them."""

import re
from collections.abc import Iterable
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from blog.addresses import address
from blog.models import Post, Tag, TaggedPost, TagGroup, TagSpelling
from blog.models.post.queryset import PostQuerySet
from blog.queries.post_list import posts_of
from blog.queries.successors import successors
from blog.text.japanese import normalise_for_search, tag_slug
from blog.text.tag_names import Name, TagNames

EVERY_TAG = Q()
_PATTERNS = {"iexact": r"\A{}\Z", "istartswith": r"\A{}", "icontains": "{}"}


def find_tags(names: Iterable[str], among: Q = EVERY_TAG) -> dict[str, Tag]:
    """Maps each known name to its tag: one with that name, with the name in another case, or its successor.

    Tags that are not `among` these count as unknown. It takes one query if all names are spelt exactly, and five at
    most, however many names there are.
    """
    names = list(names)
    tags = Tag.objects.filter(among)
    found = {tag.name: tag for tag in tags.filter(name__in=names)}
    if others := [name for name in names if name not in found]:
        alike = tags.filter(called(others))
        folded = {tag.name.casefold(): tag for tag in alike}
        found |= {name: tag for name in others if (tag := folded.get(name.casefold()))}
        slugs = {name: slug for name in others if name not in found and (slug := tag_slug(name))}
        became = successors(Tag, slugs.values())
        if became and among:
            seen = set(tags.filter(pk__in=[tag.pk for tag in became.values()]))
            became = {slug: tag for slug, tag in became.items() if tag in seen}
        found |= {name: became[slug] for name, slug in slugs.items() if slug in became}
    return {name: found[name] for name in names if name in found}


def called(names: Iterable[str]) -> Q:
    """The condition for sections, tags and authors with one of these names, in any case; there must be one name."""
    return reduce(or_, (_named("iexact", name) for name in names))


def _named(how: str, text: str) -> Q:
    """The condition that the name has the text, in any case; `how` is a lookup of _PATTERNS."""
    condition = Q(**{f"name__{how}": text})
    # SQLite, and PostgreSQL where its locale is C, know the case of ASCII letters only.
    pattern = "".join(map(_in_both_cases, text))
    if pattern != re.escape(text):
        condition |= Q(name__iregex=_PATTERNS[how].format(pattern))
    return condition


def _in_both_cases(char: str) -> str:
    cases = {char.lower(), char.upper()}
    is_known = char.isascii() or len(cases) == 1 or max(map(len, cases)) > 1
    return re.escape(char) if is_known else f"[{char.lower()}{char.upper()}]"


def public_tags() -> Q:
    """The condition for tags of public posts."""
    return Q(Exists(TaggedPost.objects.filter(Post.objects.visible("content_object__"), tag=OuterRef("pk"))))


def number_of_posts(*, without: PostQuerySet) -> Any:
    """The number of articles of each tag, but for those `without`, which must be few: for `annotate`.

    A join with the published articles would read the row of each.
    """
    rows = TaggedPost.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
    number = Coalesce(Subquery(rows.values(number=Count("pk"))), 0)
    left_out = rows.filter(content_object__in=without.values("pk"))
    return number - Coalesce(Subquery(left_out.values(number=Count("pk"))), 0)


def suggest_tags(text: str, among: Q) -> QuerySet[Tag]:
    """Tags that match `among` and have the text in their name or in another spelling.

    First comes the tag of that name, then those that begin with it, then the commonest.
    """
    begins = Case(
        When(_named("iexact", text), then=Value(0)), When(_named("istartswith", text), then=Value(1)), default=Value(2)
    )
    spelt = TagSpelling.objects.filter(tag=OuterRef("pk"), key__contains=normalise_for_search(text))
    found = Tag.objects.filter(among, _named("icontains", text) | Q(Exists(spelt)))
    return found.order_by(begins, number_of_posts(without=Post.objects.unlisted()).desc(), "name")


def nearest_tag(text: str, among: Q) -> str:
    """The name of the most similar tag that matches `among`; "" if none is near."""
    tags = {tag.pk: tag.name for tag in Tag.objects.filter(among).only("name")}
    near = TagNames(Name(pk, name, 0) for pk, name in tags.items()).nearest(0, text)
    return tags[near.tag] if near else ""


# --- the pages of tags ---

COMMON = 3  # articles that make a tag common
NEWEST, RELATED_TAGS = 60, 12


class TagSection(NamedTuple):
    """The common tags of a group, or of none."""

    group: TagGroup | None
    tags: list[Tag]


class TagIndex(NamedTuple):
    sections: list[TagSection]
    """The groups in the editors' order; the tags without a group come last."""
    others: list[Tag]
    """The tags of fewer than COMMON articles, by name."""


def tag_index() -> TagIndex:
    """All tags of public articles with their `post_count`. As long as no tag is common, all count as common."""
    counted = Tag.objects.annotate(post_count=number_of_posts(without=Post.objects.hidden()))
    tags: list[Any] = list(
        counted.filter(post_count__gt=0).select_related("group").defer("description").order_by("-post_count", "name")
    )
    common = [tag for tag in tags if tag.post_count >= COMMON] or tags
    others = [tag for tag in tags if tag.post_count < COMMON] if common is not tags else []
    sections = [
        TagSection(group, list(own)) for group, own in groupby(sorted(common, key=_place), lambda tag: tag.group)
    ]
    return TagIndex(sections, sorted(others, key=lambda tag: tag.name))


def _place(tag: Tag) -> tuple[bool, int, str, bool, int]:
    """The place of the group, and the editors' place in it; sorting keeps the order by articles of all others."""
    group = (False, tag.group.position, tag.group.name) if tag.group else (True, 0, "")
    return *group, tag.position is None, tag.position or 0


class RelatedTag(NamedTuple):
    name: str
    url: str
    shared: int
    """The number of articles, among those examined, that have both tags."""


def related_tags(tag: Tag) -> list[RelatedTag]:
    """Counts the other tags of the NEWEST public articles with `tag`; the most frequent come first."""
    newest = posts_of(tag).posts.values("pk")[:NEWEST]
    rows = TaggedPost.objects.filter(content_object__in=newest).exclude(tag=tag)
    shared = rows.order_by().values_list("tag__name", "tag__slug").annotate(shared=Count("pk"))
    found = shared.order_by("-shared", "tag__name")[:RELATED_TAGS]
    return [RelatedTag(name, address("tag_detail", slug), number) for name, slug, number in found]
