"""Tells who else types in an article or page, and how many open notes it has."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from blog.admin.api.autosave import clock
from blog.admin.api.endpoints import Refused, for_writers, stored
from blog.editing import permissions
from blog.editing.versions.notes import others_in
from blog.models import Autosave, Page, Post
from blog.models.history import display_name


@require_GET
@for_writers
def together(request: HttpRequest) -> JsonResponse:
    """Answers every writer who may read the notes, also while an article in review can only be looked at."""
    model = Page if request.GET.get("form") == Autosave.Form.PAGE else Post
    item = stored(model, request.GET.get("object", ""))
    if item is None or not permissions.may_read_history(request.user, item):
        raise Refused("見つかりません。削除されたか、あなたの担当でなくなりました。", 404)
    others = [{"name": display_name(row.editor), "time": clock(row.saved_at)} for row in others_in(item, request.user)]
    has_notes = isinstance(item, Post)
    return JsonResponse(
        {
            "others": others,
            "notes": item.notes.open().count() if has_notes else 0,
            "notes_url": reverse("admin:blog_post_notes", args=[item.pk]) if has_notes else "",
        }
    )
