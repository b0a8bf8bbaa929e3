"""The links and pictures of a body, with their places."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from blog.text.desk.blanks import bare_text
from blog.text.desk.blocks import Block, Kind
from blog.text.japanese import unescaped

_TOKEN = re.compile(r"\\[\\\[\]!]|!?\[|\]")
_DESTINATION = re.compile(
    r"\([ \t\n]*(?:<([^<>\n]*)>|([^\s()<>]*+(?:\([^\s()]*\))?+[^\s()<>]*+))"
    r"(?=[ \t\n]*(?:\)|[\"'(][^\"'()\n]{0,300}[\"')][ \t\n]*\)))"
)
_DEFINED = re.compile(r"[ ]{0,3}\[(?!\^)[^\[\]]*\]:[ \t]*<?([^\s<>]+)")
_ATTRIBUTE = re.compile(
    r"<(a|img)\b[^<>]*?\s(?:href|src)=(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'=<>`]+))", re.IGNORECASE
)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.ASCII | re.IGNORECASE)  # begins with a scheme or a host
_PLAIN = re.compile(r"/(?!/)[!\"$'-.0->@-~/]*")  # a path of ours with nothing to decode, as most are
_PICTURE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
_UNREAD = (Kind.FENCE, Kind.CODE, Kind.TEMPLATE, Kind.RULE)


class Address(NamedTuple):
    """An address as it is written, at `start` of the body; `written[begin:end]` is its path, empty for a fragment.

    `path` is the path on our site, decoded and in NFC; None for another site. An address without a path and without a
    fragment leads nowhere.
    """

    written: str
    start: int
    is_picture: bool
    path: str | None
    fragment: str
    begin: int
    end: int

    @property
    def names_picture(self) -> bool:
        return self.is_picture or (self.path is not None and _PICTURE.search(self.path) is not None)


def addresses(blocks: tuple[Block, ...], own_origin: str) -> Iterator[Address]:
    """Yields the address of each link and picture outside code, in Markdown and in raw HTML."""
    host = own_origin.partition("://")[2].lower()
    for block in blocks:
        if block.kind in _UNREAD or not _may_hold_any(block, host):
            continue
        for is_picture, place, written in _written(block, bare_text(block), host):
            yield _address(written, block.text_start + place, host, is_picture=is_picture)


def _may_hold_any(block: Block, host: str) -> bool:
    """A quick look, as most blocks hold none."""
    text = block.text
    return "](" in text or "<" in text or block.kind is Kind.DEFINITION or bool(host and host in text)


def _written(block: Block, text: str, host: str) -> Iterator[tuple[bool, int, str]]:
    if "](" in text:
        yield from _inline(text)
    if block.kind is Kind.DEFINITION and (defined := _DEFINED.match(text)):
        yield False, defined.start(1), defined[1]
    if "<" in text:
        for found in _ATTRIBUTE.finditer(text):
            group = next(group for group in (2, 3, 4) if found[group] is not None)
            yield found[1].lower() == "img", found.start(group), found[group]
    if host and host in text:
        for found in re.finditer(rf"(?<![(\"'\w])https?://{re.escape(host)}[!-;=?-~]*", text):
            yield False, found.start(), found[0].rstrip(".,;:!?)*_]")


def _inline(text: str) -> Iterator[tuple[bool, int, str]]:
    opened: list[str] = []
    for token in _TOKEN.finditer(text):
        if token[0][0] == "\\":
            continue
        if token[0] != "]":
            opened.append(token[0])
            continue
        mark = opened.pop() if opened else ""
        if mark and text.startswith("(", token.end()) and (found := _DESTINATION.match(text, token.end())):
            group = 1 if found[1] is not None else 2
            yield mark == "![", found.start(group), found[group]


def _address(written: str, start: int, host: str, *, is_picture: bool) -> Address:
    if _PLAIN.fullmatch(written):
        return Address(written, start, is_picture, written, "", 0, len(written))
    begin = _begin_of_path(written, host)
    if begin < 0:
        return Address(written, start, is_picture, None, "", 0, 0)
    rest, _, fragment = written.partition("#")
    end = max(begin, len(rest.partition("?")[0]))
    path = decoded(written[begin:end])
    if not path and begin:
        path = "/"
    return Address(written, start, is_picture, path, decoded(fragment), begin, end)


def _begin_of_path(written: str, host: str) -> int:
    """Where the path on our site begins; -1 for an address elsewhere."""
    if not ELSEWHERE.match(written):
        return 0
    scheme, _, rest = written.partition("//")
    if host and scheme.lower() in ("", "http:", "https:") and rest[: len(host)].lower() == host:
        begin = len(scheme) + 2 + len(host)
        if written[begin : begin + 1] in ("", "/", "?", "#"):
            return begin
    return -1


def decoded(text: str) -> str:
    return unicodedata.normalize("NFC", unquote(unescaped(text)))
