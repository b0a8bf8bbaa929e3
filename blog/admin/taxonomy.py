"""Authors and sections at the desk, and what their admins share with that of tags."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from blog.admin.base import DeskAdmin, for_naming
from blog.editing import permissions
from blog.editing.renaming import save_moved
from blog.models import Author, Category, Post


class TaxonomyAdmin(DeskAdmin):
    """The admin of an author, section or tag: counts its posts, and leaves a redirect where its address changes."""

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

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        save_moved(obj)

    def view_on_site(self, obj: Model) -> str | None:
        return obj.get_absolute_url()

    def uses(self, objs: Iterable[Model]) -> list[QuerySet]:
        pks = [obj.pk for obj in objs]
        return [for_naming(Post.objects.filter(**{f"{self.posts_lookup}__in": pks})).distinct()]


@admin.register(Author)
class AuthorAdmin(TaxonomyAdmin):
    posts_lookup = "author"
    list_display = ("name", "slug", "post_count")
    search_fields = ("name", "slug")
    autocomplete_fields = ("avatar", "user")
    fields = ("name", "slug", "bio", "avatar", "links", "user")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if permissions.may_link_users(request.user) else ("user",)


@admin.register(Category)
class CategoryAdmin(TaxonomyAdmin):
    posts_lookup = "category"
    list_display = ("name", "slug", "position", "post_count")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "description", "notice", "position")
