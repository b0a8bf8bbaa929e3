"""Translates the links, attribute lists and Liquid of imported bodies. Everything else stays as it is."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from blog.jekyll.files.tree import IMAGE_SUFFIXES
from blog.jekyll.importing.permalinks import Addresses, post_path
from blog.jekyll.report import Unresolved
from blog.models.permalink import clean_path
from blog.text.desk.addresses import ELSEWHERE
from blog.text.markup import CodeSpans

MAX_HREF = 8_192  # characters; no path of the ledger is longer, even percent-encoded


_LIQUID = r"\{\{[^{}\n]{0,500}\}\}|\{%[^%\n]{0,500}%\}"
_TOKEN = re.compile(
    rf"""
    (?=[ \t>`~\-*+0-9\[\]<{{hs])  # skips most of a text at once
    (?:
    (?P<fence>^[ \t>]*(?:(?:[-*+]|[0-9]{{1,9}}[.)])[ \t]+)?(?P<mark>`{{3,}}(?=[^`\n]*$)|~{{3,}})
        [\s\S]*?(?:^[ \t>]*(?P=mark)[`~]*[ \t]*\r?$|\Z))
  | (?P<ticks>(?<![`\\])`++)
  | (?P<raw>\{{%-?\s*raw\s*-?%\}})
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
_LIQUID_PART = re.compile(_LIQUID)
_RAW_TAG = re.compile(r"\{%-?\s*(end)?raw\s*-?%\}")
_END_RAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_TAG_NAME = re.compile(r"\w+")
_URL_FILTER = re.compile(r"""(["'])(?P<path>.*?)\1\s*\|\s*(?:relative_url|absolute_url)""")
_ADDRESS_TAGS = ("post_url", "link")
_FILE_NAME = re.compile(r"([0-9]+)-([0-9]+)-([0-9]+)-(.+?)(?:\.md|\.markdown)?")


@dataclass
class Translated:
    """A translated body. `unknown_liquid` are lines with Liquid that stays as text.

    `page_links` are lines with links to pages of the old site that are no articles.
    """

    body: str = ""
    rewritten: int = 0
    unresolved: list[Unresolved] = field(default_factory=list)
    unknown_liquid: list[int] = field(default_factory=list)
    page_links: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Links:
    """The addresses of the old site: its host, its base path, and the present paths of its articles."""

    addresses: Addresses
    url: str = ""
    baseurl: str = ""

    def local_path(self, href: str) -> str | None:
        """Path, query and fragment of an address of the old site, without its base; None for any other address."""
        if len(href) > MAX_HREF:
            return None
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
        found = self.addresses.find(path)
        return found + rest if found else None

    def post_url(self, name: str) -> str:
        """The path that `{% post_url %}` and `{% link %}` make of an article's file name; "" for another name."""
        match = _FILE_NAME.fullmatch(name.strip("\"'").rpartition("/")[2])
        return "/{}/{}/{}/{}/".format(*match.groups()) if match else ""

    def translate(
        self,
        body: str,
        *,
        first_line: int = 1,
        has_liquid: bool = True,
        store_image: Callable[[str, int], str | None] = lambda path, line: None,
    ) -> Translated:
        """Translates a body. `store_image` gets the path and the line of a picture and returns its URL on this site.

        A link to a picture stays if `store_image` returns None. Without `has_liquid`, Liquid stays as text.
        """
        return _Translation(self, first_line, has_liquid, store_image).run(body)


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


def _without_raw(code: str) -> str:
    """Code without its pairs of raw and endraw. Takes one pass for any text."""
    kept, start, opening = [], 0, None
    for tag in _RAW_TAG.finditer(code):
        if not tag[1]:
            opening = opening or tag
        elif opening:
            kept += [code[start : opening.start()], code[opening.end() : tag.start()]]
            start, opening = tag.end(), None
    return "".join(kept) + code[start:]


class _Translation:
    def __init__(
        self, links: Links, first_line: int, has_liquid: bool, store_image: Callable[[str, int], str | None]
    ) -> None:
        self.links = links
        self.line = first_line
        self.store_image = store_image
        self.is_raw = not has_liquid
        self.may_end_raw = True
        self.result = Translated()

    def run(self, body: str) -> Translated:
        self.spans = CodeSpans(body)
        self.result.body = self._text(body, 0, len(body))
        return self.result

    def _text(self, body: str, start: int, end: int) -> str:
        parts = []
        while match := _TOKEN.search(body, start, end):
            parts.append(body[start : match.start()])
            self.line += body.count("\n", start, match.start())
            start = match.end()
            if match["raw"] and (closing := self._end_of_raw(body, start, end)):
                parts.append(self._inside_raw(body, start, closing.start()))
                start = closing.end()
            elif match["ticks"]:
                start = self.spans.end(match, end)
                code = body[match.start() : start]
                parts.append(code if self.is_raw else _without_raw(code))
                self.line += code.count("\n")
            else:
                parts.append(self._token(match))
                self.line += match[0].count("\n")
        return "".join(parts) + body[start:end]

    def _end_of_raw(self, body: str, start: int, end: int) -> re.Match | None:
        if self.is_raw or not self.may_end_raw:
            return None
        closing = _END_RAW.search(body, start, end)
        self.may_end_raw = closing is not None  # without one, later openings need no search
        return closing

    def _inside_raw(self, body: str, start: int, end: int) -> str:
        """Translates the text between raw and endraw. It is Markdown with code and links, but its Liquid is text."""
        first_line, self.is_raw = self.line, True
        text = self._text(body, start, end)
        self.line, self.is_raw = first_line + body.count("\n", start, end), False
        return text

    def _token(self, match: re.Match) -> str:
        if match["fence"]:
            return match[0] if self.is_raw else _without_raw(match[0])
        if match["include"]:
            return match[0] if self.is_raw else ""
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
        if len(written) > MAX_HREF:
            return written
        href = _LIQUID_PART.sub(lambda liquid: self._liquid(liquid[0]), written)
        new = self._picture(href) or self.links.find(href)
        if new is None:
            # The path of a file name works as soon as its article is imported.
            new = href
            self._note_unresolved(href, written)
        self.result.rewritten += new != written
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
            self.result.unresolved.append(Unresolved(self.line, written))
        elif path != "/":
            self.result.page_links.append(self.line)

    def _liquid(self, liquid: str) -> str:
        if self.is_raw:
            return liquid
        name, rest = _tag(liquid)
        if name in ("include", "include_relative"):
            return ""
        if name in _ADDRESS_TAGS and (path := self.links.post_url(rest)):
            return path
        if liquid.startswith("{{"):
            known = {"site.url": self.links.url, "site.baseurl": self.links.baseurl}
            output = _inside(liquid)
            if output in known:
                return known[output]
            if filtered := _URL_FILTER.fullmatch(output):
                return filtered["path"]
        self.result.unknown_liquid.append(self.line)
        return liquid
