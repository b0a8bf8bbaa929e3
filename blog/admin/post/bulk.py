"""One change of section, author or tags for several articles, from the list: the desk names them, then saves each."""

from collections.abc import Callable, Iterable
from copy import copy
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from blog.admin.base import AT_ONCE
from blog.admin.fields import TagsField, TagsWidget
from blog.database import retry_on_conflict
from blog.editing import permissions
from blog.editing.blocking import clear_for_readers, goes_to_readers
from blog.editing.saving import lock_for_update, save_post
from blog.models import Author, Category, Post
from blog.text.japanese import MAX_TAGS

NAME, LABEL = "set_fields", "セクション・著者・タグを変える"
NOT_YOURS = "編集する権限がない"
HAS_CHANGES = "公開前の変更を、まだ反映も破棄もしていない"
UNCHANGED: dict[str, Any] = {"required": False, "empty_label": "変えない"}
UNDONE = "変える前の版は、各記事の履歴にあります。"
NOTHING = "変えるものを1つ以上選んでください。"
GONE = "選んだセクションか著者が、もうありません。"

Saved = TypeVar("Saved")


class BulkForm(forms.Form):
    """What changes in every chosen article. An empty field changes nothing."""

    category = forms.ModelChoiceField(Category.objects.all(), label="セクション", **UNCHANGED)
    author = forms.ModelChoiceField(Author.objects.all(), label="著者", **UNCHANGED)
    added = TagsField(label="足すタグ", required=False, widget=TagsWidget(), help_text="「、」で区切ります。")
    removed = TagsField(label="外すタグ", required=False, widget=TagsWidget(), help_text="「、」で区切ります。")

    def __init__(self, user: permissions.User, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        if not permissions.may_publish(user):
            del self.fields["author"]  # a writer's article bears the writer's byline

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(NOTHING)
        if both := [name for name in cleaned.get("added") or () if name in (cleaned.get("removed") or ())]:
            raise ValidationError(f"足すタグと外すタグの両方にあります：{'、'.join(both)}")
        return cleaned

    @property
    def words(self) -> str:
        """What the change does, for the log of acts."""
        values = {
            name: "、".join(value) if isinstance(value, list) else value for name, value in self.cleaned_data.items()
        }
        return "、".join(f"{self.fields[name].label}：{value}" for name, value in values.items() if value)


def hindrance(user: permissions.User, post: Post) -> str:
    """Why the post cannot be changed with others; "" if it can."""
    if not permissions.may_edit(user, post):
        return NOT_YOURS
    # The pending version has fields of its own, and would bring the old ones back.
    return HAS_CHANGES if post.pending_revision_id else ""


def change_many(admin: Any, request: HttpRequest, queryset: QuerySet[Post]) -> HttpResponse | None:
    """Shows the posts and asks what to change. Once that is answered, saves each of them."""
    posts = list(queryset[:AT_ONCE])
    ready = [post for post in posts if not hindrance(request.user, post)]
    if not ready:
        messages.error(request, "選んだ記事のなかに、変えられるものはありません。")
        return None
    is_confirmed = "confirmed" in request.POST
    form = BulkForm(request.user, request.POST if is_confirmed else None)
    if is_confirmed and form.is_valid():
        _change_each(admin, request, ready, form)
        return None
    return admin.render(
        request,
        "admin/blog/post/bulk_change.html",
        title=f"{LABEL}：記事{len(ready)}件",
        media=admin.media + form.media,
        form=form,
        action=NAME,
        verb="変える",
        rows=ready,
        others=[(post, why) for post in posts if (why := hindrance(request.user, post))],
    )


def _change_each(admin: Any, request: HttpRequest, posts: list[Post], form: BulkForm) -> None:
    changed = save_each(request, posts, partial(_change, admin, request, form), GONE)
    if done := sum(changed):
        messages.success(request, f"{done}件の記事を変えました（{form.words}）。{UNDONE}")
    if same := len(changed) - done:
        messages.info(request, f"{same}件は、もともとそのとおりでした。")


def save_each(request: HttpRequest, posts: Iterable[Post], save: Callable[[int], Saved], clash: str) -> list[Saved]:
    """What `save` returns for the key of each post, without those that it refuses; messages name them.

    Each has a transaction of its own, so that one does not stop the others. `clash` says why the database may refuse.
    """
    done = []
    for post in posts:
        try:
            done.append(retry_on_conflict(transaction.atomic(save))(post.pk))
        except Post.DoesNotExist:
            messages.error(request, f"「{post}」は、もうありません。")
        except ValidationError as error:
            messages.error(request, f"「{post}」：{' '.join(error.messages)}")
        except IntegrityError:
            messages.error(request, f"「{post}」：{clash}")
    return done


def _change(admin: Any, request: HttpRequest, form: BulkForm, pk: int) -> bool:
    """Saves the post as its own form would. Returns False if that changes nothing."""
    post = lock_for_update(pk)
    stored = copy(post)
    if why := hindrance(request.user, post):
        raise ValidationError(f"{why}ため、変えていません。")
    chosen, names = form.cleaned_data, [tag.name for tag in post.tag_list]
    tags = [name for name in dict.fromkeys([*names, *chosen["added"]]) if name not in chosen["removed"]]
    if len(tags) > MAX_TAGS:
        raise ValidationError(f"タグは{MAX_TAGS}個までです。")
    before = (post.category_id, post.author_id, names)
    post.category, post.author = chosen["category"] or post.category, chosen.get("author") or post.author
    if before == (post.category_id, post.author_id, tags):
        return False
    if goes_to_readers(post):
        clear_for_readers(post, stored, by=request.user)
    save_post(post, by=request.user, tags=tags)
    admin.log_change(request, post, f"{form.words}。")
    return True
