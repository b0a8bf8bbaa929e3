"""The search for articles at the desk, in the list and in choosers. Both ask the search index."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest

from blog.desk.search import URL_NAME
from blog.models import Permalink
from blog.models.permalink import clean_path
from blog.search.engine import TooSlow
from blog.search.finding import find
from blog.search.query import parse

CHOICES, LISTED = 100, 2_000
TOO_SLOW = "検索に時間がかかりすぎたため、途中でやめました。言葉を増やすか、もっと長い言葉でお試しください。"
BEST_ONLY = "よく合うものだけを並べています。絞り込むか、言葉を足して探します。"


def find_posts(request: HttpRequest, queryset: QuerySet, text: str) -> QuerySet:
    """The posts of the queryset, which limits what the user sees, that the words or the address `text` finds.

    For a chooser and for the search over all kinds the best stand first.
    """
    asked = request.resolver_match.url_name if request.resolver_match else None
    is_best_first = asked in ("autocomplete", URL_NAME)
    try:
        found = keys_found(text, CHOICES if is_best_first else LISTED + 1, among=queryset)
    except TooSlow:
        if asked != "autocomplete":
            messages.warning(request, TOO_SLOW)
        return queryset.none()
    if is_best_first:
        return queryset.filter(pk__in=found).order_by(best_first(found)) if found else queryset.none()
    if len(found) > LISTED:
        messages.info(request, BEST_ONLY)
    return queryset.filter(pk__in=found[:LISTED])


def keys_found(text: str, most: int, among: QuerySet) -> Sequence[int]:
    """The keys of the `most` best of the articles found that are `among` these posts, best first."""
    return keys_at(text) or find(parse(text), among=among, most=most).keys


def keys_at(text: str) -> list[int]:
    """The key of the article that has, or once had, this address or path."""
    path = text.strip().removeprefix(settings.SITE_URL)
    if not path.startswith("/") or not path.isprintable():
        return []
    return list(Permalink.objects.filter(path=clean_path(path), post__isnull=False).values_list("post", flat=True))


def best_first(keys: Sequence[int]) -> Case:
    return Case(*(When(pk=key, then=Value(place)) for place, key in enumerate(keys)))
