"""The page that copies a changed alternative text or caption from the library to the texts that show the picture.

Articles and static pages have copies of both, so that a change in the library alters no text unasked.
"""

from itertools import chain
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from blog.admin.base import AT_ONCE
from blog.admin.fields import KEY
from blog.admin.lists.bulk import NOT_YOURS, hindrance
from blog.editing import permissions
from blog.editing.blocking import clear_for_readers, goes_to_readers
from blog.editing.pictures import as_in_library, in_texts, shown_as
from blog.editing.saving import hold, save_post
from blog.editing.versions.static_pages import save_page
from blog.models import Image, Page, Post

DIFFERS = "{}の記事や固定ページの本文は、前の代替テキストかキャプションのままです。"


class Differing(NamedTuple):
    """An article or static page that shows the picture with other texts than the library has."""

    item: Post | Page
    places: list[tuple[str, str]]
    """(present Markdown, new Markdown) of each place."""
    hindrance: str

    @property
    def name(self) -> str:
        """The name of the form field that sends its key."""
        return str(self.item._meta.model_name)


def differing(user: permissions.User, image: Image) -> list[Differing]:
    """The static pages and the newest articles that the user may see: AT_ONCE, and one more if there are more."""
    posts = permissions.visible_posts(user).filter(pk__in=image.uses_in_texts.values("post")).select_related("author")
    wanted = ("title", "body", "status", "published_at", "author__user", "pending_revision")
    newest = posts.only(*wanted).order_by("-pk").iterator(chunk_size=AT_ONCE)
    found = []
    for item in chain(_pages(user).filter(in_texts([image])).only("title", "body"), newest):
        if places := _places(image, item.body):
            found.append(Differing(item, places, _hindrance(user, item)))
        if len(found) > AT_ONCE:
            break
    return found


def _pages(user: permissions.User) -> QuerySet[Page]:
    return Page.objects.all() if permissions.may_view(user, Page()) else Page.objects.none()


def _hindrance(user: permissions.User, item: Post | Page) -> str:
    if isinstance(item, Post):
        return hindrance(user, item)
    return "" if permissions.may_edit(user, item) else NOT_YOURS


def _places(image: Image, body: str) -> list[tuple[str, str]]:
    both = ((code, as_in_library(image, code)) for code in shown_as(image, body))
    return [(now, then) for now, then in both if now != then]


def tell(admin: Any, request: HttpRequest, image: Image) -> None:
    """Warns how many articles and static pages have the former texts, with a link to the page that changes them."""
    if found := differing(request.user, image):
        url = reverse("admin:blog_image_texts", args=[image.pk])
        number = f"{AT_ONCE}件以上" if len(found) > AT_ONCE else f"{len(found)}件"
        link = format_html('{}<a href="{}">確かめて反映する</a>', DIFFERS.format(number), url)
        admin.message_user(request, link, messages.WARNING)


def take_over(request: HttpRequest, admin: Any, object_id: int) -> HttpResponse:
    image = admin.row_to_change(request, object_id)
    if request.method == "POST":
        sent = ((name, key) for name in ("page", "post") for key in request.POST.getlist(name)[:AT_ONCE])
        if chosen := [(name, key) for name, key in sent if KEY.fullmatch(key)]:
            _take_each(admin, request, image, chosen)
            return redirect("admin:blog_image_texts", image.pk)
        messages.error(request, "記事か固定ページを選んでください。何も変えていません。")
    found = differing(request.user, image)
    return admin.render(
        request,
        "admin/blog/image/texts.html",
        title="本文の代替テキストとキャプション",
        media=admin.media,
        image=image,
        found=found[:AT_ONCE],
        has_more=len(found) > AT_ONCE,
        can_any=any(not row.hindrance for row in found),
    )


def _take_each(admin: Any, request: HttpRequest, image: Image, chosen: list[tuple[str, str]]) -> None:
    """Saves each in a transaction of its own, so that one that is refused does not stop the others."""
    done = 0
    for name, key in chosen:
        try:
            done += _take(admin, request, image, name, key)
        except (Post.DoesNotExist, Page.DoesNotExist):
            messages.error(request, "選んだもののひとつは、もうありません。")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    if done:
        messages.success(request, f"{done}件の本文に反映しました。変える前の版は、それぞれの履歴にあります。")


@transaction.atomic
def _take(admin: Any, request: HttpRequest, image: Image, name: str, key: str) -> bool:
    item = _hold(request.user, name, key)
    if why := _hindrance(request.user, item):
        raise ValidationError(f"「{item}」：{why}ため、変えていません。")
    places = _places(image, item.body)
    for now, then in places:
        item.body = item.body.replace(now, then)
    if not places:
        return False
    if isinstance(item, Post):
        item.full_clean(exclude=["slug"])
        if goes_to_readers(item):
            clear_for_readers(item, by=request.user)
        save_post(item, by=request.user)
    else:
        item.full_clean()
        save_page(item, by=request.user)
    admin.log_change(request, image, f"「{item}」に代替テキストとキャプションを反映しました。")
    return True


def _hold(user: permissions.User, name: str, key: str) -> Post | Page:
    if name == "post":
        return hold(key, permissions.visible_posts(user))
    return _pages(user).select_for_update(no_key=True).get(pk=key)
