"""What old addresses answer now, for whoever moves the site to another host or changes its addresses."""

from collections.abc import Container, Iterable, Iterator
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, QueryDict
from django.test import RequestFactory
from django.urls import Resolver404, resolve, reverse

from blog.redirects.answering import answering_url
from blog.redirects.finding import find_redirect, is_path


class Outcome(NamedTuple):
    address: str
    status: HTTPStatus
    location: str = ""


def replay(lines: Iterable[str], *, probes: Container[str] = ()) -> Iterator[Outcome]:
    """Yields what each address answers; a line is a path or a whole URL, whose host is not looked at.

    `probes` are the paths that are answered before any route is looked for.
    """
    for line in lines:
        if address := line.strip():
            yield Outcome(address, *_answer(address, probes))


def _answer(address: str, probes: Container[str]) -> tuple[HTTPStatus, str]:
    try:
        parts = urlsplit(address)
    except ValueError:  # `http://[`
        return HTTPStatus.NOT_FOUND, ""
    path, query = unquote(parts.path), QueryDict(parts.query)
    if not is_path(path):
        return HTTPStatus.NOT_FOUND, ""
    if path in probes:
        return HTTPStatus.OK, ""
    if login := _login(path):
        return HTTPStatus.FOUND, login
    own = answering_url(path, query)
    if own is not None and "page" in query and "page" not in QueryDict(own.partition("?")[2]):
        return HTTPStatus.MOVED_PERMANENTLY, own  # the first page of a list has no number
    if own is not None:
        return HTTPStatus.OK, ""
    if location := find_redirect(path, parts.query):
        return HTTPStatus.MOVED_PERMANENTLY, location
    return _ask_view(path, parts.query)


def _login(path: str) -> str:
    """Where the desk sends whoever is not logged in, from any address of its own; "" for other addresses."""
    try:
        is_desk = resolve(path).app_name != "blog"
    except Resolver404:
        return ""
    return redirect_to_login(path, reverse("admin:login")).url if is_desk else ""


def _ask_view(path: str, query: str) -> tuple[HTTPStatus, str]:
    """Asks the view itself, which costs more than its rows: to some addresses nobody is redirected, but they answer."""
    try:
        view, args, kwargs = resolve(path)
        response = view(RequestFactory().get(quote(path), QUERY_STRING=query), *args, **kwargs)
    except Http404:
        return HTTPStatus.NOT_FOUND, ""
    return HTTPStatus(response.status_code), response.headers.get("Location", "")
