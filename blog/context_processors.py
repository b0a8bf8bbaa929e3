"""What every page of the site knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from blog.queries.menus import menus


def site(request: HttpRequest) -> dict[str, Any]:
    """Name and menus; the menus are asked for only where a template shows them (the admin does not)."""
    return {
        "site_name": settings.SITE_NAME,
        "site_description": settings.SITE_DESCRIPTION,
        "error_report_url": settings.ERROR_REPORT_URL,
        "menus": SimpleLazyObject(menus),
    }
