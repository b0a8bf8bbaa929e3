from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from blog.admin.base import TaxonomyAdmin
from blog.editing import permissions
from blog.models import Author


@admin.register(Author)
class AuthorAdmin(TaxonomyAdmin):
    posts_lookup = "author"
    list_display = ("name", "slug", "post_count")
    search_fields = ("name", "slug")
    autocomplete_fields = ("avatar", "user")
    fields = ("name", "slug", "bio", "avatar", "links", "user")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if permissions.may_link_users(request.user) else ("user",)
