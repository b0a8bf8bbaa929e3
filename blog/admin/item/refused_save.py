"""The answer to a save by a user who may no longer save the item: it stores nothing and shows the typed text."""

from typing import NamedTuple

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from blog.editing import permissions
from blog.editing.fields import PAGE_CONTENT, TEXTS, is_text, label
from blog.models import Page, Post

GONE = "この記事は、編集しているあいだに削除されたか、あなたの担当でなくなりました。"
PAGE_GONE = "この固定ページは、編集しているあいだに削除されました。"
TAKEN = {
    Post.State.IN_REVIEW: "この記事は、編集しているあいだに確認に出されました。",
    Post.State.SCHEDULED: "この記事は、編集しているあいだに公開の予約が入りました。",
    Post.State.PUBLISHED: "この記事は、編集しているあいだに公開されました。",
}
PLANNED = "この記事は、編集しているあいだに、公開前の変更を反映する予約が入りました。"
NOT_ALLOWED = "この操作を行う権限がありません。"
RECALL = "「提出を取り消す」で下書きに戻すと、また編集できます。"
ASK = "直したいところを編集者に伝えてください。"
WRITE_ANEW = "必要なら、新しい{}に貼り付けてください。"


class Typed(NamedTuple):
    """One field of the form as it was sent."""

    name: str
    label: str
    text: str


def refuse_save(
    request: HttpRequest, admin: ModelAdmin, item: Post | Page | None, texts: list[Typed] | None = None
) -> HttpResponse:
    """Shows the typed text, why nothing was saved and what to do. `item` is None if the user cannot see it.

    `texts` is what was typed, if it was not in the form of the item.
    """
    answer = admin.render(
        request,
        "desk/refused_save.html",
        title="保存できませんでした",
        item=item,
        why=why(request.user, item, admin.model),
        advice=advice(request.user, item, admin.model),
        typed=typed(request, item, admin.model) if texts is None else texts,
    )
    answer.status_code = 403 if item else 404
    return answer


def why(user: permissions.User, post: Post | Page | None, of: type[Post | Page]) -> str:
    if post is None:
        return PAGE_GONE if of is Page else GONE
    if isinstance(post, Page):
        return NOT_ALLOWED
    if permissions.may_work_on(user, post):
        return NOT_ALLOWED
    return PLANNED if permissions.awaited_plan(user, post) else TAKEN.get(post.state, NOT_ALLOWED)


def advice(user: permissions.User, post: Post | Page | None, of: type[Post | Page]) -> str:
    if post is None:
        return WRITE_ANEW.format(of._meta.verbose_name)
    if isinstance(post, Page):
        return ASK
    return RECALL if post.state is Post.State.IN_REVIEW and permissions.is_own(user, post) else ASK


def typed(request: HttpRequest, item: Post | Page | None, of: type[Post | Page]) -> list[Typed]:
    """The texts of the form that differ from the stored item, or without an `item` those that are not empty."""
    texts = [name for name in PAGE_CONTENT if is_text(name)] if of is Page else TEXTS
    names = {name: label(name, of) for name in texts} | ({} if of is Page else {"tag_names": label("tags")})
    stored = {name: getattr(item, name) for name in texts} if item else {}
    sent = [Typed(name, named, request.POST.get(name, "")) for name, named in names.items()]
    return [field for field in sent if lines_of(field.text) not in ([], lines_of(stored.get(field.name, "")))]


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends, which a browser changes."""
    return text.strip().splitlines()
