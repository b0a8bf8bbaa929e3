"""Other names of what a term names: a tag has several, and a search for one finds what another names."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from blog.models import Tag
from blog.queries.tags import called
from blog.search.query import Term
from blog.text.japanese import normalise_for_search


def names_of(terms: Iterable[Term]) -> Mapping[str, Sequence[str]]:
    """Maps the text of each term that names a tag to the tag's other names. Phrases are taken as they are written."""
    texts = {term.text for term in terms if not term.is_phrase}
    if not texts:
        return {}
    named = called(texts) | Q(spellings__key__in=texts)
    found: dict[str, dict[str, str]] = {}
    for tag in Tag.objects.filter(named).distinct().order_by("pk").prefetch_related("spellings"):
        names = {normalise_for_search(name): name for name in (tag.name, *tag.other_spellings)}
        for text in texts & names.keys():
            found.setdefault(text, {}).update(names)
    others = {text: [name for key, name in names.items() if key != text] for text, names in found.items()}
    return {text: names for text, names in others.items() if names}
