"""The admin site: its name, and a start page with the articles that wait for the user."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, reverse

from blog.editing.permissions import may_publish, visible_posts
from blog.models import Post, QueuedTask

SHOWN = 8
SHOWN_ORDER = (
    *("Post", "PostFinding", "FrontPick", "Image", "Tag", "TagGroup", "Category", "Author", "Page"),
    *("HouseWord", "Permalink", "QueuedTask", "AuditEntry"),
)
ORDER = {name: place for place, name in enumerate(SHOWN_ORDER)}


class PostGroup(NamedTuple):
    name: str
    posts: list[Any]
    url: str  # of the whole list


class LoginForm(AdminAuthenticationForm):
    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "ユーザー名かパスワードが違います。大文字と小文字は区別します。",
    }


class DeskSite(admin.AdminSite):
    site_header = site_title = "ALLFORCES 編集デスク"
    index_title = "編集デスク"
    login_form = LoginForm
    index_template = "admin/start.html"
    empty_value_display = "—"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leaves out Django's redirect from a key to an address, which does not check what the user may see."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answers only for fields that a form of the desk autocompletes. Django answers for every relation."""
        asked = tuple(request.GET.get(name, "") for name in ("app_label", "model_name", "field_name"))
        if asked not in self.autocomplete_fields(request):
            raise PermissionDenied
        return super().autocomplete_view(request)

    def autocomplete_fields(self, request: HttpRequest) -> set[tuple[str, str, str]]:
        """(app label, model, field) of each field that a form of the desk autocompletes."""
        admins = [self.get_model_admin(model) for model in apps.get_models() if self.is_registered(model)]
        forms = [(form.opts, form) for form in admins]
        forms += [(inline.opts, inline) for form in admins for inline in form.get_inline_instances(request)]
        return {
            (meta.app_label, meta.model_name, name)
            for meta, form in forms
            for name in form.get_autocomplete_fields(request)
        }

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Puts the models that editors open most first. Django would sort by name."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: ORDER.get(model["object_name"], len(ORDER)))
        return apps

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        own = {"groups": list(post_groups(request)), "queue": queue_note(request)}
        return super().index(request, own | (extra_context or {}))


def queue_note(request: HttpRequest) -> str:
    """A sentence for those who may see the queue, if work in it is late or has failed; else ""."""
    if not request.user.has_perm("blog.view_queuedtask"):
        return ""
    if QueuedTask.objects.late().exists():
        return "保存のあとの作業（画像やメール）が1分以上待っています。失われませんが、止まっているようです。"
    if QueuedTask.objects.failed().exists():
        return "保存のあとの作業のなかに、失敗したものがあります。"
    return ""


def post_groups(request: HttpRequest) -> Iterator[PostGroup]:
    """The user's drafts, and the visible articles that wait for review, are scheduled or were published last."""
    state, posts = Post.State, visible_posts(request.user).for_list()
    mine = posts.filter(author__user=request.user.pk)
    in_review = ("確認待ち", posts) if may_publish(request.user) else ("確認に出した記事", mine)
    for name, found, which, order in (
        ("自分の下書き", mine, state.DRAFT, ("-pk",)),
        (*in_review, state.IN_REVIEW, ("pk",)),
        ("公開予約", posts, state.SCHEDULED, ("published_at", "pk")),
        ("最近の公開", posts, state.PUBLISHED, ("-published_at", "-pk")),
    ):
        url = f"{reverse('admin:blog_post_changelist')}?state={which}{'&own=1' if found is mine else ''}"
        yield PostGroup(name, list(found.in_state(which).order_by(*order)[:SHOWN]), url)
