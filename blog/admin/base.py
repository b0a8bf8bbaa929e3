"""The base class of all admins of the desk, and the filters of its lists."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from blog.admin.fields import TEXT_FIELDS
from blog.text.japanese import normalise

SEARCHED_CHARS = 100
NAMED_USES = 20
AT_ONCE = 100


class OfferedFilter(admin.SimpleListFilter):
    """A filter that offers everybody the same values of one field, or of what `queryset` compares.

    `offered` has their words.
    """

    offered: Mapping[str, str]
    field_name = ""
    """The field, if it is not the name of the parameter."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.offered.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        return queryset.filter(**{self.field_name or self.parameter_name: value}) if value in self.offered else queryset


class DeskAdmin(admin.ModelAdmin):
    """Japanese titles, text fields that change no text unasked, and answers in words where somebody was faster."""

    formfield_overrides = TEXT_FIELDS
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count every row of every filter
    pages: ClassVar[dict[str, tuple[str, Callable[..., HttpResponse]]]] = {}
    """The pages beside the list and the form, by name: address and view, which gets this object as `admin`."""

    def get_urls(self) -> list[URLPattern]:
        """Adds the pages before Django's routes, which take any word for a key."""
        names = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            path(address, self.admin_site.admin_view(self._guarded(view)), name=f"{names}_{name}")
            for name, (address, view) in self.pages.items()
        ]
        return [*pages, *super().get_urls()]

    def _guarded(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Answers only users of this list, and 404 if somebody deletes the row while the view runs."""

        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not self.has_view_or_change_permission(request):
                raise PermissionDenied
            try:
                return view(request, self, **kwargs)
            except ObjectDoesNotExist as error:
                raise Http404("nothing has this key") from error

        return guarded

    # --- lists ---

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's own titles join words with a space."""
        about = {"title": self.opts.verbose_name_plural, "list_tools": self.list_tools(request)}
        return super().changelist_view(request, about | (extra_context or {}))

    def list_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The links above the list besides that to the add form: (address, words) of each."""
        return []

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what `list_filter` names: a look-up across a relation would tell a writer of others' drafts."""
        filters = [item[0] if isinstance(item, tuple) else item for item in self.get_list_filter(request)]
        names = [getattr(item, "parameter_name", item) for item in filters]
        return any(lookup in (name, f"{name}__exact", f"{name}__id__exact", f"{name}__isnull") for name in names)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, normalise(search_term)[:SEARCHED_CHARS])

    def action_checkbox(self, obj: Model) -> SafeString:
        """The box in a label, in which a finger hits more than the box. Django would render three templates a row."""
        return format_html(
            '<label class="row-tick">'
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="「{}」を選ぶ"></label>',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            obj,
        )

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> list[tuple[str, str]]:
        """Asks for a choice in words, where Django shows nine dashes."""
        return super().get_action_choices(request, [("", "選んでください")])

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Gives the deletion a Japanese label and one transaction, which includes the log."""
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            delete, name, _ = actions["delete_selected"]
            actions["delete_selected"] = (transaction.atomic(delete), name, "削除する")
        return actions

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Refuses more than AT_ONCE rows: one wrong click must not change the whole archive."""
        ticked = len(request.POST.getlist(ACTION_CHECKBOX_NAME))
        if (queryset.count() if request.POST.get("select_across") == "1" else ticked) > AT_ONCE:
            self.message_user(request, f"一度に選べるのは{AT_ONCE}件までです。", messages.ERROR)
            return redirect(request.get_full_path())
        return super().response_action(request, queryset)

    # --- forms ---

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Removes the buttons that delete or view the chosen row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except (self.model.DoesNotExist, IntegrityError, ValidationError):
            # Somebody deleted or merged the row, or took its name or address, after the checks. The transaction is
            # rolled back; the second try reports it, and the form keeps the text.
            return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["adminform"].form.label_suffix = ""  # Japanese writes no colon after a label
        context["show_save_and_add_another"] = False
        context.setdefault("show_save_and_continue", False)
        obj = kwargs.get("obj")
        if obj is None:
            context["title"] = f"{self.opts.verbose_name}を追加"
        elif self.has_change_permission(request, obj):
            context["title"] = f"{self.opts.verbose_name}を編集"
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Model) -> HttpResponse:
        """Stays on the form, where Django would go to the list."""
        if not self.has_view_or_change_permission(request, obj):
            return super().response_post_save_add(request, obj)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", obj.pk)

    response_post_save_change = response_post_save_add  # type: ignore[assignment]

    def get_view_on_site_url(self, obj: Model | None = None) -> str | None:
        try:
            return super().get_view_on_site_url(obj)
        except NoReverseMatch:
            return None  # a refused form leaves values on `obj` that no address can hold

    # --- pages beside the list and the form ---

    def render(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        about = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, about)

    def row_to_change(self, request: HttpRequest, object_id: int) -> Any:
        """The row with this key. Raises Http404 if there is none, PermissionDenied if the user may not change it."""
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404("nothing has this key")
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    # --- deleting ---

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = f"{self.opts.verbose_name}を削除"
        return super().delete_view(request, object_id, {"title": title, **(extra_context or {})})

    def uses(self, objs: Iterable[Model]) -> list[QuerySet]:
        """Querysets of the rows that use any of `objs`, which therefore cannot be deleted."""
        return []

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        if request.method == "POST":  # from now on nobody begins to use one of the rows
            rows = self.model._default_manager.filter(pk__in=[obj.pk for obj in objs])
            list(rows.select_for_update().order_by("pk"))
        uses = [use for queryset in self.uses(objs) for use in queryset[: NAMED_USES + 1]]
        if not uses:
            return super().get_deleted_objects(objs, request)
        named = list(dict.fromkeys(self._named(use, request) for use in uses[:NAMED_USES]))
        return [], {}, set(), [*named, "ほかにもあります。"] if len(uses) > NAMED_USES else named

    def _named(self, use: Model, request: HttpRequest) -> str:
        """Names the row that uses another. Only a user who may see it gets its name and a link."""
        meta = use._meta
        if not self.admin_site.get_model_admin(type(use)).has_view_permission(request, use):
            return f"あなたには見えない{meta.verbose_name}"
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[use.pk])
        return format_html('{}「<a href="{}">{}</a>」', meta.verbose_name, url, use)


class ReadOnlyAdmin(DeskAdmin):
    """A list that is only looked at: nobody adds, changes or deletes its rows at the desk."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return super().render_change_form(request, {**context, "lacks_history": True}, *args, **kwargs)


def for_naming(posts: QuerySet) -> QuerySet:
    """Loads only the titles, and the fields that decide who may see the posts."""
    return posts.select_related("author").only("title", "status", "published_at", "author__user")
