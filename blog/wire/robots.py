"""robots.txt: what crawlers may read, and where the sitemap is."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address
from blog.delivery.freshness import shows

NOT_CRAWLED = ("/admin/", "/preview/", "/search/")


@csrf_exempt
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_CRAWLED)]
    lines += ["", f"Sitemap: {absolute_url(address('sitemap'))}", ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    shows(response)
    return response
