"""Tags by the names that people type, through what was merged and renamed at the desk."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from blog.models import PostCount, Tag, TaggedPost
from blog.models.post_count import EVER
from blog.queries.successors import successors
from blog.text.japanese import tag_slug

EVERY_TAG = Q()


def find_tags(names: Iterable[str], among: Q = EVERY_TAG) -> dict[str, Tag]:
    """The tag of each name that is known: spelt so, or in another case, or now another tag, where its old page leads.

    Tags that are not `among` these count for unknown. One query where all are spelt so, five at most, however many
    names.
    """
    names = list(names)
    tags = Tag.objects.filter(among)
    found = {tag.name: tag for tag in tags.filter(name__in=names)}
    if others := [name for name in names if name not in found]:
        alike = tags.filter(reduce(or_, (Q(name__iexact=name) for name in others)))
        folded = {tag.name.casefold(): tag for tag in alike}
        found |= {name: tag for name in others if (tag := folded.get(name.casefold()))}
        slugs = {name: slug for name in others if name not in found and (slug := tag_slug(name))}
        became = successors(Tag, slugs.values())
        if became and among:
            seen = set(tags.filter(pk__in=[tag.pk for tag in became.values()]))
            became = {slug: tag for slug, tag in became.items() if tag in seen}
        found |= {name: became[slug] for name, slug in slugs.items() if slug in became}
    return {name: found[name] for name in names if name in found}


def public_tags() -> Q:
    """Those of public posts; one look into an index for each tag."""
    return Q(Exists(TaggedPost.objects.visible().filter(tag=OuterRef("pk"))))


def suggest_tags(text: str, among: Q) -> QuerySet[Tag]:
    """Tags `among` these whose name holds the text, those that begin with it first, then the commonest."""
    counts = PostCount.objects.filter(kind=PostCount.Kind.TAG, key=OuterRef("pk"), month=EVER).values("count")
    begins = Case(When(name__istartswith=text, then=Value(0)), default=Value(1))
    found = Tag.objects.filter(among, name__icontains=text)
    return found.order_by(begins, Coalesce(Subquery(counts), 0).desc(), "name")
