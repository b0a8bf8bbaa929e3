"""The log of acts on one page: who did what to which row, and who logged in. Nobody changes it at the desk."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.admin.base import ReadOnlyAdmin


class PersonFilter(admin.SimpleListFilter):
    title, parameter_name = "した人", "user"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[int, str]]:
        people = User.objects.filter(is_staff=True).order_by("username")
        return [(user.pk, user.get_username()) for user in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        offered = {str(key) for key, _ in self.lookup_choices}
        return queryset.filter(user=self.value()) if self.value() in offered else queryset


@admin.register(LogEntry)
class LogAdmin(ReadOnlyAdmin):
    list_display = ("action_time", "user", "act", "target", "message")
    list_filter = ("action_flag", PersonFilter)
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
