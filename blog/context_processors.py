"""The template variables of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from blog.queries.menus import menus


def site(request: HttpRequest) -> dict[str, Any]:
    """Adds the site's name and its menus; the menus cost no query where no template shows them, as in the admin."""
    return {
        "site_name": settings.SITE_NAME,
        "site_description": settings.SITE_DESCRIPTION,
        "operator_name": settings.OPERATOR_NAME,
        "error_report_url": settings.ERROR_REPORT_URL,
        "menus": SimpleLazyObject(menus),
    }
