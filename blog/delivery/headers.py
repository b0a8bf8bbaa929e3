"""Middleware for response headers that Django has no setting for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Our scripts copy links. They share them too, but `web-share` is unknown to some versions of Chromium, which log a
# warning. No page needs any other feature.
USED = ("clipboard-write",)
DENIED = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture"),
    *("encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get"),
    *("idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials"),
    *("payment", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb", "window-management", "xr-spatial-tracking"),
)
PERMISSIONS_POLICY = ", ".join([*(f"{name}=(self)" for name in USED), *(f"{name}=()" for name in DENIED)])
CSP = "Content-Security-Policy"
# What other sites may show: feed readers read feeds in a browser, and link previews show cards.
FEEDS = ("application/rss+xml", "application/xml", "application/atom+xml", "application/feed+json")


class SecurityHeadersMiddleware:
    """Adds the headers to every response, errors included: it must stand outermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if policy := response.headers.get(CSP):
            # django-csp joins its directives in another order in each process, and the ETag covers the headers.
            response.headers[CSP] = "; ".join(sorted(policy.split("; ")))
        response.headers.setdefault("Cross-Origin-Resource-Policy", _readers_of(request, response))
        return response


def _readers_of(request: HttpRequest, response: HttpResponse) -> str:
    """The value of Cross-Origin-Resource-Policy for the answer. Redirects and errors do not count as feeds."""
    is_shared = request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL))
    is_feed = response.headers.get("Content-Type", "").startswith(FEEDS)
    return "cross-origin" if is_shared or is_feed else "same-origin"
