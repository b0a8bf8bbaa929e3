"""Translates the links, attribute lists and Liquid of imported bodies. Everything else stays as it is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from blog.jekyll.permalinks import post_path
from blog.jekyll.reading import Document, FileError, flag
from blog.jekyll.report import Report, Unresolved
from blog.jekyll.tree import IMAGE_SUFFIXES
from blog.models.permalink import clean_path
from blog.text.bounds import MAX_CHARS
from blog.text.desk.addresses import ELSEWHERE
from blog.text.markup import CodeSpans

_LIQUID = r"\{\{[^{}\n]{0,500}\}\}|\{%[^%\n]{0,500}%\}"
_TOKEN = re.compile(
    rf"""
    (?=[ \t>`~\-*+0-9\[\]<{{hs])  # skips most of a text at once
    (?:
    (?P<fence>^[ \t>]*(?:(?:[-*+]|[0-9]{{1,9}}[.)])[ \t]+)?(?P<mark>`{{3,}}(?=[^`\n]*$)|~{{3,}})
        [\s\S]*?(?:^[ \t>]*(?P=mark)[`~]*[ \t]*\r?$|\Z))
  | (?P<ticks>(?<![`\\])`++)
  | (?P<include>^[ \t]*\{{%-?\s*include\b(?:(?!%\}}|\{{%)[\s\S]){{0,1000}}%\}}[ \t]*(?:\r?\n|\Z))
  | (?P<list>^[ \t>]*\{{:[^}}\n]{{0,200}}\}}[ \t]*(?:\r?\n|\Z) | (?<=[)\]*_`>])[ \t]*\{{:[^}}\n]{{0,200}}\}})
  | (?P<open>\]\([ \t]?|^[ ]{{0,3}}\[[^\]\n]{{1,300}}\]:[ \t]*)
        (?P<target><[^<>\n]*>|(?:{_LIQUID}|[^\s()<>]|\([^\s()<>]*\))++)
  | (?P<attribute>\b(?:href|src)[ \t]*=[ \t]*(?P<quote>["']))(?P<value>(?:{_LIQUID}|[^"'<>\n])++)(?=(?P=quote))
  | <(?P<auto>https?://[^\s<>]+)>
  | (?P<liquid>{_LIQUID})
    )
    """,
    re.MULTILINE | re.VERBOSE,
)
_TRANSLATED = re.compile(r"\]\(|\]:|\{[:{%]|\b(?:href|src)\b|<http", re.IGNORECASE)
_LIQUID_PART = re.compile(_LIQUID)
_TAG_NAME = re.compile(r"\w+")
_URL_FILTER = re.compile(r"""(["'])(?P<path>.*?)\1\s*\|\s*(?:relative_url|absolute_url)""")
_ADDRESS_TAGS = ("post_url", "link")
_FILE_NAME = re.compile(r"([0-9]+)-([0-9]+)-([0-9]+)-(.+?)(?:\.md|\.markdown)?")


@dataclass(frozen=True)
class Links:
    """The addresses of the old site: its host, its base path, and the present path of an article for each of its."""

    paths: dict[str, str]
    url: str = ""
    baseurl: str = ""

    def local_path(self, href: str) -> str | None:
        """Path, query and fragment of an address of the old site, without its base; None for any other address."""
        try:
            parts = urlsplit(href)
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            if not self.url or parts.netloc.lower() != urlsplit(self.url).netloc.lower():
                return None
            if parts.scheme not in ("http", "https", ""):
                return None
            href = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
        if self.baseurl and (href == self.baseurl or href.startswith(f"{self.baseurl}/")):
            href = href[len(self.baseurl) :] or "/"
        return href if href.startswith("/") else None

    def root_path(self, written: str) -> str | None:
        """Does what `local_path` does, for front matter, where `assets/a.png` is relative to the root of the site."""
        is_bare = not written.startswith("/") and not ELSEWHERE.match(written)
        return self.local_path(f"/{written}" if is_bare else written)

    def find(self, href: str) -> str | None:
        """The decoded path of the article that `href` leads to, with query and fragment; None without an article."""
        local = self.local_path(href)
        if local is None:
            return None
        path, rest = _split(local)
        found = self._present(clean_path(path))
        return found + rest if found else None

    def _present(self, path: str) -> str | None:
        """The present path. The old one may be in another case, without its last slash or with a last hyphen."""
        if found := self.paths.get(path) or self.paths.get(f"{path}/"):
            return found
        article = post_path(path)
        return self.paths.get(article.path) if article else None

    def post_url(self, name: str) -> str:
        """The path that `{% post_url %}` and `{% link %}` make of an article's file name; "" for another name."""
        match = _FILE_NAME.fullmatch(name.strip("\"'").rpartition("/")[2])
        return "/{}/{}/{}/{}/".format(*match.groups()) if match else ""


def _split(href: str) -> tuple[str, str]:
    """(path, query and fragment)"""
    path = href.partition("#")[0].partition("?")[0]
    return path, href[len(path) :]


def _inside(liquid: str) -> str:
    return liquid[2:-2].removeprefix("-").removesuffix("-").strip()


def _tag(liquid: str) -> tuple[str, str]:
    """(name, rest) of a tag; two empty texts for an output."""
    inside = _inside(liquid) if liquid.startswith("{%") else ""
    name = _TAG_NAME.match(inside)
    return (name[0], inside[name.end() :].strip()) if name else ("", "")


class Translation:
    """The body of a file for this site. `verbatim: true` keeps it whole, `render_with_liquid: false` its Liquid.

    `store_image` gets the path and the line of a picture and returns its URL on this site; without one, the link stays.
    `unknown_liquid` are lines with Liquid that stays as text, `page_links` those with links to other pages of the old
    site.
    """

    def __init__(
        self, document: Document, links: Links, store_image: Callable[[str, int], str | None] = lambda path, line: None
    ) -> None:
        values = document.front_matter.values
        self.links = links
        self.line = document.body_line
        self.store_image = store_image
        self.has_liquid = flag(values.get("render_with_liquid"), True)
        self.rewritten = 0
        self.unresolved: list[Unresolved] = []
        self.unknown_liquid: list[int] = []
        self.page_links: list[int] = []
        self.body = document.body if flag(values.get("verbatim"), False) else self._translated(document.body)

    def _translated(self, body: str) -> str:
        parts, start, spans = [], 0, CodeSpans(body)
        while match := _TOKEN.search(body, start):
            end = spans.end(match, len(body)) if match["ticks"] else match.end()
            self.line += body.count("\n", start, match.start())
            code = body[match.start() : end] if match["ticks"] or match["fence"] else None
            parts += [body[start : match.start()], self._token(match) if code is None else code]
            self.line += body.count("\n", match.start(), end)
            start = end
        return "".join(parts) + body[start:]

    def _token(self, match: re.Match[str]) -> str:
        if match["include"]:
            return "" if self.has_liquid else match[0]
        if match["list"]:
            return ""
        if match["target"]:
            return match["open"] + self._target(match["target"])
        if match["attribute"]:
            return match["attribute"] + self._href(match["value"])
        if match["auto"]:
            href = self._href(match["auto"])
            return match[0] if href == match["auto"] else f"[{match['auto']}]({href})"
        return self._href(match[0]) if _tag(match[0])[0] in _ADDRESS_TAGS else self._liquid(match[0])

    def _target(self, target: str) -> str:
        return f"<{self._href(target[1:-1])}>" if target.startswith("<") else self._href(target)

    def _href(self, written: str) -> str:
        """The new address for `written`, or `written` itself, unchanged, if there is none."""
        href = _LIQUID_PART.sub(lambda liquid: self._liquid(liquid[0]), written)
        new = self._picture(href) or self.links.find(href)
        if new is None:
            # The path of a file name works as soon as its article is imported.
            new = href
            self._note_unresolved(href, written)
        self.rewritten += new != written
        return new

    def _picture(self, href: str) -> str | None:
        path, rest = _split(href if (local := self.links.local_path(href)) is None else local)
        if not path.lower().endswith(IMAGE_SUFFIXES) or ELSEWHERE.match(path):
            return None
        stored = self.store_image(clean_path(path), self.line)
        return stored + rest if stored else None

    def _note_unresolved(self, href: str, written: str) -> None:
        path = clean_path(self.links.local_path(href) or "/")
        if post_path(path):
            self.unresolved.append(Unresolved(self.line, written))
        elif path != "/":
            self.page_links.append(self.line)

    def _liquid(self, liquid: str) -> str:
        if not self.has_liquid:
            return liquid
        name, rest = _tag(liquid)
        if name in ("include", "include_relative"):
            return ""
        if name in _ADDRESS_TAGS and (path := self.links.post_url(rest)):
            return path
        if liquid.startswith("{{"):
            output = _inside(liquid)
            if output in ("site.url", "site.baseurl"):
                return str(getattr(self.links, output.removeprefix("site.")))
            if filtered := _URL_FILTER.fullmatch(output):
                return filtered["path"]
        self.unknown_liquid.append(self.line)
        return liquid


def read_body(
    document: Document, links: Links, report: Report, file: str, picture_url: Callable[[str, str, int], str | None]
) -> str:
    """The body for this site. The report gets the findings. Raises FileError."""
    if len(document.body) > MAX_CHARS:  # checked first, since the translation takes time
        raise FileError(document.body_line, f"the body is longer than {MAX_CHARS:,} characters")
    found = Translation(document, links, lambda path, line: picture_url(path, file, line))
    report.rewritten_links += found.rewritten
    report.miss_links(file, found.unresolved)
    for line in found.unknown_liquid:
        report.find(file, "unknown_liquid", line, "left as text")
    for line in found.page_links:
        report.find(file, "page_link", line, "to a page of the old site")
    return found.body


def shown_pictures(document: Document, links: Links) -> list[str]:
    """The pictures that the body shows. A body without a picture's suffix is not parsed."""
    paths: list[str] = []
    if len(document.body) <= MAX_CHARS and any(suffix in document.body.lower() for suffix in IMAGE_SUFFIXES):
        Translation(document, links, lambda path, line: paths.append(path))
    return paths


def needs_translation(body: str) -> bool:
    """Whether the body holds anything that an import would translate, so that a file must call it verbatim."""
    return _TRANSLATED.search(body) is not None
