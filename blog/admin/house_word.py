from django.contrib import admin

from blog.admin.base import DeskAdmin
from blog.models import HouseWord


@admin.register(HouseWord)
class HouseWordAdmin(DeskAdmin):
    """The words that the desk check looks for. A change counts from the next save of an article, or `audit_posts`."""

    list_display = ("word", "preferred", "kind", "note")
    search_fields = ("word", "preferred", "note")
    fields = ("kind", "word", "preferred", "note")
