"""The page that brings a changed alternative text or caption of the library into the articles that show the picture.

A text keeps its own copy of both, so that a change in the library alters no article unasked.
"""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from blog.admin.base import AT_ONCE
from blog.admin.fields import KEY
from blog.admin.lists.bulk import hindrance
from blog.editing import permissions
from blog.editing.blocking import clear, goes_to_readers
from blog.editing.pictures import as_in_library, shown_as
from blog.editing.saving import hold, save_post
from blog.models import Image, Post

DIFFERS = "{}の記事の本文は、前の代替テキストかキャプションのままです。"


class Differing(NamedTuple):
    """An article that shows the picture with other texts than the library has."""

    post: Post
    places: list[tuple[str, str]]
    """Each as it is, and as it would be."""
    hindrance: str


def differing(user: permissions.User, image: Image) -> list[Differing]:
    """The newest AT_ONCE of those that the user may see, and one more if there are more."""
    posts = permissions.visible_posts(user).filter(pk__in=image.uses_in_texts.values("post")).select_related("author")
    wanted = ("title", "body", "status", "published_at", "author__user", "pending_revision")
    found = []
    for post in posts.only(*wanted).order_by("-pk").iterator(chunk_size=AT_ONCE):
        if places := _places(image, post.body):
            found.append(Differing(post, places, hindrance(user, post)))
        if len(found) > AT_ONCE:
            break
    return found


def _places(image: Image, body: str) -> list[tuple[str, str]]:
    both = ((code, as_in_library(image, code)) for code in shown_as(image, body))
    return [(now, then) for now, then in both if now != then]


def tell(admin: Any, request: HttpRequest, image: Image) -> None:
    """Says how many articles keep the former texts, and where they can take over the new ones."""
    if found := differing(request.user, image):
        url = reverse("admin:blog_image_texts", args=[image.pk])
        number = f"{AT_ONCE}件以上" if len(found) > AT_ONCE else f"{len(found)}件"
        link = format_html('{}<a href="{}">確かめて反映する</a>', DIFFERS.format(number), url)
        admin.message_user(request, link, messages.WARNING)


def take_over(request: HttpRequest, admin: Any, object_id: int) -> HttpResponse:
    image = admin.get_object(request, str(object_id))
    if image is None:
        raise Http404("no such picture")
    if not admin.has_change_permission(request, image):
        raise PermissionDenied
    if request.method == "POST":
        chosen = [key for key in request.POST.getlist("post")[:AT_ONCE] if KEY.fullmatch(key)]
        if chosen:
            _take_each(admin, request, image, chosen)
            return redirect("admin:blog_image_texts", image.pk)
        messages.error(request, "記事を選んでください。何も変えていません。")
    found = differing(request.user, image)
    context = {
        **admin.admin_site.each_context(request),
        "title": "記事の代替テキストとキャプション",
        "opts": admin.opts,
        "media": admin.media,
        "image": image,
        "found": found[:AT_ONCE],
        "has_more": len(found) > AT_ONCE,
        "can_any": any(not row.hindrance for row in found),
    }
    return TemplateResponse(request, "admin/blog/image/texts.html", context)


def _take_each(admin: Any, request: HttpRequest, image: Image, keys: list[str]) -> None:
    """Saves each article in a transaction of its own, so that one that is refused does not stop the others."""
    done = 0
    for key in keys:
        try:
            done += _take(admin, request, image, key)
        except Post.DoesNotExist:
            messages.error(request, "選んだ記事のひとつは、もうありません。")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    if done:
        messages.success(request, f"{done}件の記事に反映しました。変える前の版は、各記事の履歴にあります。")


@transaction.atomic
def _take(admin: Any, request: HttpRequest, image: Image, key: str) -> bool:
    post = hold(key, permissions.visible_posts(request.user))
    if why := hindrance(request.user, post):
        raise ValidationError(f"「{post}」：{why}ため、変えていません。")
    places = _places(image, post.body)
    for now, then in places:
        post.body = post.body.replace(now, then)
    if not places:
        return False
    post.full_clean(exclude=["slug"])
    if goes_to_readers(post):
        clear(post, by=request.user)
    save_post(post, by=request.user)
    admin.log_change(request, image, f"「{post}」に代替テキストとキャプションを反映しました。")
    return True
