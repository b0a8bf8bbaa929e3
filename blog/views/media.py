"""Serves uploaded pictures if there is no proxy in front of the site; in production, the proxy serves `/media/`."""

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import STORED_NAME
from blog.delivery.outages import StoreAway, unavailable
from blog.models.image import CONTENT_TYPES


@csrf_exempt
@require_safe
def serve_media(request: HttpRequest, path: str) -> HttpResponse:
    """Serves one stored picture. Its name is the hash of its bytes, so browsers may keep it for ever."""
    content_type = CONTENT_TYPES.get(PurePosixPath(path).suffix)
    if content_type is None or not STORED_NAME.fullmatch(path):
        raise Http404("not a picture")  # without a request to an object store, which is slow and may refuse odd names
    try:
        with default_storage.open(path) as file:
            response = HttpResponse(file.read(), content_type=content_type)
    except StoreAway:
        return unavailable(request)  # the picture may exist, but the object store is away
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404("no such picture") from error
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Feed readers and share cards show our pictures on their own pages.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
