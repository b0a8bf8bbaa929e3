"""The description of our search, by which a browser offers it in its address bar.

https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address

CONTENT_TYPE = "application/opensearchdescription+xml"
LONGEST_SHORT_NAME = 16
DAY = 24 * 3600


@csrf_exempt
@require_safe
@cache_control(public=True, max_age=DAY)
def opensearch(request: HttpRequest) -> HttpResponse:
    described = {
        "name": settings.SITE_NAME[:LONGEST_SHORT_NAME],
        "description": f"{settings.SITE_NAME}の記事を検索します。",
        "icon": absolute_url(static("img/favicon.svg")),
        "itself": absolute_url(address("opensearch")),
        "search": absolute_url(address("search")),
        "suggestions": absolute_url(address("search_suggestions")),
    }
    return render(request, "blog/opensearch.xml", described, content_type=CONTENT_TYPE)
