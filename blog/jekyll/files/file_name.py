"""The name of an article's file, such as `2026-04-01-name.md`."""

import re
from datetime import date
from typing import NamedTuple

from blog.addresses import article_path
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.moments import YEARS
from blog.text.japanese import post_slug

_FILE_NAME = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})-(.+)\.(?:md|markdown)", re.IGNORECASE | re.DOTALL)


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
