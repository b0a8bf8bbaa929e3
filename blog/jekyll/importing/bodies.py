"""Reads the bodies of imported files. They are translated, unless their front matter says `verbatim: true`."""

import re
from collections.abc import Callable

from blog.jekyll.files.front_matter import Document, FileError, flag
from blog.jekyll.files.tree import IMAGE_SUFFIXES
from blog.jekyll.importing.links import Links, Translated
from blog.jekyll.importing.pictures import Pictures
from blog.jekyll.report import Report
from blog.text.bounds import MAX_CHARS

IMAGE_SUFFIX = re.compile("|".join(map(re.escape, IMAGE_SUFFIXES)), re.IGNORECASE)
END_MARKER = re.compile(r"^---END---[ \t]*\r?$", re.MULTILINE)


def translated(document: Document, links: Links, store_image: Callable[[str, int], str | None]) -> Translated:
    """The body for this site. `verbatim: true` keeps it whole, `render_with_liquid: false` of Jekyll its Liquid."""
    values = document.front_matter.values
    if flag(values.get("verbatim"), False):
        return Translated(document.body)
    return links.translate(
        document.body,
        first_line=document.body_line,
        has_liquid=flag(values.get("render_with_liquid"), True),
        store_image=store_image,
    )


def shown_pictures(document: Document, links: Links) -> list[str]:
    """The paths for which `translated` will call `store_image`. Bodies without a picture's suffix are not parsed."""
    if len(document.body) > MAX_CHARS or not IMAGE_SUFFIX.search(document.body):
        return []
    paths: list[str] = []
    translated(document, links, lambda path, line: paths.append(path))
    return paths


class Bodies:
    def __init__(self, links: Links, pictures: Pictures, report: Report) -> None:
        self.links = links
        self.pictures = pictures
        self.report = report

    def read(self, document: Document, file: str) -> str:
        """The body for this site. The report gets the findings. Raises FileError."""
        if len(document.body) > MAX_CHARS:  # checked first, since the translation takes time
            raise FileError(document.body_line, f"the body is longer than {MAX_CHARS:,} characters")
        found = translated(document, self.links, lambda path, line: self.pictures.url(path, file, line))
        self.report.rewritten_links += found.rewritten
        self.report.miss_links(file, found.unresolved)
        for line in found.unknown_liquid:
            self.report.find(file, "unknown_liquid", line, "left as text")
        for line in found.page_links:
            self.report.find(file, "page_link", line, "to a page of the old site")
        if END_MARKER.search(found.body):
            self.report.find(file, "end_marker", None, "left where it stands")
        return found.body
