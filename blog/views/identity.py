"""The favicon, and the manifest for a phone's home screen."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

PAPER = "#fbf9f4"
DAY = 24 * 3600


@cache
def _icon() -> bytes:
    return (Path(settings.BASE_DIR) / "static/img/favicon.ico").read_bytes()


@csrf_exempt
@require_safe
@cache_control(public=True, max_age=DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon at the address that browsers and feed readers try by default."""
    return HttpResponse(_icon(), content_type="image/vnd.microsoft.icon")


@csrf_exempt
@require_safe
@cache_control(public=True, max_age=DAY)
def manifest(request: HttpRequest) -> HttpResponse:
    described = {
        "name": f"{settings.SITE_NAME} AIと投資のマガジン",
        "short_name": settings.SITE_NAME,
        "description": settings.SITE_DESCRIPTION,
        "lang": settings.LANGUAGE_CODE,
        "id": reverse("blog:home"),
        "start_url": reverse("blog:home"),
        "scope": reverse("blog:home"),
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            _icon_entry("icon-192", 192),
            _icon_entry("icon-512", 512),
            _icon_entry("icon-maskable-512", 512, purpose="maskable"),
        ],
    }
    response = JsonResponse(described, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = "application/manifest+json"
    return response


def _icon_entry(name: str, pixels: int, *, purpose: str = "any") -> dict[str, str]:
    return {
        "src": static(f"img/{name}.png"),
        "sizes": f"{pixels}x{pixels}",
        "type": "image/png",
        "purpose": purpose,
    }
