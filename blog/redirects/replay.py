"""What old addresses answer now, for whoever moves the site to another host or changes its addresses."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.http import QueryDict

from blog.redirects.answering import answering_url
from blog.redirects.finding import find_redirect, is_path


class Outcome(NamedTuple):
    address: str
    status: HTTPStatus
    location: str = ""


def replay(lines: Iterable[str]) -> Iterator[Outcome]:
    """Yields what each address answers; a line is a path or a whole URL, whose host is not looked at."""
    for line in lines:
        if address := line.strip():
            yield _outcome(address)


def _outcome(address: str) -> Outcome:
    try:
        parts = urlsplit(address)
    except ValueError:  # `http://[`
        return Outcome(address, HTTPStatus.NOT_FOUND)
    path, query = unquote(parts.path), QueryDict(parts.query)
    if not is_path(path):
        return Outcome(address, HTTPStatus.NOT_FOUND)
    own = answering_url(path, query)
    if own is not None and "page" in query and "page" not in QueryDict(own.partition("?")[2]):
        return Outcome(address, HTTPStatus.MOVED_PERMANENTLY, own)  # the first page of a list has no number
    if own is not None:
        return Outcome(address, HTTPStatus.OK)
    location = find_redirect(path, parts.query)
    return Outcome(address, HTTPStatus.MOVED_PERMANENTLY if location else HTTPStatus.NOT_FOUND, location or "")
