"""Reads a Jekyll file: its name, its front matter with line numbers, the dates in it, and its exact body."""

import codecs
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from django.core.exceptions import ValidationError

from blog.addresses import article_path
from blog.jekyll.yaml_text import Mapping, Value, YamlError, parse_mapping
from blog.text.japanese import post_slug

MAX_FRONT_MATTER = 64 * 1024  # characters; the longest of the archive has 3,000
IN_REVIEW = "in_review"  # the `status` of a draft that waits for an editor; Jekyll has no word for it

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.MULTILINE)

YEARS = range(1900, 9999)  # dates of these years exist in every time zone, with four digits
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt\s]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6})[0-9]*)?)?)?"
    r"\s*(Z|z|UTC|GMT|JST|[+-][0-9]{1,2}(?::?[0-9]{2})?)?"
)
_FILE_NAME = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})-(.+)\.(?:md|markdown)", re.IGNORECASE | re.DOTALL)


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


def parse_document(data: bytes) -> Document:
    """Parses a file. The body keeps its line ends and trailing spaces. Raises FileError with line and reason."""
    text = decode(data)
    opening = _OPENING.match(text)
    if opening is None:
        raise FileError(1, "no front matter: the first line is not `---`")
    closing = _CLOSING.search(text, opening.end(), opening.end() + MAX_FRONT_MATTER)
    if closing is None:
        reason = f"the front matter has no end: no `---` line in its first {MAX_FRONT_MATTER:,} characters"
        raise FileError(1, reason)
    front_matter = text[opening.end() : closing.start()]
    try:
        mapping = parse_mapping(front_matter, first_line=2)
    except YamlError as error:
        raise FileError(error.line, error.reason) from error
    return Document(mapping, text[closing.end() :], 1 + text.count("\n", 0, closing.end()))


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


class FileName(NamedTuple):
    day: date
    slug: str

    @property
    def path(self) -> str:
        return article_path(self.day, self.slug)


def parse_file_name(name: str) -> FileName:
    """The day and the slug that Jekyll reads from a file name. Raises FileError."""
    match = _FILE_NAME.fullmatch(name)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise FileError(None, "the file name does not begin with a date, as 2026-04-01-name.md does")
    if not (slug := post_slug(match[4])):
        raise FileError(None, "the file name has nothing after its date that could stand in a URL")
    return FileName(day, slug)


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Parses a date in the form of the archive into UTC. A date without a zone is in `zone`. Raises ValueError."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None or int(match[1]) not in YEARS:
        raise ValueError(f"{text!r} is not a date such as 2026-04-01 09:30:00 +0900")
    year, month, day, hour, minute, second = (int(number or 0) for number in match.groups()[:6])
    microsecond = int((match[7] or "").ljust(6, "0"))
    offset = _offset(match[8]) if match[8] else zone
    return datetime(year, month, day, hour, minute, second, microsecond, offset).astimezone(UTC)


def _offset(text: str) -> timezone:
    if text in ("Z", "z", "UTC", "GMT"):
        return UTC
    if text == "JST":
        return timezone(timedelta(hours=9))
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, 0)
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if text[0] == "-" else offset)


def moment_text(moment: datetime) -> str:
    """A moment in the form of the archive. A fraction of a second is written only if it is not zero."""
    fraction = f".{moment:%f}" if moment.microsecond else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} {moment:%z}"


def problem_text(error: ValidationError) -> str:
    return "; ".join(f"{field}: {' '.join(problems)}" for field, problems in error.message_dict.items())
