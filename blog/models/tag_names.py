"""Tags by the names that people type, through what was merged and renamed at the desk."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import Resolver404, resolve
from django.utils import timezone

from blog.models.permalink import Permalink, clean_path
from blog.models.post_count import EVER, PostCount
from blog.models.taxonomy import Tag, TaggedPost
from blog.text.japanese import tag_slug


def find_tags(names: Iterable[str]) -> dict[str, Tag]:
    """The tag of each name that is known: spelt so, or in another case, or now another tag, where its old page leads.

    One query where all are spelt so, four at most, however many names.
    """
    names = list(names)
    found = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    if others := [name for name in names if name not in found]:
        alike = Tag.objects.filter(reduce(or_, (Q(name__iexact=name) for name in others)))
        folded = {tag.name.casefold(): tag for tag in alike}
        found |= {name: tag for name in others if (tag := folded.get(name.casefold()))}
        found |= _became([name for name in others if name not in found])
    return {name: found[name] for name in names if name in found}


def public_tags() -> Q:
    """Those of public posts; one look into an index for each tag."""
    return Q(Exists(TaggedPost.objects.filter(tag=OuterRef("pk"), published_at__lte=timezone.now())))


def suggest_tags(text: str, among: Q) -> QuerySet[Tag]:
    """Tags `among` these whose name holds the text, those that begin with it first, then the commonest."""
    counts = PostCount.objects.filter(kind=PostCount.Kind.TAG, key=OuterRef("pk"), month=EVER).values("count")
    begins = Case(When(name__istartswith=text, then=Value(0)), default=Value(1))
    found = Tag.objects.filter(among, name__icontains=text)
    return found.order_by(begins, Coalesce(Subquery(counts), 0).desc(), "name")


def _became(names: list[str]) -> dict[str, Tag]:
    """The tags that these names were merged into or renamed to, by the redirects of the pages that they had."""
    paths = {name: clean_path(Tag(slug=slug).get_absolute_url()) for name in names if (slug := tag_slug(name))}
    rows = Permalink.objects.filter(path__in=paths.values(), target__gt="").values_list("path", "target")
    slugs = {path: slug for path, target in rows if (slug := _slug_at(target))}
    tags = {tag.slug: tag for tag in Tag.objects.filter(slug__in=slugs.values())} if slugs else {}
    return {name: tags[slugs[path]] for name, path in paths.items() if slugs.get(path) in tags}


def _slug_at(path: str) -> str:
    """The slug of the tag whose page is at the path, if it is one of a tag."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    return match.kwargs["slug"] if match.url_name == "tag_detail" else ""
