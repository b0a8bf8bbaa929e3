"""What a supervisor and a load balancer ask. The answers tell strangers nothing but yes and no."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from blog.operations.health import readiness

FRESH = {"Cache-Control": "no-store"}


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answers 200 as long as the process can; it needs no database, whose failure a restart would not cure."""
    return HttpResponse("ok\n", content_type="text/plain", headers=FRESH)


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answers 503 while something is missing that pages need."""
    found = readiness()
    return JsonResponse(found, status=200 if all(found.values()) else 503, headers=FRESH)
