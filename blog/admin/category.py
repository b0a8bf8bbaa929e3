from django.contrib import admin

from blog.admin.base import TaxonomyAdmin
from blog.models import Category


@admin.register(Category)
class CategoryAdmin(TaxonomyAdmin):
    posts_lookup = "category"
    list_display = ("name", "slug", "position", "post_count")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "description", "notice", "position")
