"""The search for articles at the desk, in the list and in choosers. Both ask the search index."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest

from blog.admin.base import COUNTED
from blog.desk.search import URL_NAME as SEARCH
from blog.models import Permalink
from blog.models.permalink import clean_path
from blog.search.conditions import TooSlow
from blog.search.finding import find
from blog.search.query import parse

CHOICES = 100
TOO_SLOW = "検索に時間がかかりすぎたため、途中でやめました。言葉を増やすか、もっと長い言葉でお試しください。"


class SearchedPostsMixin:
    """Searches titles, texts and tags of all articles, drafts too, and finds the article at an address of this site.

    The queryset that is searched limits what the user sees.
    """

    search_fields = ("title",)  # Django shows a search field if there are any; none of them is searched

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if not search_term.strip():
            return queryset, False
        asked = request.resolver_match.url_name if request.resolver_match else None
        is_choice, is_best_first = asked == "autocomplete", asked in ("autocomplete", SEARCH)
        try:
            found = keys_found(search_term, CHOICES if is_best_first else COUNTED + 1, among=queryset)
        except TooSlow:
            if not is_choice:
                self.message_user(request, TOO_SLOW, messages.WARNING)
            return queryset.none(), False
        posts = queryset.filter(pk__in=found)
        return (posts.order_by(best_first(found)) if is_best_first and found else posts), False


def keys_found(text: str, most: int, among: QuerySet) -> Sequence[int]:
    """The keys of the `most` best of the articles found that are `among` these posts, best first."""
    if keys := keys_at(text):
        return keys
    found = find(parse(text), drafts=True, most=most)
    if found.is_exact or among.filter(pk__in=found.keys).count() == found.total:
        return found.keys
    # `among` lacks some of the best, and others take their places.
    return find(parse(text), drafts=True, among=among, most=most).keys


def keys_at(text: str) -> list[int]:
    """The key of the article that has, or once had, this address or path."""
    path = text.strip().removeprefix(settings.SITE_URL)
    if not path.startswith("/") or not path.isprintable():
        return []
    return list(Permalink.objects.filter(path=clean_path(path), post__isnull=False).values_list("post", flat=True))


def best_first(keys: Sequence[int]) -> Case:
    return Case(*(When(pk=key, then=Value(place)) for place, key in enumerate(keys)))
