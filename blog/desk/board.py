"""The newsroom's board: what a user typed and did not save, what waits for the user, and what came out last."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from blog.editing import permissions
from blog.editing.notes import notes_for
from blog.models import Author, Autosave, Category, Post, PostNote
from blog.models.post.queryset import PostQuerySet

SHOWN = 6
MOST_KEPT = 100  # that `?kept=all` lists
MOST_NOTES = 20
BODIES = ("body", "body_html", "toc")
LONG = [f"{kind}__{name}" for kind in ("post", "page") for name in BODIES]
NO_BYLINE = "あなたのアカウントには、まだ署名がありません。記事を書く前に、管理者に署名をつないでもらってください。"

State = Post.State


class BoardGroup(NamedTuple):
    """Some articles of the board. `number` is how many there are, in words; "" for none."""

    key: str
    name: str
    posts: list[Post]
    number: str
    url: str  # of the whole list
    nothing: str
    """The text that is shown if there are none."""


class Kept(NamedTuple):
    """An autosave that was not saved, with the address of the form in which it can be restored."""

    autosave: Autosave
    url: str
    about: str


class FirstStep(NamedTuple):
    name: str
    url: str
    is_done: bool


def board_of(request: HttpRequest) -> dict[str, Any]:
    """What the start page shows besides the calendar. The number of queries does not grow with the number of rows."""
    user = request.user
    author = permissions.author_of(user)
    kept, number = kept_of(user, MOST_KEPT if request.GET.get("kept") == "all" else SHOWN)
    may_write = permissions.may_write(user) and user.has_perm("blog.add_post")
    groups = list(_groups(user, author))
    notes = _notes(user)
    return {
        "kept": kept,
        "kept_number": number,
        "has_more_kept": number > len(kept),
        "groups": groups,
        "may_release": permissions.may_publish(user),
        "notes": notes[:MOST_NOTES],
        "has_more_notes": len(notes) > MOST_NOTES,
        "may_write": may_write and (author is not None or permissions.may_publish(user)),
        "no_byline": NO_BYLINE if may_write and author is None and not permissions.may_publish(user) else "",
        "first_steps": [] if any(group.posts for group in groups) else first_steps(user),
    }


def _groups(user: permissions.User, author: Author | None) -> Iterable[BoardGroup]:
    posts = permissions.visible_posts(user).select_related("category", "author").defer(*BODIES)
    mine = posts.filter(author=author) if author else posts.none()
    told = posts.filter(permissions.readable_history(user))
    is_editor = permissions.may_publish(user)
    drafts = mine.in_state(State.DRAFT).filter(return_reason="").order_by("-pk")
    query = f"state={State.DRAFT}&own=1&mark=not_returned"
    yield _group("drafts", "自分の下書き", drafts, query, "書きかけの記事はありません。")
    returned = told.returned().order_by("-pk")
    yield _group("returned", "差し戻し", returned, "mark=returned", "差し戻された記事はありません。")
    review = (posts if is_editor else mine).in_state(State.IN_REVIEW).order_by("pk")
    name = "確認待ち" if is_editor else "確認に出した記事"
    nothing = "確認を待つ記事はありません。" if is_editor else "確認に出した記事はありません。"
    yield _group("review", name, review, f"state={State.IN_REVIEW}{'' if is_editor else '&own=1'}", nothing)
    waiting = (
        told.waiting().select_related("pending_revision__user", "planned_release").defer("pending_revision__snapshot")
    )
    nothing = "公開前の変更はありません。"
    changes = _group("waiting", "公開前の変更", waiting.order_by("-pk"), "mark=changes", nothing)
    if is_editor or changes.posts:  # a writer seldom has one
        yield changes
    published = posts.in_state(State.PUBLISHED).order_by("-published_at", "-pk")
    yield _group("published", "最近の公開", published, f"state={State.PUBLISHED}", "公開した記事はまだありません。")


def _notes(user: permissions.User) -> list[PostNote]:
    """The newest open notes to the user, and one more if there are more than are shown."""
    return list(notes_for(user).defer("post__body", "post__body_html").order_by("-pk")[: MOST_NOTES + 1])


def _group(key: str, name: str, posts: PostQuerySet, query: str, nothing: str) -> BoardGroup:
    """Counts the articles only if more exist than are shown."""
    shown = list(posts[: SHOWN + 1])
    number = len(shown) if len(shown) <= SHOWN else posts.order_by().count()
    url = f"{reverse('admin:blog_post_changelist')}?{query}"
    return BoardGroup(key, name, shown[:SHOWN], f"{number:,}件" if number else "", url, nothing)


# --- what was typed and not saved ---


def kept_of(user: permissions.User, most: int) -> tuple[list[Kept], int]:
    """The newest autosaves of the user that wait, and the number of all of them."""
    found = Autosave.objects.waiting().filter(editor=user.pk)
    rows = list(found.select_related("post__author", "post__planned_release", "page").defer(*LONG)[: most + 1])
    number = len(rows) if len(rows) <= most else found.count()
    return [_kept(user, row) for row in rows[:most]], number


def _kept(user: permissions.User, autosave: Autosave) -> Kept:
    """An article that the user may no longer edit is not named: its autosave is offered in the form of a new one."""
    item = autosave.post or autosave.page
    kind = autosave.form  # of a deleted article or page, too
    if item is None or not permissions.may_work_on(user, item):
        autosave.post = autosave.page = None  # so that the number of its saves is hidden too
        return Kept(autosave, reverse(f"admin:blog_{kind}_add"), f"新しい{autosave.get_form_display()}")
    url = reverse(f"admin:blog_{kind}_change", args=[item.pk])
    return Kept(autosave, url, f"「{item}」を編集中" if autosave.title != str(item) else "編集中")


# --- a new site ---


def first_steps(user: permissions.User) -> list[FirstStep]:
    """What to do before the first article; no steps for a user who may not do all of them."""
    if not permissions.may_publish(user):
        return []
    steps = (
        ("著者（署名）を登録する", "admin:blog_author_add", Author.objects.exists()),
        ("セクションを作る", "admin:blog_category_add", Category.objects.exists()),
        ("最初の記事を書く", "admin:blog_post_add", False),
    )
    return [FirstStep(name, reverse(url), is_done) for name, url, is_done in steps]
