"""Finds tags by the names that people type, even if a tag was renamed or merged since."""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from blog.models import PostCount, Tag, TaggedPost, TagSpelling
from blog.models.post.counts import EVER
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
    """The condition for tags of public posts; it looks into an index once for each tag."""
    return Q(Exists(TaggedPost.objects.visible().filter(tag=OuterRef("pk"))))


def with_listed_count(tags: QuerySet[Tag]) -> QuerySet[Any]:
    """Annotates `listed`: the number of articles that are published or scheduled, from the kept counts."""
    counts = PostCount.objects.filter(kind=PostCount.Kind.TAG, key=OuterRef("pk"), month=EVER).values("count")
    return tags.annotate(listed=Coalesce(Subquery(counts), 0))


def suggest_tags(text: str, among: Q) -> QuerySet[Tag]:
    """Tags that match `among` and have the text in their name or in another spelling.

    First comes the tag of that name, then those that begin with it, then the commonest.
    """
    begins = Case(
        When(_named("iexact", text), then=Value(0)), When(_named("istartswith", text), then=Value(1)), default=Value(2)
    )
    spelt = TagSpelling.objects.filter(tag=OuterRef("pk"), key__contains=normalise_for_search(text))
    found = with_listed_count(Tag.objects.filter(among, _named("icontains", text) | Q(Exists(spelt))))
    return found.order_by(begins, "-listed", "name")


def nearest_tag(text: str, among: Q) -> str:
    """The name of the most similar tag that matches `among`; "" if none is near."""
    tags = {tag.pk: tag.name for tag in Tag.objects.filter(among).only("name")}
    near = TagNames(Name(pk, name, 0) for pk, name in tags.items()).nearest(0, text)
    return tags[near.tag] if near else ""
