"""What the admins of lists, pages and pictures have in common."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from blog.admin.fields import KEY, TEXT_FIELDS, KeySelect, KnownChoiceField
from blog.admin.parameters import DeclaredAdmin
from blog.database import hold_saves
from blog.editing import permissions
from blog.editing.saving import save_moved
from blog.models import Post

NAMED_USES = 20
COUNTED = 2_000
AT_ONCE = 100


class DeskPaginator(Paginator):
    """Counts no further than COUNTED, so that the pages of a long list cost what those of a short one do."""

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return self._counted > COUNTED


class TitledAdmin(DeclaredAdmin):
    """Pages named as an editor would; Django's own words are made for a space between them."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural, **(extra_context or {})})

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = f"{self.opts.verbose_name}を削除"
        return super().delete_view(request, object_id, {"title": title, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is None:
            context["title"] = f"{self.opts.verbose_name}を追加"
        elif self.has_change_permission(request, obj):
            context["title"] = f"{self.opts.verbose_name}を編集"
        return super().render_change_form(request, context, *args, **kwargs)


class KeyMixin:
    """Fields that are chosen by typing bear whatever key is sent."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeySelect(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs["form_class"] = KnownChoiceField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DeskAdmin(KeyMixin, TitledAdmin):
    """Lists that cost the same however long they are, and text fields that change nothing."""

    formfield_overrides = TEXT_FIELDS
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count every row of every filter
    paginator = DeskPaginator

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice, no button that deletes what is chosen: a section is not deleted from an article."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """A label without a space between Japanese words, and all of a deletion or nothing of it, in the log too."""
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            delete, name, _ = actions["delete_selected"]
            actions["delete_selected"] = (transaction.atomic(delete), name, "削除する")
        return actions

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Not for more than can be looked at: a slip of the hand should not move the archive."""
        refusal, ticked = "", request.POST.getlist(ACTION_CHECKBOX_NAME)
        chosen = queryset[: AT_ONCE + 1].count() if request.POST.get("select_across") == "1" else len(ticked)
        if not all(KEY.fullmatch(key) for key in ticked):
            refusal = "選んだものを読み取れませんでした。もう一度選んでください。"
        elif chosen > AT_ONCE:
            refusal = f"一度に選べるのは{AT_ONCE}件までです。"
        if refusal:
            self.message_user(request, refusal, messages.ERROR)
            return redirect(request.get_full_path())
        return super().response_action(request, queryset)

    def get_view_on_site_url(self, obj: Model | None = None) -> str | None:
        try:
            return super().get_view_on_site_url(obj)
        except NoReverseMatch:
            return None  # a form that was refused leaves on `obj` what no address can hold


class MovedAdmin(DeskAdmin):
    """An author, section, tag or page: when its address changes, the old one leads to the new one."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except (self.model.DoesNotExist, IntegrityError):
            # Deleted or merged since it was looked up, or its name taken since it was checked: asked again, the desk
            # says so.
            return super().changeform_view(request, object_id, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        save_moved(obj)

    def view_on_site(self, obj: Model) -> str | None:
        return obj.get_absolute_url()


class UsedAdmin(DeskAdmin):
    """What is used is not deleted, and the refusal names where it is used."""

    def uses(self, objs: Iterable[Model]) -> list[QuerySet]:
        """Querysets of whatever uses any of `objs`."""
        raise NotImplementedError

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        if request.method == "POST":
            hold_saves()  # no article begins to use it before it is deleted
        uses = [use for queryset in self.uses(objs) for use in queryset[: NAMED_USES + 1]]
        if not uses:
            return super().get_deleted_objects(objs, request)
        named = list(dict.fromkeys(self._named(use, request) for use in uses[:NAMED_USES]))
        return [], {}, set(), [*named, "ほか"] if len(uses) > NAMED_USES else named

    def _named(self, use: Model, request: HttpRequest) -> str:
        """What uses it, with its name and the way there only for who may see it."""
        if self.admin_site.get_model_admin(type(use)).has_view_permission(request, use):
            return named_use(use)
        return f"あなたには見えない{use._meta.verbose_name}"


class PostListAdmin(UsedAdmin, MovedAdmin):
    """An author, section or tag, with the number of its posts: those that the user may see, in any state."""

    posts_lookup: str
    """From a post to the object."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # A subquery is counted for the rows that are shown; a join would count all of them first.
        number = self.listed(request.user).order_by().annotate(number=Count("pk")).values("number")
        return super().get_queryset(request).annotate(post_count=Subquery(number))

    def listed(self, user: permissions.User) -> QuerySet:
        """What is counted of one object, grouped by it."""
        return permissions.visible_posts(user).filter(**{self.posts_lookup: OuterRef("pk")}).values(self.posts_lookup)

    @admin.display(description="記事", ordering="post_count")
    def post_count(self, obj: Model) -> int:
        return obj.post_count or 0

    def uses(self, objs: Iterable[Model]) -> list[QuerySet]:
        pks = [obj.pk for obj in objs]
        return [for_naming(Post.objects.filter(**{f"{self.posts_lookup}__in": pks})).distinct()]


def named_use(obj: Model) -> SafeString:
    meta = obj._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])
    return format_html('{}「<a href="{}">{}</a>」', meta.verbose_name, url, obj)


def for_naming(posts: QuerySet) -> QuerySet:
    """Their titles, and what tells who may see them."""
    return posts.select_related("author").only("title", "status", "published_at", "author__user")
