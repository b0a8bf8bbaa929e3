"""robots.txt: what crawlers may read, and where the sitemap is. https://www.rfc-editor.org/rfc/rfc9309

A crawler obeys only the group with its name, so the groups of those that are allowed repeat what holds for all.
"""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address

NOT_CRAWLED = ("/admin/", "/preview/", "/search/")


@csrf_exempt
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    groups = [
        _group([*settings.CRAWLERS_ALLOWED, "*"], NOT_CRAWLED),
        *([_group(settings.CRAWLERS_REFUSED, ["/"])] if settings.CRAWLERS_REFUSED else []),
        f"Sitemap: {absolute_url(address('sitemap'))}\n",
    ]
    return HttpResponse("\n".join(groups), content_type="text/plain; charset=utf-8")


def _group(crawlers: Iterable[str], paths: Iterable[str]) -> str:
    rows = [*(f"User-agent: {name}" for name in crawlers), *(f"Disallow: {path}" for path in paths)]
    return "".join(f"{row}\n" for row in rows)
