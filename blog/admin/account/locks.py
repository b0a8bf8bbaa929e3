"""Locks out clients that fail to log in too often. django-axes counts; this adds a limit for each address."""

import re
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from blog.editing.log import log_act

LONGEST_NAME = 255  # that axes stores
_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")  # as some proxies write an address
LOCKED_OUT = (
    "ユーザー名かパスワードの間違いが続いたため、ログインを止めています。"
    "{minutes}分ほど待ってから、もう一度お試しください。"
)


def counted_address(request: HttpRequest) -> str | None:
    """The address under which django-axes counts a client, as the outermost trusted proxy saw it; None for none.

    In IPv6 it is the first of a /64 network, which one customer has.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        # Each proxy appends the address of its client. Addresses further to the left may be forged.
        hops = request.headers.get("X-Forwarded-For", "").split(",")[-settings.TRUSTED_PROXIES :]
        address = str(hops[0]).strip() or address
    if with_port := _WITH_PORT.fullmatch(address):
        address = with_port[1] or with_port[2]
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(ip_network((found, 64), strict=False).network_address)
    return str(found.ipv4_mapped if isinstance(found, IPv6Address) else found)


class DeskLocks(AxesDatabaseHandler):
    """Locks one user at one address, as axes does, and the whole address if it fails for many users."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        since = request.axes_attempt_time - get_cool_off(request)
        recent = AccessAttempt.objects.filter(ip_address=request.axes_ip_address, attempt_time__gte=since)
        failures = recent.aggregate(number=Sum("failures_since_start"))["number"] or 0
        return failures >= settings.FAILURES_PER_ADDRESS

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Logs failed logins and the one that locks. Tries during a lock are not logged: they would fill the log."""
        was_locked = request is None or request.axes_locked_out
        super().user_login_failed(sender, credentials, request, **kwargs)
        if not was_locked:
            _log_failure(request, credentials)


def _log_failure(request: HttpRequest, credentials: dict[str, Any]) -> None:
    """Logs a failure at the account. An unknown name is not logged, because people type a password in its place."""
    user = User.objects.filter(username=credentials.get("username") or "").first()
    if user:
        what = "ログインの停止" if request.axes_locked_out else "ログインの失敗"
        log_act(user, user, f"{what}（{request.axes_ip_address}）")


def now(**about: Any) -> QuerySet[AccessAttempt]:
    """The attempts that lock a user out at some address now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    limit = settings.AXES_FAILURE_LIMIT
    return AccessAttempt.objects.filter(attempt_time__gte=since, failures_since_start__gte=limit, **about)


def username_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name that a login was tried with, cut to what axes can store."""
    name = (credentials or request.POST).get("username") or ""
    return name[:LONGEST_NAME]


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    wait = get_cool_off(request)
    reason = LOCKED_OUT.format(minutes=wait.seconds // 60)
    page = render_to_string("too_many_requests.html", {"site_name": settings.SITE_NAME, "reason": reason})
    headers = {"Retry-After": str(wait.seconds), "Cache-Control": "no-store"}
    return HttpResponse(page, status=settings.AXES_HTTP_RESPONSE_CODE, headers=headers)
