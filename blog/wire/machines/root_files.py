"""The files that settings put at the root, such as ads.txt; and security.txt."""

from datetime import date, datetime, time
from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address, root_files
from blog.times import machine_time

CONTENT_TYPES = {".html": "text/html", ".json": "application/json", ".txt": "text/plain", ".xml": "application/xml"}
MONTHS_VALID = 6  # of security.txt, which must say when somebody last looked at it; a year is too long


@csrf_exempt
@require_safe
def root_file(request: HttpRequest, name: str) -> HttpResponse:
    content = root_files()[name]  # the route matches no other name
    return HttpResponse(content, content_type=f"{CONTENT_TYPES[PurePosixPath(name).suffix]}; charset=utf-8")


@csrf_exempt
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """https://www.rfc-editor.org/rfc/rfc9116"""
    if not settings.SECURITY_CONTACT:
        raise Http404("nobody to write to")
    today = timezone.localdate()
    rows = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {machine_time(_month_begins(today, MONTHS_VALID))}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}, en",
        f"Canonical: {absolute_url(address('security'))}",
    ]
    return HttpResponse("".join(f"{row}\n" for row in rows), content_type="text/plain; charset=utf-8")


def _month_begins(day: date, months: int) -> datetime:
    """The beginning of the month that is `months` after the month of the day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return timezone.make_aware(datetime.combine(first, time.min))
