"""Splits a Jekyll file into its front matter, with line numbers, and its exact body."""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from blog.jekyll.files.yaml_text import Mapping, Value, YamlError, parse_mapping

MAX_FRONT_MATTER = 64 * 1024  # characters; the longest of the archive has 3,000
IN_REVIEW = "in_review"  # the `status` of a draft that waits for an editor; Jekyll has no word for it

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.MULTILINE)


class FileError(ValueError):
    """A file, or one value in it, cannot be used. `line` is None if the error is in no line."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Document:
    front_matter: Mapping
    body: str
    body_line: int


class Parts(NamedTuple):
    """The text of a file in four parts. Joined, they are the file."""

    opening: str
    front_matter: str
    closing: str
    body: str


def split_document(text: str) -> Parts:
    """Splits the text of a file. Raises FileError for a text without front matter."""
    opening = _OPENING.match(text)
    if opening is None:
        raise FileError(1, "no front matter: the first line is not `---`")
    closing = _CLOSING.search(text, opening.end(), opening.end() + MAX_FRONT_MATTER)
    if closing is None:
        reason = f"the front matter has no end: no `---` line in its first {MAX_FRONT_MATTER:,} characters"
        raise FileError(1, reason)
    return Parts(opening[0], text[opening.end() : closing.start()], closing[0], text[closing.end() :])


def parse_document(data: bytes) -> Document:
    """Parses a file. The body keeps its line ends and trailing spaces. Raises FileError with line and reason."""
    text = decode(data)
    parts = split_document(text)
    try:
        front_matter = _parse(parts.front_matter)
    except YamlError as error:
        raise FileError(error.line, error.reason) from error
    return Document(front_matter, parts.body, 1 + text.count("\n", 0, len(text) - len(parts.body)))


@lru_cache(maxsize=4_000)  # an import reads each file twice
def _parse(front_matter: str) -> Mapping:
    return parse_mapping(front_matter, first_line=2)


def flag(value: Value, default: bool) -> bool:
    """The boolean that a word means; `default` for any other value."""
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in ("false", "no", "off", "0"):
        return False
    return True if word in ("true", "yes", "on", "1") else default


def decode(data: bytes) -> str:
    """Decodes UTF-8 with or without a byte order mark. Raises FileError, also for a NUL."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileError(1, "not UTF-8: the byte order mark of UTF-16 at byte 0")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from after the byte order mark.
        position = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        reason = f"not UTF-8: byte 0x{data[position]:02x} at position {position:,}"
        raise FileError(1 + data.count(b"\n", 0, position), reason) from error
    if (position := data.find(b"\0")) >= 0:
        raise FileError(1 + data.count(b"\n", 0, position), f"a NUL byte at position {position:,}")
    return text


def has_liquid(body: str) -> bool:
    """Whether Jekyll would read the body as a template."""
    return "{{" in body or "{%" in body
