"""The probes of supervisors and load balancers. The answers tell strangers nothing but yes and no."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from blog.operations.health import last_backup, readiness

FRESH = {"Cache-Control": "no-store"}


class ProbeMiddleware:
    """Answers the probes. They ask by the address of the machine, which is no host of the site, and without HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/metrics" and settings.METRICS_TOKEN:
            from blog.operations.metrics import has_token, metrics  # it begins to count when it is imported

            if has_token(request):  # for others there is no such page
                return metrics(request)
        return PROBES.get(request.path_info, self.get_response)(request)


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answers 200 as long as the process can; it needs no database, whose failure a restart would not cure."""
    return HttpResponse("ok\n", content_type="text/plain", headers=FRESH)


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answers 503 while something is missing that pages need."""
    found = readiness()
    succeeded_at = last_backup()
    answer = found | {"last_backup": succeeded_at.isoformat(timespec="seconds") if succeeded_at else "never"}
    return JsonResponse(answer, status=200 if all(found.values()) else 503, headers=FRESH)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": alive, "/readyz": ready}
