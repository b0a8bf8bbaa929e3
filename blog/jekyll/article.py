"""Reads the front matter of an article into typed values. Missing values get defaults, odd ones become findings."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from blog.editing.fields import FIELDS, Field, Kind
from blog.jekyll.config import SiteConfig
from blog.jekyll.reading import IN_REVIEW, Document, FileError, FileName, flag, parse_moment
from blog.jekyll.yaml_text import Value
from blog.models import Image
from blog.text.japanese import MAX_TAGS, one_line, split_tags

MAX_NAME = 100  # characters of the names of authors, sections and tags, as in the models
NO_SECTION = "未分類"
# Further keys besides those of the fields: dates, addresses and the treatment of the body.
_OTHER_KEYS = """
    layout date last_modified_at category permalink redirect_from guid published status reading_time verbatim
    render_with_liquid
"""
KEYS_OF_THE_OLD_LAYOUT = ("pseo_type", "comparison", "pillar")  # kept in files, without a meaning here
KNOWN_KEYS = frozenset([*(field.key for field in FIELDS if field.key), *_OTHER_KEYS.split(), *KEYS_OF_THE_OLD_LAYOUT])


class ImportFinding(NamedTuple):
    code: str
    line: int | None
    detail: str


@dataclass
class Article:
    title: str
    published_at: datetime
    author: str
    section: str
    tags: list[str]
    #: The text or flag of each plain field by its name; the path of a picture.
    values: dict[str, str | bool]
    is_draft: bool
    is_in_review: bool
    guid: str
    permalink: str
    redirect_from: list[str]
    related: list[tuple[str, str]]
    pillar: str
    last_modified_at: datetime | None
    reading_time: str
    lines: dict[str, int]
    findings: list[ImportFinding] = field(default_factory=list)


def is_plain(field: Field) -> bool:
    """Whether the value of the field depends on its key alone. The other fields, and the title, have own rules."""
    return (
        bool(field.key)
        and field.name != "title"
        and (field.kind in (Kind.TEXT, Kind.LINES, Kind.FLAG) or field.model is Image)
    )


def read_article(document: Document, name: FileName, config: SiteConfig) -> Article:
    """Reads the front matter. Raises FileError without a title, or for a date or name that cannot be used."""
    return _Reader(document, name, config).read()


class _Reader:
    def __init__(self, document: Document, name: FileName, config: SiteConfig) -> None:
        self.name = name
        self.config = config
        self.values = document.front_matter.values
        self.lines = document.front_matter.lines
        self.findings: list[ImportFinding] = []
        for key in document.front_matter.duplicates:
            self.note("duplicate_key", key)
        for key in self.values:
            if key not in KNOWN_KEYS:
                self.note("unknown_key", key)

    def note(self, code: str, key: str, detail: str = "") -> None:
        self.findings.append(ImportFinding(code, self.lines.get(key), detail or key))

    def read(self) -> Article:
        sections = self._sections()
        is_draft = not flag(self._text("published"), True)
        return Article(
            title=self._title(),
            published_at=self._date(),
            author=self._author(),
            section=sections[0],
            tags=self._tags(more=sections[1:]),
            values={field.name: self._value(field) for field in FIELDS if is_plain(field)},
            is_draft=is_draft,
            is_in_review=is_draft and self._text("status").strip() == IN_REVIEW,
            guid=self._text("guid").strip(),
            permalink=self._text("permalink").strip(),
            redirect_from=self._list("redirect_from"),
            related=self._links("related_articles"),
            pillar=next((stem for stem, _ in self._links("pillar_article")), ""),
            last_modified_at=self._last_modified_at(),
            reading_time=self._text("reading_time"),
            lines=self.lines,
            findings=self.findings,
        )

    def _text(self, key: str) -> str:
        value = self.values.get(key)
        if isinstance(value, list | dict):
            self.note("not_text", key)
        return value if isinstance(value, str) else ""

    def _list(self, key: str) -> list[str]:
        """The texts of a list, or a single text as a list, without white space at their ends."""
        value = self.values.get(key)
        items = value if isinstance(value, list) else [value]
        return [text for item in items if isinstance(item, str) and (text := item.strip())]

    def _value(self, field: Field) -> str | bool:
        key = field.key
        match field.kind:
            case Kind.TEXT if field.name == "canonical_url":
                return self._text(key).strip()
            case Kind.TEXT:
                return self._text(key)
            case Kind.LINES:
                return "\n".join(self._list(key))
            case Kind.FLAG if field.word in ("true", "false"):
                return flag(self._text(key), field.default)
            case Kind.FLAG:  # a word among others: `robots: noindex, nofollow`
                return any(field.word in word.lower() for word in self._list(key))
            case _:
                return self._image(key)

    def _title(self) -> str:
        title = one_line(self._text("title"))
        if not title.strip():
            raise FileError(self.lines.get("title"), "there is no title")
        return title

    def _date(self) -> datetime:
        text = self._text("date")
        if not text.strip() and "date" not in self.values:
            self.note("missing_date", "date")
            return parse_moment(f"{self.name.day:%Y-%m-%d}", self.config.time_zone)
        return self._moment("date", text)

    def _moment(self, key: str, text: str) -> datetime:
        try:
            return parse_moment(text, self.config.time_zone)
        except ValueError as error:
            raise FileError(self.lines.get(key), f"{key} cannot be read: {error}") from error

    def _last_modified_at(self) -> datetime | None:
        """The stated time of the last change, or now if it lies in the future."""
        text = self._text("last_modified_at")
        return min(self._moment("last_modified_at", text), timezone.now()) if text.strip() else None

    def _author(self) -> str:
        names = self._list("author")
        if not names:
            self.note("missing_author", "author")
            return self.config.author
        return self._short(names[0], "author")

    def _sections(self) -> list[str]:
        names = list(dict.fromkeys(self._list("categories") or self._list("category")))
        if not names:
            self.note("missing_category", "categories")
            return [NO_SECTION]
        self._short(names[0], "categories")
        if self.config.sections and names[0] not in self.config.sections:
            self.note("unknown_category", "categories", names[0])
        if len(names) > 1:
            self.note("several_categories", "categories", ", ".join(names))
        return names

    def _tags(self, more: list[str]) -> list[str]:
        value = self.values.get("tags")
        names = [*(split_tags(value) if isinstance(value, str) else self._list("tags")), *more]
        for name in names:
            if len(name) > MAX_NAME:
                self.note("long_tag", "tags", name)
        fitting = [name for name in dict.fromkeys(names) if len(name) <= MAX_NAME]
        if len(fitting) > MAX_TAGS:
            self.note("many_tags", "tags", f"{len(fitting):,}, of which the first {MAX_TAGS} were taken")
        return fitting[:MAX_TAGS]

    def _short(self, name: str, key: str) -> str:
        if len(name) > MAX_NAME:
            raise FileError(self.lines.get(key), f"{key} is longer than {MAX_NAME} characters")
        return name

    def _image(self, key: str) -> str:
        value = self.values.get(key)
        path = value.get("path") if isinstance(value, dict) else value
        return path.strip() if isinstance(path, str) else ""

    def _links(self, key: str) -> list[tuple[str, str]]:
        """(file stem, reason) of each article that the key names."""
        value = self.values.get(key)
        items = value if isinstance(value, list) else [value]
        links = []
        for item in items:
            link: dict[str, Value] = item if isinstance(item, dict) else {"slug": item}
            stem, reason = link.get("slug"), link.get("reason")
            if isinstance(stem, str) and stem.strip():
                links.append((stem.strip(), reason if isinstance(reason, str) else ""))
            elif item is not None:
                self.note("not_an_article", key)
        return links
