"""The list of tasks that saves left to the worker: what waits, what failed, and a way to try it again."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tasks import TaskResultStatus

from blog.admin.base import OfferedFilter, ReadOnlyAdmin
from blog.models import QueuedTask
from blog.times import tokyo

STATES = {
    TaskResultStatus.READY: "待機中",
    TaskResultStatus.RUNNING: "実行中",
    TaskResultStatus.FAILED: "失敗",
    TaskResultStatus.SUCCESSFUL: "完了",
}


class StateFilter(OfferedFilter):
    title, parameter_name, field_name = "状態", "state", "status"
    offered = {state.value: name for state, name in STATES.items()}


@admin.register(QueuedTask)
class QueuedTaskAdmin(ReadOnlyAdmin):
    """The arguments of tasks are hidden, since those of a mail are addresses and texts."""

    list_display = ("name", "state", "queued", "tried", "error")
    list_filter = (StateFilter,)
    ordering = ("-enqueued_at",)
    sortable_by = ()
    actions = ("try_again",)
    fields = ("name", "state", "queued", "tried", "begun", "ended", "details")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("args_kwargs", "return_value")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        shown = list(super().get_fields(request, obj))
        return shown if request.user.is_superuser else [name if name != "details" else "error" for name in shown]

    @admin.display(description="作業")
    def name(self, obj: QueuedTask) -> str:
        return str(obj)

    @admin.display(description="状態")
    def state(self, obj: QueuedTask) -> str:
        waits_again = obj.status == TaskResultStatus.READY and obj.attempts
        return "やり直し待ち" if waits_again else STATES[TaskResultStatus(obj.status)]

    # The library's own labels are English.
    @admin.display(description="登録日時")
    def queued(self, obj: QueuedTask) -> str:
        return tokyo(obj.enqueued_at)

    @admin.display(description="始めた日時")
    def begun(self, obj: QueuedTask) -> str:
        return tokyo(obj.started_at) or "—"

    @admin.display(description="終えた日時")
    def ended(self, obj: QueuedTask) -> str:
        return tokyo(obj.finished_at) or "—"

    @admin.display(description="試した回数")
    def tried(self, obj: QueuedTask) -> int:
        return obj.attempts

    @admin.display(description="エラー")
    def error(self, obj: QueuedTask) -> str:
        """The kind of the error only, since mail servers name addresses. Superusers get all of it (`details`)."""
        return obj.exception_class_path.rpartition(".")[2]

    @admin.display(description="エラー")
    def details(self, obj: QueuedTask) -> SafeString | str:
        return format_html("<pre>{}</pre>", obj.traceback) if obj.traceback else ""

    @admin.action(description="もう一度試す", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            number = QueuedTask.objects.filter(pk__in=queryset.values("pk")).retry_now()
        if number:
            self.message_user(request, f"{number}件をもう一度試します。", messages.SUCCESS)
        else:
            self.message_user(request, "選んだもののなかに、やり直せる作業はありません。", messages.WARNING)
