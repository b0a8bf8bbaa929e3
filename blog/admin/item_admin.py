"""What the admins of articles and static pages share: their histories, and saves that lose no text."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from blog.admin.base import DeskAdmin
from blog.admin.item import SavedAlready, finish_autosaves, key_of, made_by, others_typing, refuse_save
from blog.admin.layout import arrange
from blog.admin.versions import conflicts, preview_links, revisions
from blog.admin.versions.conflicts import TooLate
from blog.editing import permissions
from blog.models import Page, Post

# Text areas that grow with their text: rows and placeholder.
GROWING = {"title": (2, "タイトル"), "excerpt": (3, "リード文：この記事で分かることを一、二文で")}


class ItemAdmin(DeskAdmin):
    """The admin of articles and static pages, whose saves add revisions.

    A form that is sent again makes no second article, an edit that comes too late is kept and merged, and an edit that
    may no longer be saved is shown with its text.
    """

    pages: ClassVar[dict[str, Any]] = {
        "revision": ("<int:object_id>/revisions/<int:number>/", revisions.revision),
        "restore": ("<int:object_id>/revisions/<int:number>/restore/", revisions.restore),
        "merge": ("<int:object_id>/revisions/<int:number>/merge/", conflicts.merge),
        "revision_page": ("<int:object_id>/revisions/<int:number>/page/", preview_links.revision_page),
    }
    saved_already: str
    """The message for a form whose content is stored already: a format string with `item`."""

    class Media:
        css = {"all": ["desk/room.css", "desk/room_bar.css"]}
        js = (forms.Script("desk/room.js", type="module"),)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The item or None. Raises DoesNotExist for a form with a text, which a redirect would lose (`refuse_save`).

        Only a form locks the row here: a deletion does it by itself, and says what has changed meanwhile.
        """
        is_sent = request.method == "POST" and "body" in request.POST
        item = self.find(request, object_id, for_update=is_sent)
        if item is None and is_sent and self.has_view_permission(request):
            raise self.model.DoesNotExist
        return item

    def find(self, request: HttpRequest, object_id: str, *, for_update: bool = False) -> Any:
        """The item with all its fields, or None if the user may not see it. `for_update` wants a transaction."""
        return super().get_object(request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return revisions.history(request, self, object_id)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A title is one line, in a field that grows with it, so that all of it can be read."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in GROWING:
            rows, said = GROWING[db_field.name]
            field.widget = forms.Textarea(attrs={"rows": rows, "class": "vTextField", "placeholder": said})
            field.widget.attrs |= field.widget_attrs(field.widget)
        return field

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Arranges the form as a room to write in. `steps` of the context are the buttons that change a state."""
        item = kwargs.get("obj")
        context["form_key"] = key_of(request.POST.get("form_key", "")) or ("" if item else uuid.uuid4())
        context["may_read_history"] = item is not None and permissions.may_read_history(request.user, item)
        # A user who may only view pages reads their history, but must not learn who else has them open.
        context["follows_others"] = context["may_read_history"] and permissions.may_write(request.user)
        if context["follows_others"]:
            context["others"] = others_typing(item, request.user)
            context["open_notes"] = item.notes.open().count() if isinstance(item, Post) else 0
        context["room"] = arrange(context["adminform"], context["inline_admin_formsets"], context.get("steps", []))
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method != "POST" or object_id is not None:
            return self._answer(request, object_id, *args, **kwargs)
        with transaction.atomic():
            item = made_by(request, self.model)  # a form that is sent again becomes the form of what it made
            return self._answer(request, str(item.pk) if item else None, *args, **kwargs)

    def _answer(self, request: HttpRequest, object_id: str | None, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self._save_or_keep(request, object_id, *args, **kwargs)
        except SavedAlready as saved:
            return self._tell_saved(request, saved.item)
        except self.model.DoesNotExist:
            return refuse_save(request, self, None)
        except PermissionDenied:
            if request.method != "POST" or object_id is None:
                raise
            item = self.find(request, object_id)
            if not self.has_view_permission(request, item) or (item is None and "body" not in request.POST):
                raise
            if item and self.was_sent(request, item):
                return self._tell_saved(request, item)
            return refuse_save(request, self, item)

    def _save_or_keep(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except TooLate as late:
            return conflicts.keep(request, late)

    def was_sent(self, request: HttpRequest, item: Post | Page) -> bool:
        """Whether this form of a user who may no longer edit was saved before."""
        return False

    def _tell_saved(self, request: HttpRequest, item: Post | Page) -> HttpResponse:
        finish_autosaves(request, item)
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, item)
        self.message_user(request, self.saved_already.format(item=item))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", item.pk)
