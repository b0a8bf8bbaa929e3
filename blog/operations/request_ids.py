"""An id for each request, by which its lines in the logs of proxy and site are found."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from blog.operations.logs import request_id

_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")


class RequestIdMiddleware:
    """Takes the X-Request-ID of a trusted proxy, or makes one, and sends it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        # It stays until the thread's next request: Django logs an answer of 4xx after the last middleware.
        request_id.set(given if _GIVEN.fullmatch(given) else uuid.uuid4().hex)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id.get()
        return response
