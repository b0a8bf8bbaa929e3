"""Base classes for the admins of lists, pages and pictures."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from blog.admin.fields import KEY, TEXT_FIELDS, KeySelect
from blog.admin.parameters import DeclaredAdmin
from blog.database import hold_saves
from blog.editing import permissions
from blog.editing.renaming import save_moved
from blog.models import AuditEntry, Post

NAMED_USES = 20
COUNTED = 2_000
AT_ONCE = 100


class CutPaginator(Paginator):
    """Counts no further than COUNTED and shows no row beyond, so a long list costs no more than a short one."""

    is_estimate = False

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than COUNTED rows."""
        return self._counted > COUNTED

    @property
    def ends_early(self) -> bool:
        """Whether rows are left out."""
        return self.is_cut

    @property
    def number(self) -> str:
        """The number of rows in words."""
        return f"{self.count:,}件{'以上' if self.is_cut else ''}"


class DeskPaginator(CutPaginator):
    """Reaches every row. It counts up to COUNTED; beyond, it asks `known`, and where that is None it estimates.

    Pages of the second half are read from the end: the last one costs no more than the first, and ends with the last
    row whatever was estimated.
    """

    known: Callable[[], int | None] | None = None
    ends_early = False

    @cached_property
    def count(self) -> int:
        if not self.is_cut:
            return self._counted
        return self._estimate() if self._known is None else self._known

    @cached_property
    def _known(self) -> int | None:
        number = self.known() if self.known else None
        return number if number and number > COUNTED else None  # a lower one is not that of this list

    @property
    def is_estimate(self) -> bool:
        return self.is_cut and self._known is None

    @property
    def number(self) -> str:
        if not self.is_estimate:
            return f"{self.count:,}件"
        return f"約{round(self.count, 2 - len(str(self.count))):,}件"  # no more digits than an estimate has

    def _estimate(self) -> int:
        """Estimates the number of rows from the distance of the keys of the newest COUNTED ones."""
        keys = self.object_list.order_by("-pk").values_list("pk", flat=True)
        newest, other = keys[0], keys[COUNTED]
        oldest = self.object_list.model._default_manager.order_by("pk").values_list("pk", flat=True)[0]
        return COUNTED + 1 + (other - oldest) * COUNTED // (newest - other)

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        before = (number - 1) * self.per_page
        after = max(self.count - before - self.per_page, 0)
        if before <= after:
            return super().page(number)
        rows = list(self.object_list.reverse()[after : self.count - before])
        return self._get_page(rows[::-1], number, self)


class OfferedFilter(admin.SimpleListFilter):
    """A filter that offers everybody the same values; `offered` has their words."""

    offered: Mapping[str, str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.offered.items())


class WordedFilter(admin.SimpleListFilter):
    """Filters by a Boolean field in the words of its column, where Django offers a yes and a no."""

    title = "状態"
    parameter_name: str  # the one that Django gives the field, ending in __exact: addresses that were kept go on
    words: tuple[str, str]
    """Of true and of false."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(zip(("1", "0"), self.words, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() in ("1", "0") else queryset


class TitledAdmin(DeclaredAdmin):
    """Gives the pages Japanese titles. Django's own titles join words with a space."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        about = {"title": self.opts.verbose_name_plural, "list_tools": self.list_tools(request)}
        return super().changelist_view(request, about | (extra_context or {}))

    def list_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The links above the list besides that to the add form: (address, words) of each."""
        return []

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

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = f"{self.opts.verbose_name}を削除"
        return super().delete_view(request, object_id, {"title": title, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["adminform"].form.label_suffix = ""  # Japanese writes no colon after a label
        obj = kwargs.get("obj")
        if obj is None:
            context["title"] = f"{self.opts.verbose_name}を追加"
        elif self.has_change_permission(request, obj):
            context["title"] = f"{self.opts.verbose_name}を編集"
        return super().render_change_form(request, context, *args, **kwargs)


class KeyMixin:
    """Autocomplete fields accept any key that a request sends without a server error."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeySelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DeskAdmin(KeyMixin, TitledAdmin):
    """Lists whose cost does not grow with their length, and text fields that change no text unasked."""

    formfield_overrides = TEXT_FIELDS
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count every row of every filter
    paginator: type[CutPaginator] = DeskPaginator
    key = KEY  # what the keys of the rows look like
    noted_acts = frozenset({AuditEntry.Act.ADDED, AuditEntry.Act.CHANGED, AuditEntry.Act.DELETED})
    """The acts that these forms note in the log of acts; a subclass leaves out those that its saves note."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Removes the buttons that delete or view the chosen row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def get_paginator(self, request: HttpRequest, queryset: QuerySet, per_page: int, *args: Any, **kwargs: Any) -> Any:
        """Gives autocomplete fields a paginator that does not count all rows."""
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            return CutPaginator(queryset, per_page, *args, **kwargs)
        return super().get_paginator(request, queryset, per_page, *args, **kwargs)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Gives the deletion a Japanese label and one transaction, which includes the log."""
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            delete, name, _ = actions["delete_selected"]
            actions["delete_selected"] = (transaction.atomic(delete), name, "削除する")
        return actions

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Refuses more than AT_ONCE rows: one wrong click must not change the whole archive."""
        refusal, ticked = "", request.POST.getlist(ACTION_CHECKBOX_NAME)
        chosen = queryset[: AT_ONCE + 1].count() if request.POST.get("select_across") == "1" else len(ticked)
        if not all(self.key.fullmatch(key) for key in ticked):
            refusal = "選んだものを読み取れませんでした。もう一度選んでください。"
        elif chosen > AT_ONCE:
            refusal = f"一度に選べるのは{AT_ONCE}件までです。"
        if refusal:
            self.message_user(request, refusal, messages.ERROR)
            return redirect(request.get_full_path())
        return super().response_action(request, queryset)

    # --- the log of acts ---

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._noted(AuditEntry.Act.ADDED, obj, super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._noted(AuditEntry.Act.CHANGED, obj, super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        gone = list(queryset)
        if AuditEntry.Act.DELETED in self.noted_acts:
            for obj in gone:
                AuditEntry.objects.note(AuditEntry.Act.DELETED, obj)
        return super().log_deletions(request, gone)

    def _noted(self, act: str, obj: Model, entry: LogEntry) -> LogEntry:
        if act in self.noted_acts:
            AuditEntry.objects.note(act, obj, detail=entry.get_change_message())
        return entry

    def get_view_on_site_url(self, obj: Model | None = None) -> str | None:
        try:
            return super().get_view_on_site_url(obj)
        except NoReverseMatch:
            return None  # a refused form leaves values on `obj` that no address can hold


class ReadOnlyAdmin(DeskAdmin):
    """A list that is only looked at: nobody adds, changes or deletes its rows at the desk."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return super().render_change_form(request, {**context, "lacks_history": True}, *args, **kwargs)


class SecondTryAdmin(DeskAdmin):
    """Checks a form once more if somebody was faster, and so tells the editor in words."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except (self.model.DoesNotExist, IntegrityError):
            # Somebody deleted or merged the row, or took its name, after the checks. The second try reports it.
            return super().changeform_view(request, object_id, *args, **kwargs)


class MovedAdmin(SecondTryAdmin):
    """The admin of an author, section or tag. When an address changes, the old one redirects to the new one."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        save_moved(obj)

    def view_on_site(self, obj: Model) -> str | None:
        return obj.get_absolute_url()


class UsedAdmin(DeskAdmin):
    """Refuses to delete a row that is in use, and names the rows that use it."""

    def uses(self, objs: Iterable[Model]) -> list[QuerySet]:
        """Querysets of the rows that use any of `objs`."""
        raise NotImplementedError

    def hold_uses(self) -> None:
        """Keeps other transactions from beginning to use one of the rows until this one ends."""
        hold_saves()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        if request.method == "POST":
            self.hold_uses()
        uses = [use for queryset in self.uses(objs) for use in queryset[: NAMED_USES + 1]]
        if not uses:
            return super().get_deleted_objects(objs, request)
        named = list(dict.fromkeys(self._named(use, request) for use in uses[:NAMED_USES]))
        return [], {}, set(), [*named, "ほかにもあります。"] if len(uses) > NAMED_USES else named

    def _named(self, use: Model, request: HttpRequest) -> str:
        """Names the row that uses another. Only a user who may see it gets its name and a link."""
        if self.admin_site.get_model_admin(type(use)).has_view_permission(request, use):
            return named_use(use)
        return f"あなたには見えない{use._meta.verbose_name}"


class PostListAdmin(UsedAdmin, MovedAdmin):
    """The admin of an author, section or tag. It counts the posts that the user may see, in any state."""

    posts_lookup: str
    """The look-up from a post to the row."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # A subquery is counted for the rows that are shown; a join would count all of them first.
        number = self.listed(request.user).order_by().annotate(number=Count("pk")).values("number")
        return super().get_queryset(request).annotate(post_count=Subquery(number))

    def listed(self, user: permissions.User) -> QuerySet:
        """The rows that are counted for one author, section or tag, grouped by it."""
        return permissions.visible_posts(user).filter(**{self.posts_lookup: OuterRef("pk")}).values(self.posts_lookup)

    @admin.display(description="記事", ordering="post_count")
    def post_count(self, obj: Model) -> int:
        return obj.post_count or 0

    def uses(self, objs: Iterable[Model]) -> list[QuerySet]:
        pks = [obj.pk for obj in objs]
        return [for_naming(Post.objects.filter(**{f"{self.posts_lookup}__in": pks})).distinct()]


def counted_in_words(deleted: tuple, words: Mapping[str, str]) -> tuple:
    """What `get_deleted_objects` returned, with other names for some of the kinds that it counts."""
    objects, counts, *refusals = deleted
    return objects, {words.get(str(name), name): number for name, number in counts.items()}, *refusals


def named_use(obj: Model) -> SafeString:
    meta = obj._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])
    return format_html('{}「<a href="{}">{}</a>」', meta.verbose_name, url, obj)


def for_naming(posts: QuerySet) -> QuerySet:
    """Loads only the titles, and the fields that decide who may see the posts."""
    return posts.select_related("author").only("title", "status", "published_at", "author__user")
