"""Who else types in the article or page of a form, and how many notes wait on it."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from blog.admin.api.autosave import clock, edited
from blog.admin.api.endpoints import Refused, for_writers
from blog.editing.versions.notes import others_in
from blog.models import Post
from blog.models.history import display_name


@require_GET
@for_writers
def together(request: HttpRequest) -> JsonResponse:
    _, item = edited(request, request.GET)
    if item is None:
        raise Refused("まだ保存していません。", 404)
    others = [{"name": display_name(row.editor), "time": clock(row.saved_at)} for row in others_in(item, request.user)]
    has_notes = isinstance(item, Post)
    return JsonResponse(
        {
            "others": others,
            "notes": item.notes.open().count() if has_notes else 0,
            "notes_url": reverse("admin:blog_post_notes", args=[item.pk]) if has_notes else "",
        }
    )
