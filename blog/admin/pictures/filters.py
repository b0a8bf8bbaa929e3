"""The filters of the list of pictures."""

from django.db.models import QuerySet
from django.http import HttpRequest

from blog.admin.base import OfferedFilter
from blog.editing.pictures import unused_for

NOWHERE, NO_ALT = "nowhere", "no_alt"


class UseFilter(OfferedFilter):
    title, parameter_name = "使いみち", "use"
    offered = {NOWHERE: "どこにも使っていない", NO_ALT: "代替テキストがない"}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == NOWHERE:
            return queryset.filter(unused_for(request.user))
        return queryset.filter(alt="") if self.value() == NO_ALT else queryset
