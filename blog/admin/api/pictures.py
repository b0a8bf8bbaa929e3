"""The library of pictures for the editor's dialog: the list, uploads, and the Markdown for a text."""

from typing import Any

from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from blog.admin.api.endpoints import Refused, for_writers, stored
from blog.admin.fields import LineField, number_in
from blog.admin.image import TEXTS, UseFilter, store_upload
from blog.editing import permissions
from blog.editing.log import ADDITION, log_act
from blog.editing.pictures import addresses_of, markdown_of, named_images, names_in, unused, unused_for, with_uses
from blog.editing.rerendering import render_uses
from blog.models import Image, Post
from blog.pictures.encoding import ImageRejected

PER_PAGE = 24
# It does not say where the picture is used: the writer may not be allowed to see that article.
NO_CREDIT = "この画像のクレジットは、編集者だけが書けます。クレジットを空にして入れ、編集者に伝えてください。"


@require_GET
@for_writers
def picture_list(request: HttpRequest) -> JsonResponse:
    """A page of the pictures that match `q` and `show`, newest first.

    `show` is "here" (pictures with one of the `key`s or `name`s), "nowhere" or "no_alt".
    """
    _check(request, permissions.may_see_pictures(request.user))
    posts = permissions.visible_posts(request.user)
    found = _narrowed(request, posts)
    number = request.GET.get("page", "1")
    first = (max(number_in(number) or 1, 1) - 1) * PER_PAGE
    rows = list(with_uses(found, posts).order_by("-pk")[first : first + PER_PAGE + 1])
    return JsonResponse({"pictures": _told(request, rows[:PER_PAGE]), "has_more": len(rows) > PER_PAGE})


def _narrowed(request: HttpRequest, posts: QuerySet) -> QuerySet[Image]:
    images, _ = site.get_model_admin(Image).get_search_results(request, Image.objects.all(), request.GET.get("q", ""))
    match request.GET.get("show"):
        case "here":
            keys = {number_in(key) for key in request.GET.getlist("key")} - {None}
            names = sorted(names_in(" ".join(request.GET.getlist("name"))))
            return images.filter(Q(pk__in=keys) | Q(pk__in=named_images(names).values("pk")))
        case UseFilter.NOWHERE:
            return images.filter(unused_for(request.user))
        case UseFilter.NO_ALT:
            return images.filter(alt="")
    return images


@require_POST
@for_writers
def picture_add(request: HttpRequest) -> JsonResponse:
    """Stores the picture in `image`. The same bytes give the same picture, which keeps its texts."""
    _check(request, permissions.may_upload(request.user))
    file = request.FILES.get("image")
    if file is None:
        raise Refused("画像のファイルがありません。")
    added: list[Image] = []

    def add(new: Image) -> None:
        added.append(new)
        log_act(request.user, new, "", ADDITION)

    try:
        image = store_upload(file, added=add)
    except ImageRejected as error:
        raise Refused(str(error)) from error
    return JsonResponse({"picture": _told_of(request, image), "is_known": not added})


@require_POST
@for_writers
def picture_use(request: HttpRequest, pk: int) -> JsonResponse:
    """Answers with the Markdown that shows the picture with the given texts.

    Texts that the library lacks are stored in it; those that it has are changed only by its own form. A user who may
    not change pictures adds texts only to a picture that nothing shows: else they would appear in articles of others.
    """
    _check(request, permissions.may_see_pictures(request.user))
    image = stored(Image, str(pk))
    if image is None:
        raise Refused("画像が見つかりません。削除されたようです。", 404)
    texts = _texts(request)
    if permissions.may_upload(request.user):
        _fill(request.user, image, texts)
    code = markdown_of(image, texts["alt"], texts["caption"])
    return JsonResponse({"code": code, "picture": _told_of(request, image)})


def _texts(request: HttpRequest) -> dict[str, str]:
    """The texts that were sent. An alternative text is required, unless the picture is `decorative`."""
    texts = {}
    for name in TEXTS:
        meta = Image._meta.get_field(name)
        is_needed = name == "alt" and request.POST.get("decorative") != "1"
        try:
            texts[name] = LineField(max_length=meta.max_length, required=is_needed).clean(request.POST.get(name, ""))
        except ValidationError as error:
            raise Refused(f"{meta.verbose_name}：{error.messages[0]}") from error
    if request.POST.get("decorative") == "1":
        texts["alt"] = ""
    return texts


@transaction.atomic
def _fill(user: permissions.User, image: Image, texts: dict[str, str]) -> None:
    """Gives the library the texts that it lacks now. Raises Refused for a credit that would be lost."""
    image = Image.objects.select_for_update().get(pk=image.pk)
    new = {name: text for name, text in texts.items() if text and not getattr(image, name)}
    if not new:
        return
    if not permissions.may_change_pictures(user) and not _is_unused(image):
        if "credit" in new:  # the other two stand in the text itself
            raise Refused(NO_CREDIT, 403)
        return
    for name, text in new.items():
        setattr(image, name, text)
    image.save(update_fields=list(new))
    log_act(user, image, "挿入したときに書き足しました。")
    if "credit" in new:
        for address in addresses_of(image):
            render_uses.enqueue(address)


def _is_unused(image: Image) -> bool:
    return Image.objects.filter(unused(Post.objects.all(), Post.objects.all()), pk=image.pk).exists()


def _told_of(request: HttpRequest, image: Image) -> dict[str, Any]:
    found = with_uses(Image.objects.filter(pk=image.pk), permissions.visible_posts(request.user))
    return _told(request, list(found))[0]


def _check(request: HttpRequest, is_allowed: bool) -> None:
    if not is_allowed:
        raise Refused("画像を使う権限がありません。", 403)


def _told(request: HttpRequest, images: list[Any]) -> list[dict[str, Any]]:
    """The pictures as the dialog gets them, with their number of uses and whether anything shows them."""
    keys = [image.pk for image in images]
    nowhere = set(Image.objects.filter(unused_for(request.user), pk__in=keys).values_list("pk", flat=True))
    return [{**_facts(image), "is_used": image.pk not in nowhere} for image in images]


def _facts(image: Any) -> dict[str, Any]:
    return {
        "key": image.pk,
        "label": str(image),
        "url": image.file.url,
        "thumbnail": image.thumbnail_url,
        "width": image.width,
        "height": image.height,
        "uses": image.number_of_uses,
        "name": image.original_name,
        **{name: getattr(image, name) for name in TEXTS},
    }
