"""The log of acts on one page: who did what to which row, and who logged in. Nobody changes it at the desk."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry

from blog.admin.base import ReadOnlyAdmin


@admin.register(LogEntry)
class LogAdmin(ReadOnlyAdmin):
    list_display = ("action_time", "user", "act", "target", "message")
    list_filter = ("action_flag", ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "change_message", "user__username")
    sortable_by = ()
    fields = ("action_time", "user", "act", "target", "message")

    @admin.display(description="したこと")
    def act(self, entry: LogEntry) -> str:
        return entry.get_action_flag_display()

    @admin.display(description="対象")
    def target(self, entry: LogEntry) -> str:
        return f"{entry.content_type.name}「{entry.object_repr}」" if entry.content_type else entry.object_repr

    @admin.display(description="詳しく")
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message()
