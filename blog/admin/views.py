"""What the markdownx widget asks for. Its own two views are open to everybody and are never mounted."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from blog import roles
from blog.admin.image import markdown_of, store_upload
from blog.images import ImageRejected
from blog.models import rendering
from blog.text.markdown import BodyTooLong


def refusal(message: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": message}, status=status, json_dumps_params={"ensure_ascii": False})


def for_writers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """POST only, and only for staff who may write an article or a page; a script is told so in JSON, not by a login."""

    @never_cache
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return refusal("ログインの期限が切れています。別のタブでログインし直してください。", 403)
        if not roles.may_write(user):
            return refusal("記事を書く権限がありません。", 403)
        return view(request)

    return guarded


@for_writers
def markdownify(request: HttpRequest) -> HttpResponse:
    """The HTML that the page will have for the Markdown in `content`."""
    content = request.POST.get("content")
    if content is None:
        return refusal("プレビューする本文がありません。")
    try:
        return HttpResponse(rendering.markdownify(content))
    except BodyTooLong as error:
        return refusal(str(error))


@for_writers
def upload(request: HttpRequest) -> JsonResponse:
    """Stores the picture in `image` and answers with the Markdown that shows it, in lines of its own.

    The alternative text is the one an editor gave this picture before, or empty: a made-up one would be published.
    """
    if not roles.may_upload(request.user):
        return refusal("画像を追加する権限がありません。", 403)
    file = request.FILES.get("image")
    if file is None:
        return refusal("画像のファイルがありません。")
    try:
        image = store_upload(file)
    except ImageRejected as error:
        return refusal(str(error))
    return JsonResponse({"image_code": f"\n\n{markdown_of(image)}\n\n"})
