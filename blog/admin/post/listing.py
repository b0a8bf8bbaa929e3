"""The list of articles: its columns, its order, and its search, which asks the search index."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.timezone import localtime

from blog.admin.base import COUNTED, CutPaginator
from blog.admin.parameters import OWN_PARAMETERS
from blog.admin.post import bulk
from blog.admin.post.filters import AuthorFilter, MarkFilter, MonthFilter, OwnFilter, StateFilter, TagFilter
from blog.desk.search import URL_NAME as SEARCH
from blog.editing import permissions
from blog.models import Permalink, Post, PostCount
from blog.models.permalink import clean_path
from blog.queries.counts import listed_number
from blog.search.engine import TooSlow
from blog.search.finding import find
from blog.search.query import parse
from blog.times import first_day, month_of

DATED = (Post.State.SCHEDULED, Post.State.PUBLISHED, Post.State.WITHDRAWN)
FEW = (Post.State.DRAFT, Post.State.IN_REVIEW, Post.State.SCHEDULED, Post.State.WITHDRAWN)


class ListedPostsMixin:
    """The columns, filters, order and actions of the list. Counters tell the number of its rows, where they know it."""

    list_display = ("title", "state", "public_at", "last_saved", "category", "author")
    list_filter = (OwnFilter, StateFilter, MarkFilter, MonthFilter, TagFilter, "category", AuthorFilter)
    list_select_related = ("category", "author")
    # Drafts have no date, and the two databases sort an empty date differently. So the newest row stands first.
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The posts that the user may see, without their long texts, for lists, searches and autocompletion."""
        waiting = Q(pending_revision__isnull=False) & permissions.readable_history(request.user)
        posts = permissions.visible_posts(request.user).for_list().annotate(has_changes=waiting)
        return posts.order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The order that an index serves for the present filter."""
        if request.GET.get(MonthFilter.parameter_name):
            return ("-url_date", "-pk")
        return ("-published_at", "-pk") if request.GET.get(StateFilter.parameter_name) in DATED else self.ordering

    def get_sortable_by(self, request: HttpRequest) -> tuple[str, ...]:
        """The column that an index serves: over all articles, or over those in a state that few are in."""
        chosen = {name for name in self.declared_filters(request) if request.GET.get(name)}
        state = StateFilter.parameter_name
        is_served = not chosen or (chosen == {state} and request.GET[state] in FEW)
        return ("last_saved",) if is_served and not request.GET.get(SEARCH_VAR) else ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) | bulk.actions(request.user)

    @admin.display(description="状態")
    def state(self, post: Post) -> str:
        return f"{post.state.label}（変更あり）" if post.has_changes else post.state.label

    @admin.display(description="公開日時")
    def public_at(self, post: Post) -> str | None:
        return post.published_at and f"{localtime(post.published_at):%Y/%m/%d %H:%M}"

    @admin.display(description="更新日", ordering="-saved_at")  # the newest first
    def last_saved(self, post: Post) -> str:
        return f"{localtime(post.saved_at):%Y/%m/%d}"

    def get_paginator(self, request: HttpRequest, queryset: QuerySet, per_page: int, *args: Any, **kwargs: Any) -> Any:
        if request.GET.get(SEARCH_VAR, "").strip():
            return CutPaginator(queryset, per_page, *args, **kwargs)  # the search itself finds no more
        pages = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        pages.known = partial(known_number, request)
        return pages


def known_number(request: HttpRequest) -> int | None:
    """The number of articles that the user sees with the filters of the list; None where no counter tells it.

    A counter has the published articles of one list or month, also scheduled ones that the user may not see. The other
    articles are few, and an index finds them.
    """
    chosen = {name: value for name in (*COUNTED_BY, "state") if (value := request.GET.get(name))}
    state = chosen.pop("state", "")
    others = request.GET.keys() - COUNTED_BY.keys() - OWN_PARAMETERS - {StateFilter.parameter_name}
    if any(request.GET[name] for name in others) or len(chosen) > 1 or state not in ("", Post.State.PUBLISHED):
        return None
    name, value = next(iter(chosen.items()), ("", "0"))
    try:
        condition, *counter = COUNTED_BY[name](request.user, int(value))
    except ValueError:
        return None  # a value that no filter offers
    listed = listed_number(*counter)
    if state:
        return listed - Post.objects.scheduled().filter(condition).count()
    unlisted = permissions.visible_posts(request.user).unlisted().filter(condition).count()
    return listed + unlisted - permissions.hidden_posts(request.user).scheduled().filter(condition).count()


def _own(user: permissions.User, value: int) -> tuple[Q, PostCount.Kind, int]:
    author = permissions.author_of(user)
    return Q(author=author), PostCount.Kind.AUTHOR, author.pk if author else 0


# By filter: the condition that it sets, and the kind, key and month of the counter.
COUNTED_BY: dict[str, Callable[[permissions.User, int], tuple[Any, ...]]] = {
    "": lambda user, value: (Q(), PostCount.Kind.ALL),
    "own": _own,
    "month": lambda user, value: (Q(url_date__range=month_of(first_day(value))), PostCount.Kind.ARCHIVE, 0, value),
    "category__id__exact": lambda user, value: (Q(category=value), PostCount.Kind.SECTION, value),
    "author__id__exact": lambda user, value: (Q(author=value), PostCount.Kind.AUTHOR, value),
}


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
    return keys_at(text) or find(parse(text), among=among, most=most).keys


def keys_at(text: str) -> list[int]:
    """The key of the article that has, or once had, this address or path."""
    path = text.strip().removeprefix(settings.SITE_URL)
    if not path.startswith("/") or not path.isprintable():
        return []
    return list(Permalink.objects.filter(path=clean_path(path), post__isnull=False).values_list("post", flat=True))


def best_first(keys: Sequence[int]) -> Case:
    return Case(*(When(pk=key, then=Value(place)) for place, key in enumerate(keys)))
