"""Tells what old addresses answer now, for whoever moves the site to another host or changes its addresses."""

from collections.abc import Container, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, QueryDict
from django.test import RequestFactory
from django.urls import Resolver404, resolve, reverse
from django.utils.encoding import iri_to_uri

from blog.redirects.answering import answering_url
from blog.redirects.finding import find_redirect, is_path

# Only their views know what they answer: one redirects, the other searches.
ASKED = ("today", "search")


class ReplayedAddress(NamedTuple):
    address: str
    status: HTTPStatus
    location: str = ""


def replay(lines: Iterable[str], *, probes: Container[str] = ()) -> Iterator[ReplayedAddress]:
    """Yields what each address answers; a line is a path or a whole URL, whose host is not looked at.

    `probes` are the paths that are answered before any route is looked for.
    """
    for line in lines:
        if address := line.strip():
            yield ReplayedAddress(address, *_answer(address, probes))


def _answer(address: str, probes: Container[str]) -> tuple[HTTPStatus, str]:
    encoded, query = _parts(address)
    path = unquote(encoded)
    if not path.startswith("/") or not is_path(path):
        return HTTPStatus.NOT_FOUND, ""
    if path in probes or _is_static(path):
        return HTTPStatus.OK, ""
    if login := _login(path):
        return HTTPStatus.FOUND, login
    try:
        own = answering_url(path, QueryDict(query))
        if own is not None and not _is_asked(path, query):
            return HTTPStatus.OK, ""
        if own is None and (location := find_redirect(path, query)):
            return HTTPStatus.MOVED_PERMANENTLY, location
        return _ask_view(path, query)
    except (BadRequest, SuspiciousOperation):  # a query of a thousand fields, for one
        return HTTPStatus.BAD_REQUEST, ""


def _parts(address: str) -> tuple[str, str]:
    """The path, as it is encoded, and the query of a path or a whole URL; no path for what is neither."""
    if address.startswith("/"):  # `//a/` too is a path here, of a client that doubled a slash
        path, _, query = address.partition("#")[0].partition("?")
        return path, query
    try:
        parts = urlsplit(address)
    except ValueError:  # `http://[`
        return "", ""
    return (parts.path or "/", parts.query) if parts.scheme and parts.netloc else ("", "")


def _is_static(path: str) -> bool:
    """Whether it is a file that was collected, which is answered before any route is looked for."""
    root, name = Path(settings.STATIC_ROOT).resolve(), path.removeprefix(settings.STATIC_URL)
    try:
        file = (root / name).resolve()
        return name != path and file.is_relative_to(root) and file.is_file()
    except OSError:  # a name that is too long for a file
        return False


def _login(path: str) -> str:
    """Where the desk sends whoever is not logged in, from any address of its own; "" for other addresses."""
    try:
        is_desk = resolve(path).app_name != "blog"
    except Resolver404:
        return ""
    return redirect_to_login(path, reverse("admin:login")).url if is_desk else ""


def _is_asked(path: str, query: str) -> bool:
    """Whether the view of an existing page may answer with something else.

    It redirects from `?page=1`, since the first page of a list has no number in its address.
    """
    return resolve(path).url_name in ASKED or QueryDict(query).get("page") == "1"


def _ask_view(path: str, query: str) -> tuple[HTTPStatus, str]:
    """Calls the view itself, which costs more: some addresses answer, though nothing redirects to them."""
    try:
        view, args, kwargs = resolve(path)
        response = view(RequestFactory().get(quote(path), QUERY_STRING=iri_to_uri(query)), *args, **kwargs)
    except Http404:
        return HTTPStatus.NOT_FOUND, ""
    return HTTPStatus(response.status_code), response.headers.get("Location", "")
