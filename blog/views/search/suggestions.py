"""Tags for what somebody is typing into the search field."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.queries.tags import public_tags, suggest_tags
from blog.search.query import MAX_CHARS
from blog.text.japanese import tag_name
from blog.views.search.form import check_query

MOST = 8
TEN_MINUTES = 600


@csrf_exempt
@require_safe
@cache_control(public=True, max_age=TEN_MINUTES)
def suggestions(request: HttpRequest) -> JsonResponse:
    """The text and its completions, in the form of OpenSearch: ["投", ["投資", "投資信託"]].

    These are tags of public articles for the whole text, or if there are none, for its last word.
    """
    check_query(request)
    text = tag_name(request.GET.get("q", "")[:MAX_CHARS])
    before, space, last = text.rpartition(" ")
    offered = _tags(text) or ([f"{before} {name}" for name in _tags(last)] if space else [])
    return JsonResponse([text, offered], safe=False, json_dumps_params={"ensure_ascii": False})


def _tags(text: str) -> list[str]:
    if not text:
        return []
    return list(suggest_tags(text, among=public_tags()).values_list("name", flat=True)[:MOST])
