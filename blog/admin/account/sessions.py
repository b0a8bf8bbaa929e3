"""Ends logins after a time, and lets nobody use the desk without the second factor."""

from collections.abc import Callable
from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from blog.admin.account import second_factor
from blog.editing.log import log_act

RENEWED_AFTER = 300  # seconds in which a session is neither written nor asked again for the user's devices
# The views that are open to users who have not given the second factor yet.
OPEN_VIEWS = {"admin:login", "admin:logout", "admin:jsi18n", "second_factor"}
SET_UP = "second_factor_setup"
CODE_WANTED = "二段階認証が済んでいません。別のタブで認証コードを入力してください。"


@receiver(user_logged_in)
def begin(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session["began"] = _now()
    _renew(request, user)
    log_act(user, user, f"ログイン（{get_client_ip_address(request)}）")


@receiver(user_logged_out)
def end(user: User | None, **kwargs: Any) -> None:
    log_act(user, user, "ログアウト")


def _renew(request: HttpRequest, user: User) -> None:
    """Restarts the idle time: the session is written, and its cookie sent again."""
    request.session["seen"] = _now()
    request.session["has_second_factor"] = second_factor.is_set_up(user)


def _now() -> int:
    return int(timezone.now().timestamp())


class DeskSessionMiddleware:
    """Guards the desk. Public pages read no session, so caches may keep them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.desk = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        if not request.path_info.startswith(self.desk) or not request.user.is_authenticated:
            return None
        if _now() - request.session.get("began", 0) > settings.SESSION_LONGEST:
            logout(request)  # the view then redirects to the login, or tells the script
            return None
        if _now() - request.session.get("seen", 0) > RENEWED_AFTER:
            _renew(request, request.user)
        return self._ask_for_code(request)

    def _ask_for_code(self, request: HttpRequest) -> HttpResponse | None:
        view = request.resolver_match.view_name
        if request.user.otp_device or view in OPEN_VIEWS:
            return None
        if view == SET_UP:  # the stored answer may be minutes old, and the password alone must not open this
            request.session["has_second_factor"] = second_factor.is_set_up(request.user)
        if request.session["has_second_factor"]:
            name = "second_factor"
        elif settings.TWO_FACTOR_REQUIRED:
            name = SET_UP
        else:
            return None
        if view == name:
            return None
        if not request.accepts("text/html"):
            return JsonResponse({"error": CODE_WANTED}, status=403)
        return redirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
