"""Sends errors to Sentry if SENTRY_DSN is set, without bodies, cookies, variables and secrets."""

from typing import Any

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.django import DjangoIntegration

from blog.operations.logs import without_secrets

KEPT_HEADERS = {"Accept", "Content-Type", "Host", "User-Agent"}


def begin() -> None:
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        integrations=[DjangoIntegration()],
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        traces_sample_rate=0,
        before_send=cleaned,  # type: ignore[arg-type]
        before_breadcrumb=lambda crumb, hint: scrub(crumb),
    )


def cleaned(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """The event as it is sent: of the request only the address without a query, and headers that identify nobody."""
    if request := event.get("request"):
        headers = {name: value for name, value in request.get("headers", {}).items() if name in KEPT_HEADERS}
        event["request"] = {"method": request.get("method"), "url": request.get("url"), "headers": headers}
    event.pop("user", None)
    return scrub(event)  # type: ignore[no-any-return]


def scrub(value: Any) -> Any:
    """The value with secrets removed from all texts in it."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {name: scrub(part) for name, part in value.items()}
    return [scrub(part) for part in value] if isinstance(value, list | tuple) else value
