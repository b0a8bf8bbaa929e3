"""The answer to a save by a user who may no longer save the article: it stores nothing and shows the typed text."""

from typing import NamedTuple

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from blog.editing import permissions
from blog.editing.fields import TEXTS, label
from blog.models import Post

GONE = "この記事は、編集しているあいだに削除されたか、あなたの担当でなくなりました。"
TAKEN = {
    Post.State.IN_REVIEW: "この記事は、編集しているあいだに確認に出されました。",
    Post.State.SCHEDULED: "この記事は、編集しているあいだに公開の予約が入りました。",
    Post.State.PUBLISHED: "この記事は、編集しているあいだに公開されました。",
}
NOT_ALLOWED = "この操作を行う権限がありません。"
RECALL = "「提出を取り消す」で下書きに戻すと、また編集できます。"
ASK = "直したいところを編集者に伝えてください。"
WRITE_ANEW = "必要なら、新しい記事に貼り付けてください。"


class Typed(NamedTuple):
    """One field of the form as it was sent."""

    name: str
    label: str
    text: str


def refuse_save(request: HttpRequest, admin: ModelAdmin, post: Post | None) -> HttpResponse:
    """Shows the typed text, why nothing was saved and what to do. `post` is None if the user cannot see the article."""
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": "保存できませんでした",
        "post": post,
        "why": why(request.user, post),
        "advice": advice(request.user, post),
        "typed": typed(request, post),
    }
    return TemplateResponse(request, "desk/refused_save.html", context, status=403 if post else 404)


def why(user: permissions.User, post: Post | None) -> str:
    if post is None:
        return GONE
    return NOT_ALLOWED if permissions.may_edit(user, post) else TAKEN.get(post.state, NOT_ALLOWED)


def advice(user: permissions.User, post: Post | None) -> str:
    if post is None:
        return WRITE_ANEW
    return RECALL if post.state is Post.State.IN_REVIEW and permissions.is_own(user, post) else ASK


def typed(request: HttpRequest, post: Post | None) -> list[Typed]:
    """The texts of the form that differ from the stored post, or without a `post` those that are not empty."""
    names = {**{name: label(name) for name in TEXTS}, "tag_names": label("tags")}
    stored = {name: getattr(post, name) for name in TEXTS} if post else {}
    sent = [Typed(name, named, request.POST.get(name, "")) for name, named in names.items()]
    return [field for field in sent if lines_of(field.text) not in ([], lines_of(stored.get(field.name, "")))]


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends, which a browser changes."""
    return text.strip().splitlines()
