from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from blog.admin.base import DeskAdmin
from blog.editing.checking import check_all_later
from blog.models import HouseWord, Post
from blog.text.desk.front_matter import shared_tails


@admin.register(HouseWord)
class HouseWordAdmin(DeskAdmin):
    """The words of the desk check. A change queues the audit of all articles."""

    list_display = ("word", "preferred", "kind", "note")
    search_fields = ("word", "preferred", "note")
    fields = ("kind", "word", "preferred", "note")
    radio_fields = {"kind": admin.VERTICAL}

    def save_model(self, request: HttpRequest, obj: HouseWord, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        check_all_later()

    def delete_model(self, request: HttpRequest, obj: HouseWord) -> None:
        super().delete_model(request, obj)
        check_all_later()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset)
        check_all_later()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Offers tails that many titles share, since nobody has listed those of an imported archive."""
        if request.method != "GET" or request.GET:
            return super().changelist_view(request, extra_context)
        known = set(HouseWord.objects.filter(kind=HouseWord.Kind.TAIL).values_list("word", flat=True))
        shared = shared_tails(Post.objects.published().values_list("title", flat=True).iterator())
        longest = HouseWord._meta.get_field("word").max_length
        offered = [(tail, number) for tail, number in shared if tail not in known and len(tail) <= longest]
        return super().changelist_view(request, {**(extra_context or {}), "tails": offered})
