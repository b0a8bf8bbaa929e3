"""The views that the scripts of the desk call, and their permissions.

markdownx brings two views of its own. They are open to everybody, so they have no URL here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from blog.admin.fields import number_in
from blog.admin.post.search import TOO_SLOW, best_first, keys_found
from blog.editing import permissions
from blog.models import Page, Post
from blog.models.post import rendering
from blog.queries import tags
from blog.search.engine import TooSlow
from blog.text.japanese import tag_name

SEARCHED_CHARS, FOUND_ARTICLES, FOUND_TAGS = 100, 10, 8
NOT_YET_PUBLIC = "公開前"

OTHERS_PAGE = "このページを開いたあとに、別の人がログインしました。続けるには、元の人でログインし直してください。"


class Refused(Exception):
    """The request is refused. The message is a Japanese sentence for the editor."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status = message, status
        self.details: dict[str, Any] = {}


def for_writers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers only staff who may write an article or a page. Refuses others in JSON instead of by a login page.

    Also refuses a page that was opened by another user: its script sends the key of that user.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if not request.user.is_authenticated:
                raise Refused("ログインの期限が切れています。別のタブでログインし直してください。", 403)
            if not permissions.may_write(request.user):
                raise Refused("記事を書く権限がありません。", 403)
            if request.headers.get("X-Desk-User", str(request.user.pk)) != str(request.user.pk):
                raise Refused(OTHERS_PAGE, 403)
            return view(request, **kwargs)
        except Refused as refused:
            return JsonResponse({"error": refused.message, **refused.details}, status=refused.status)

    return guarded


def stored(model: type[Model], pk: str) -> Model | None:
    """The row with the key that a script sent, or None. The text may be anything."""
    return model.objects.filter(pk=number_in(pk)).first()


def edited_post(user: AbstractBaseUser, pk: str) -> Post | None:
    """The stored post of a form; None for a post that was never saved. Raises Refused."""
    if not pk:
        if not user.has_perm("blog.add_post"):
            raise Refused("記事を書く権限がありません。", 403)
        return None
    post = stored(Post, pk)
    if post is None or not permissions.may_view(user, post):
        raise Refused("記事が見つかりません。削除されたか、あなたの担当でなくなりました。", 404)
    if not permissions.may_work_on(user, post):
        raise Refused("この記事を編集する権限がありません。", 403)
    return post


def edited_page(user: AbstractBaseUser, pk: str) -> Page | None:
    """Does what `edited_post` does, for a static page."""
    if not user.has_perm("blog.change_page" if pk else "blog.add_page"):
        raise Refused("固定ページを書く権限がありません。", 403)
    page = stored(Page, pk) if pk else None
    if pk and page is None:
        raise Refused("固定ページが見つかりません。削除されたようです。", 404)
    return page


@require_POST
@for_writers
def markdownify(request: HttpRequest) -> HttpResponse:
    """The HTML of the public page for the Markdown in `content`."""
    content = request.POST.get("content")
    if content is None:
        raise Refused("プレビューする本文がありません。")
    try:
        return HttpResponse(rendering.markdownify(content))
    except ValidationError as error:
        raise Refused(error.messages[0]) from error


@require_GET
@for_writers
def search_articles(request: HttpRequest) -> JsonResponse:
    """The articles that a search for `q` finds, best first, with the address for a link in a body.

    Scheduled ones are among them, as far as the user may see them; `note` says so. A draft has no address yet. Without
    words they are the newest public ones.
    """
    text = request.GET.get("q", "").strip()
    public, scheduled = Post.objects.published(), permissions.visible_posts(request.user).scheduled()
    posts = public.newest_first()
    if text:
        linkable = public | scheduled
        try:
            keys = keys_found(text, FOUND_ARTICLES, among=linkable)
        except TooSlow as error:
            raise Refused(TOO_SLOW, 503) from error
        posts = linkable.filter(pk__in=keys).order_by(best_first(keys)) if keys else posts.none()
    shown = posts.only("title", "slug", "url_date", "published_at", "status")[:FOUND_ARTICLES]
    return JsonResponse({"articles": [_linkable(post) for post in shown]})


def _linkable(post: Post) -> dict[str, str]:
    note = "" if post.is_public else NOT_YET_PUBLIC
    return {"title": post.title, "url": post.path, "date": date_format(localtime(post.published_at)), "note": note}


@require_GET
@for_writers
def suggest_tags(request: HttpRequest) -> JsonResponse:
    """The names of the tags that contain `q`, whether one of them is just that, and if not, which one is nearest.

    All of them are tags that the user may see.
    """
    text = tag_name(request.GET.get("q", "")[:SEARCHED_CHARS])
    if not text:
        return JsonResponse({"tags": [], "is_known": True, "nearest": ""})
    among = permissions.visible_tags(request.user)
    names = tags.suggest_tags(text, among=among).values_list("name", flat=True)[:FOUND_TAGS]
    is_known = bool(tags.find_tags([text], among))
    nearest = "" if is_known else tags.nearest_tag(text, among)
    return JsonResponse({"tags": list(names), "is_known": is_known, "nearest": nearest})
