"""Uploaded pictures, for an installation without a proxy in front; production hands `/media/` to the proxy."""

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

# What `blog.images` writes, and nothing that a browser would run.
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@csrf_exempt
@require_safe
def serve_media(request: HttpRequest, path: str) -> HttpResponse:
    """One stored picture. Its name is the hash of its bytes, so it may be kept for ever."""
    content_type = CONTENT_TYPES.get(path.rpartition(".")[2])
    if content_type is None or "\\" in path or any(part.startswith(".") for part in path.split("/")):
        raise Http404("not a picture")
    try:
        size, modified = default_storage.size(path), default_storage.get_modified_time(path)
        response = HttpResponse() if request.method == "HEAD" else FileResponse(default_storage.open(path))
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404("no such picture") from error
    response.headers.update(
        {
            "Content-Type": content_type,
            "Content-Length": str(size),
            "Last-Modified": http_date(modified.timestamp()),
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
    )
    return response
