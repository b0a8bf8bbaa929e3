"""The admin site: its start page, which is the newsroom's board, and one search over all kinds of rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.formats import date_format

from blog.database import retry_on_conflict
from blog.desk import board, search
from blog.desk.calendar import calendar_of
from blog.editing.permissions import may_look
from blog.models import QueuedTask
from blog.operations.health import last_backup

SHOWN_ORDER = (
    *("Post", "PostFinding", "FrontPick", "Image", "Tag", "TagGroup", "Category", "Author", "Page"),
    *("HouseWord", "Permalink", "QueuedTask", "LogEntry"),
)
ORDER = {name: place for place, name in enumerate(SHOWN_ORDER)}


class LoginForm(AdminAuthenticationForm):
    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "ユーザー名かパスワードが違います。大文字と小文字は区別します。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class DeskSite(admin.AdminSite):
    site_header = site_title = "ALLFORCES 編集デスク"
    index_title = "編集デスク"
    login_form = LoginForm
    index_template = "admin/start.html"
    empty_value_display = '<span class="nothing">—</span>'  # hidden on phones, where columns have no names

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leaves out Django's redirect from a key to an address, which does not check what the user may see."""
        stock = [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
        return [path("search/", self.admin_view(self.search), name=search.URL_NAME), *stock]

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        return super().admin_view(retry_on_conflict(view), cacheable)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Puts the models that editors open most first, and accounts last. Django would sort by name."""
        apps = sorted(super().get_app_list(request, app_label), key=lambda app: app["app_label"] != "blog")
        for app in apps:
            app["models"].sort(key=lambda model: ORDER.get(model["object_name"], len(ORDER)))
        return apps

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        notes = {"queue": queue_note(request), "backup": backup_note(request)}
        own = {**notes, "may_search": any(search.searched(self, request))}
        if may_look(request.user):
            own |= board.board_of(request) | {"calendar": calendar_of(request.user, request.GET)}
        return super().index(request, own | (extra_context or {}))

    def search(self, request: HttpRequest) -> HttpResponse:
        """The best rows of each kind that the user may see for the words in `q`."""
        found = search.find_everywhere(self, request)
        context = {**self.each_context(request), "title": "検索", "may_search": True, **found}
        return TemplateResponse(request, "admin/search.html", context)


def queue_note(request: HttpRequest) -> str:
    """A sentence for those who may see the queue, if work in it is late or has failed; else ""."""
    if not request.user.has_perm("blog.view_queuedtask"):
        return ""
    if QueuedTask.objects.late().exists():
        return "保存のあとの作業（画像やメール）が1分以上待っています。失われませんが、止まっているようです。"
    if QueuedTask.objects.failed().exists():
        return "保存のあとの作業のなかに、失敗したものがあります。"
    return ""


def backup_note(request: HttpRequest) -> str:
    """When this machine's last backup succeeded, for those who may see the queue; else ""."""
    if not request.user.has_perm("blog.view_queuedtask"):
        return ""
    succeeded_at = last_backup()
    if succeeded_at is None:
        return "バックアップは、このサーバーでまだ一度も成功していません。"
    when = date_format(timezone.localtime(succeeded_at), "n月j日 H:i")
    if timezone.now() - succeeded_at > timedelta(hours=26):
        return f"最後に成功したバックアップは{when}のものです。夜のバックアップが止まっているようです。"
    return f"最後のバックアップ：{when}"
