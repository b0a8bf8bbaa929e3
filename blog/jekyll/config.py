"""The settings of `_config.yml` that the importer needs. Every value has a default, for a tree without the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.text import slugify

from blog.jekyll.reading import FileError, decode
from blog.jekyll.tree import CONFIG, MAX_CONFIG_BYTES, MissingFile, Tree
from blog.jekyll.yaml_text import Value, YamlError, parse_mapping
from blog.text.japanese import post_slug

DEFAULT_TIME_ZONE = "Asia/Tokyo"
DEFAULT_AUTHOR = "編集部"
MAX_AUTHOR = 100


class ConfigError(ValueError):
    """`_config.yml` cannot be used; the message names the line."""


@dataclass(frozen=True)
class Section:
    name: str
    slug: str
    description: str
    position: int


@dataclass(frozen=True)
class SiteConfig:
    url: str = ""
    baseurl: str = ""
    author: str = DEFAULT_AUTHOR
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(DEFAULT_TIME_ZONE))
    sections: Mapping[str, Section] = field(default_factory=dict)

    def section(self, name: str) -> Section:
        """The section with that name. A section that the file does not list comes after all others."""
        return self.sections.get(name) or Section(name, section_slug(name), "", len(self.sections))


def section_slug(name: str) -> str:
    # post_slug removes what slugify leaves and our URLs do not have, such as an underscore at an end.
    return post_slug(slugify(name, allow_unicode=True)) or "section"


def read_config(tree: Tree) -> SiteConfig:
    """The settings in the tree's `_config.yml`, or the defaults without the file. Raises ConfigError."""
    try:
        values = parse_mapping(decode(tree.read_data(CONFIG, MAX_CONFIG_BYTES))).values
    except MissingFile:
        return SiteConfig()
    except (FileError, YamlError) as error:
        where = CONFIG if error.line is None else f"{CONFIG}, line {error.line}"
        raise ConfigError(f"{where}: {error.reason}") from error
    return SiteConfig(
        url=_url(values.get("url")),
        baseurl=_text(values.get("baseurl")).rstrip("/"),
        author=_text(values.get("author"))[:MAX_AUTHOR] or DEFAULT_AUTHOR,
        time_zone=_time_zone(_text(values.get("timezone")) or DEFAULT_TIME_ZONE),
        sections=_sections(values.get("content_categories")),
    )


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""


def _url(value: Value) -> str:
    url = _text(value).rstrip("/")
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"{CONFIG}: there is no time zone {name!r}") from error


def _sections(value: Value) -> dict[str, Section]:
    listed = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    sections: dict[str, Section] = {}
    for item in listed:
        name = _text(item.get("name"))
        if name and name not in sections:
            slug = post_slug(_text(item.get("slug"))) or section_slug(name)
            sections[name] = Section(name, slug, _text(item.get("description")), len(sections))
    return sections
