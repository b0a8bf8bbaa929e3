from django.contrib import admin

from blog.admin.base import PostListAdmin
from blog.models import Author


@admin.register(Author)
class AuthorAdmin(PostListAdmin):
    posts_lookup = "author"
    list_display = ("name", "slug", "post_count")
    search_fields = ("name", "slug")
    autocomplete_fields = ("avatar", "user")
    fields = ("name", "slug", "bio", "avatar", "links", "user")
