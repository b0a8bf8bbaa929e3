"""One search over all kinds of rows at the desk. Each kind is searched as its own list is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

if TYPE_CHECKING:
    from blog.desk import DeskSite

URL_NAME = "search"
# In the order in which they are shown.
SEARCHED = (
    *("blog.Post", "blog.Page", "blog.Image", "blog.Tag", "blog.Author", "blog.Category", "blog.Permalink"),
    *("blog.HouseWord", "auth.User"),
)
SHOWN = {"blog.Post": 10}
SHOWN_ELSE = 5


class FoundRows(NamedTuple):
    name: str
    rows: list[tuple[Any, str, str]]
    """(row, address of its form, what tells it apart) of each."""
    has_more: bool
    url: str
    """The list with all that was found."""


def searched(site: "DeskSite", request: HttpRequest) -> Iterator[tuple[str, ModelAdmin[Any]]]:
    """The admins whose rows the user may search."""
    for label in SEARCHED:
        model = apps.get_model(label)
        admin = site.get_model_admin(model) if site.is_registered(model) else None
        if admin and admin.has_view_or_change_permission(request):
            yield label, admin


def find_everywhere(site: "DeskSite", request: HttpRequest) -> dict[str, Any]:
    words = request.GET.get("q", "").replace("\0", "").strip()
    if not words:
        return {"q": "", "found": []}
    found = [_found(label, admin, request, words) for label, admin in searched(site, request)]
    return {"q": words, "found": [group for group in found if group.rows]}


def _found(label: str, admin: ModelAdmin[Any], request: HttpRequest, words: str) -> FoundRows:
    most = SHOWN.get(label, SHOWN_ELSE)
    rows, may_repeat = admin.get_search_results(request, admin.get_queryset(request), words)
    found = list((rows.distinct() if may_repeat else rows)[: most + 1])
    meta = admin.opts
    name = f"admin:{meta.app_label}_{meta.model_name}"
    shown = [(row, reverse(f"{name}_change", args=[row.pk]), _about(row)) for row in found[:most]]
    url = f"{reverse(f'{name}_changelist')}?{urlencode({'q': words})}"
    return FoundRows(str(meta.verbose_name_plural), shown, len(found) > most, url)


def _about(row: Model) -> str:
    """What tells apart rows of the same name: of an article its state, section and author."""
    match row._meta.label:
        case "blog.Post":
            return f"{row.state.label}・{row.category.name}・{row.author.name}"  # type: ignore[attr-defined]
        case "blog.Page":
            return str(row.path)  # type: ignore[attr-defined]
    return ""
