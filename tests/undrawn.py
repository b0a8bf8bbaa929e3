"""Forms of the desk without their pages: which values a browser would send, read from the fields themselves.

`tests/admin/test_undrawn.py` holds these values equal to those on the drawn pages.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin.options import IS_POPUP_VAR
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

HEADER = "Undrawn"
FORM = "adminform"


class UndrawnMiddleware:
    """Leaves a change form undrawn if the request says so; its context tells of it all the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        if HEADER in request.headers and FORM in (response.context_data or {}):
            response.content = b""  # counts as rendered
        return response


def values_in(context: dict[str, Any]) -> dict[str, str]:
    """The values of the form and its inlines. Templates add the key, the autosave and the mark of a pop-up window."""
    shown = [field for fieldset in context[FORM] for line in fieldset for field in line]
    bound = [field.field for field in shown if not field.is_readonly]
    for inline in context["inline_admin_formsets"]:
        rows = (field for row in inline for field in row.form if field.is_hidden or inline.has_change_permission)
        bound += [*inline.formset.management_form, *rows]
    values = {name: value for field in bound if not field.field.disabled for name, value in _sent(field)}
    if "room" in context:
        values |= {"autosave_key": "", "autosave_known": ""}
        values |= {"form_key": str(context["form_key"])} if context["form_key"] else {}
    if context["is_popup"]:
        values[IS_POPUP_VAR] = "1"
    return values


def _sent(field: BoundField) -> Iterator[tuple[str, str]]:
    widget = getattr(field.field.widget, "widget", field.field.widget)  # without the links around a choice
    return _inputs(widget.get_context(field.html_name, field.value(), field.build_widget_attrs({}))["widget"])


def _inputs(widget: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind, value = widget.get("type"), widget["value"]
    if "subwidgets" in widget:
        for part in widget["subwidgets"]:
            yield from _inputs(part)
    elif "optgroups" in widget:
        for _, options, _ in widget["optgroups"]:
            yield from ((widget["name"], str(option["value"])) for option in options if option["selected"])
    elif kind == "checkbox":
        if widget["attrs"].get("checked"):
            yield widget["name"], "on" if value is None else str(value)
    elif kind != "file":
        text = "" if value is None else str(value)
        yield widget["name"], text if kind else with_crlf(text)


def with_crlf(text: str) -> str:
    """The text as a browser sends it from a text area."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
