from django.contrib import admin

from blog.admin.base import PostListAdmin
from blog.models import Category


@admin.register(Category)
class CategoryAdmin(PostListAdmin):
    posts_lookup = "category"
    list_display = ("name", "slug", "position", "post_count")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "description", "notice", "position")
