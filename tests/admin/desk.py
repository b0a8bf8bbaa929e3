"""An editor at the desk. The browser sends back the values that the form showed."""

from html.parser import HTMLParser
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, TestCase
from django.urls import reverse

from blog.editing.permissions import EDITOR, WRITER
from tests.factories import make_author, make_user


def with_crlf(text: str) -> str:
    """The text as a browser sends it from a text area."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


class _Fields(HTMLParser):
    """The values that the change form would send without any change."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self._in_form = False
        self._text: str | None = None
        self._select = ""
        self._templates = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._templates += tag == "template"
        if self._templates:
            return
        attrs = dict(attributes)
        if tag == "form":
            self._in_form = (attrs.get("id") or "").endswith("_form") and attrs.get("id") != "logout-form"
        name = attrs.get("name")
        if not self._in_form or "disabled" in attrs:
            return
        if tag == "textarea":
            self._text, self.data[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in attrs and self._select:
            self.data[self._select] = attrs.get("value", "")
        elif tag == "input" and name:
            kind = attrs.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in attrs:
                return
            if kind not in ("submit", "file"):
                self.data[name] = attrs.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        if tag == "textarea" and self._text:
            text = self.data[self._text].removeprefix("\n")  # HTML drops the first line end of a textarea
            self.data[self._text] = with_crlf(text)
            self._text = None
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.data[self._text] += data


def fields_of(response: HttpResponse) -> dict[str, Any]:
    return fields_in(response.content.decode())


def fields_in(page: str) -> dict[str, Any]:
    parser = _Fields()
    parser.feed(page)
    return parser.data


def values_at(client: Client, url: str) -> dict[str, Any]:
    """The values that the form at this address would send."""
    return fields_of(client.get(url))


def url_of(obj: Any, action: str = "change") -> str:
    """The address of an object at the desk; for `add` and `changelist` that of a model."""
    args = [obj.pk] if action in ("change", "delete", "history") else []
    return reverse(f"admin:blog_{obj._meta.model_name}_{action}", args=args)


def save(client: Client, url: str, **changes: Any) -> HttpResponse:
    """Opens the form, changes these fields and saves. The answer is a redirect if the form was valid."""
    return client.post(url, {**values_at(client, url), **changes})


def errors_of(response: HttpResponse) -> dict[str, list[str]]:
    return response.context["adminform"].form.errors


class DeskCase(TestCase):
    """Tests with an editor logged in."""

    @classmethod
    def setUpTestData(cls):
        cls.editor = make_user(role=EDITOR)

    def setUp(self):
        self.client.force_login(self.editor)

    def saved(self, obj: Any, **changes: Any) -> Any:
        """The object after its form was saved with these changes."""
        response = save(self.client, url_of(obj), **changes)
        assert response.status_code == 302, errors_of(response)
        return type(obj).objects.get(pk=obj.pk)

    def added(self, model: type[Model], **fields: Any) -> Any:
        response = save(self.client, url_of(model, "add"), **fields)
        assert response.status_code == 302, errors_of(response)
        return model.objects.order_by("pk").last()

    def refused(self, obj: Any, **changes: Any) -> dict[str, list[str]]:
        """The errors of the form of an object, or of a new one if a model is given."""
        response = save(self.client, url_of(obj, "add" if isinstance(obj, type) else "change"), **changes)
        assert response.status_code == 200
        return errors_of(response)


class WriterCase(DeskCase):
    """Tests with a writer logged in. `self.chief` is the browser of an editor; `other` is another writer's byline."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.writer = make_user("writer", role=WRITER)
        cls.author = make_author("書き手", "writer", user=cls.writer)
        cls.other = make_author("別の人", "other", user=make_user("another", role=WRITER))

    def setUp(self):
        self.client.force_login(self.writer)
        self.chief = Client()
        self.chief.force_login(self.editor)
