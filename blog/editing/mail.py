"""Mail between writers and editors. It waits in the queue, so a save stands even if the mail server fails.

Changes that a writer proposes to a live article wait as its pending version, of which it has one for everybody. A
proposal that begins with an editor's pending version contains both changes: otherwise a change that nobody releases
would lock the writer out.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.urls import reverse
from django_tasks import task

from blog.addresses import absolute_url
from blog.editing import permissions
from blog.models import Post, PostNote, PostRevision
from blog.models.history import Revision, display_name
from blog.times import tokyo

Kind = PostRevision.Kind
# Saves that take the pending version off the post without showing readers its content.
DROPPING = (Kind.DISCARDED, Kind.IMPORTED)
# Saves that put what their source holds in the place of everything else.
REPLACING = (Kind.RESTORED, Kind.OVERWRITTEN)


def submitted(post: Post, by: User) -> EmailMessage | None:
    """Goes to everybody who may publish and has an address, except the user who submitted the article."""
    editors = [user.email for user in editors_with_address().exclude(pk=by.pk)]
    lines = (f"{display_name(by)}さんが記事を確認に出しました。", "", *_facts(post), "", "記事を開く：", _desk(post))
    return _mail(editors, "確認のお願い", post, lines)


def returned(post: Post, by: User) -> EmailMessage | None:
    lines = (f"{display_name(by)}さんが記事を差し戻しました。", "", "理由：", post.return_reason)
    return _mail(_writer(post, by), "差し戻し", post, (*lines, "", "記事を開く：", _desk(post)))


def published(post: Post, by: User) -> EmailMessage | None:
    if post.is_scheduled:
        lines = (f"あなたの記事を{tokyo(post.published_at)}（日本時間）に公開します。", "", *_facts(post))
        return _mail(_writer(post, by), "公開の予約", post, lines)
    lines = ("あなたの記事を公開しました。", "", *_facts(post), "", absolute_url(post.get_absolute_url()))
    return _mail(_writer(post, by), "公開", post, lines)


def proposed(post: Post, by: User) -> EmailMessage | None:
    """Goes to everybody who may publish and has an address: one of them decides what becomes of the change."""
    editors = [user.email for user in editors_with_address().exclude(pk=by.pk)]
    url = absolute_url(reverse("admin:blog_post_pending", args=[post.pk]))
    lines = (f"{display_name(by)}さんが、公開中の記事の変更を提案しました。", "", *_facts(post))
    return _mail(editors, "変更の提案", post, (*lines, "", "違いを見て、反映するか破棄する：", url))


def released(post: Post, by: User | None) -> EmailMessage | None:
    url = absolute_url(post.get_absolute_url()) if post.is_public else _desk(post)
    lines = ("あなたが提案した変更を、記事に反映しました。", "", *_facts(post), "", url)
    return _mail(_writer(post, by), "提案の反映", post, lines)


def discarded(post: Post, by: User | None) -> EmailMessage | None:
    who = f"{display_name(by)}さんが、" if by else ""
    lines = (f"{who}あなたの提案した変更を反映せずに破棄しました。書いた内容は、記事の履歴に残っています。",)
    return _mail(_writer(post, by), "提案の見送り", post, (*lines, "", "記事を開く：", _desk(post)))


def noted(post: Post, note: PostNote) -> EmailMessage | None:
    """Goes to the person to whom the note is addressed."""
    url = absolute_url(reverse("admin:blog_post_notes", args=[post.pk]))
    lines = (f"{note.who}さんからのメモです。", "", note.text, "", "返事を書く：", url)
    return _mail([note.to.email] if note.to else [], "メモ", post, lines)


@task()
def send(to: list[str], subject: str, body: str) -> None:
    EmailMessage(subject, body, to=to).send()


def editors_with_address() -> QuerySet[User]:
    return permissions.editors().filter(is_staff=True).exclude(email="").order_by("pk")


def _writer(post: Post, by: User | None) -> list[str]:
    """The address of the article's writer; none if the writer is `by`, who acted. None stands for a machine."""
    user = post.author.user
    return [user.email] if user and user.email and user.is_active and user != by else []


def _facts(post: Post) -> tuple[str, ...]:
    return (post.title, f"セクション：{post.category}", f"著者：{post.author}")


def _desk(post: Post) -> str:
    return absolute_url(reverse("admin:blog_post_change", args=[post.pk]))


def _mail(to: list[str], what: str, post: Post, lines: Iterable[str]) -> EmailMessage | None:
    title = " ".join(post.title.split())  # a line end would begin another header
    subject = f"【{settings.SITE_NAME}】{what}：{title}"
    return EmailMessage(subject, "\n".join(lines) + "\n", to=to) if to else None


def enqueue(notice: EmailMessage | None) -> None:
    if notice:
        send.enqueue(notice.to, str(notice.subject), str(notice.body))


# --- proposals; the callers hold the lock of the post ---


def tell_proposed(post: Post, *, by: User) -> None:
    """Mails the editors, unless the writer continues a proposal that they know of. Call it before the save."""
    before = post.pending_revision
    if permissions.only_proposes(by, post) and (before is None or before.user_id != by.pk):
        enqueue(proposed(post, by))


def tell_end(
    post: Post, kind: PostRevision.Kind | None, *, by: User | None, source: PostRevision | None = None
) -> None:
    """Mails the writer if the pending version that this save ends contains the writer's proposal.

    `kind` and `source` are those of the save. Call it before the revision of the save is added.
    """
    if _is_proposed(post):
        is_dropped = kind in DROPPING or _is_replaced(post, kind, source)
        enqueue((discarded if is_dropped else released)(post, by))


def tell_replaced(post: Post, kind: PostRevision.Kind, *, by: User, source: PostRevision | None) -> None:
    """Mails the writer if the new pending version drops the proposal that it replaces. Call it as `tell_end`."""
    if _is_proposed(post) and _is_replaced(post, kind, source):
        enqueue(discarded(post, by))


def _is_replaced(post: Post, kind: PostRevision.Kind | None, source: PostRevision | None) -> bool:
    """Whether such a save leaves nothing of the proposal. An edit that began with a proposal holds it."""
    if kind not in REPLACING or source is None:
        return False
    return not (_is_late_edit_of(post.author.user_id, source) or _is_proposed(post, source.version))


def _is_late_edit_of(writer: int | None, source: Revision) -> bool:
    return source.kind == Kind.UNMERGED and source.user_id == writer


def _is_proposed(post: Post, version: int | None = None) -> bool:
    """Whether the content at that edit number, or the newest, holds what the writer saved after what readers saw."""
    writer = post.author.user_id
    if writer is None:
        return False
    line = post.revisions.in_line()
    read = line.filter(was_read=True).values_list("number", flat=True).first() or 0
    for revision in line.filter(number__gt=read).select_related("source").defer("snapshot", "source__snapshot"):
        if version is not None and revision.version > version:
            continue
        if revision.user_id == writer:
            return True
        if revision.kind in REPLACING and revision.source:
            if _is_late_edit_of(writer, revision.source):
                return True
            version = revision.source.version  # it holds what its source held or began with, and nothing later
    return False
