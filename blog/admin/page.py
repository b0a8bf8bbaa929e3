from django import forms
from django.contrib import admin

from blog.admin.base import MovedAdmin
from blog.admin.fields import UntouchedMixin
from blog.models import Page


class PageForm(UntouchedMixin, forms.ModelForm):
    pass


@admin.register(Page)
class PageAdmin(MovedAdmin):
    form = PageForm
    list_display = ("title", "path", "is_published", "footer_position", "updated_at")
    list_filter = ("is_published",)
    search_fields = ("title", "path")
    fields = ("title", "path", "body", "description", "is_published", "footer_position")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body_html", "toc")

    def view_on_site(self, obj: Page) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None
