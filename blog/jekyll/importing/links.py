"""Bodies on their way in: links, attribute lists and Liquid are translated, nothing else is touched."""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from blog.jekyll.importing.permalinks import Addresses, post_path
from blog.models.permalink import clean_path

MAX_HREF = 8_192  # characters; what the ledger holds, percent-encoded, takes no more
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif")

_LIQUID = r"\{\{[^{}\n]{0,500}\}\}|\{%[^%\n]{0,500}%\}"
_TOKEN = re.compile(
    rf"""
    (?=[ \t>`~\-*+0-9\[\]<{{hs])  # most of a text is none of these, and skipped at once
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
_TICKS = re.compile("`+")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
_TAG_NAME = re.compile(r"\w+")
_URL_FILTER = re.compile(r"""(["'])(?P<path>.*?)\1\s*\|\s*(?:relative_url|absolute_url)""")
_ADDRESS_TAGS = ("post_url", "link")
_FILE_NAME = re.compile(r"([0-9]+)-([0-9]+)-([0-9]+)-(.+?)(?:\.md|\.markdown)?")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class Unresolved(NamedTuple):
    line: int
    href: str


@dataclass
class Translated:
    """`unknown` are the lines of Liquid that stays as text, `pages` links into the old site that are no article's."""

    body: str = ""
    rewritten: int = 0
    unresolved: list[Unresolved] = field(default_factory=list)
    unknown_liquid: list[int] = field(default_factory=list)
    page_links: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Links:
    """The old site's addresses: its host, the path it stood under, and where its articles are now."""

    addresses: Addresses
    url: str = ""
    baseurl: str = ""

    def local_path(self, href: str) -> str | None:
        """Path, query and fragment of an address of the old site, below its base; None for any other."""
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
        """As `local_path`, for front matter, where `assets/a.png` counts from the root of the site."""
        is_bare = not written.startswith("/") and not _ELSEWHERE.match(written)
        return self.local_path(f"/{written}" if is_bare else written)

    def find(self, href: str) -> str | None:
        """The readable, root-relative address of the article that `href` means, with its query and fragment."""
        local = self.local_path(href)
        if local is None:
            return None
        path, rest = _split(local)
        found = self.addresses.find(path)
        return found + rest if found else None

    def post_url(self, name: str) -> str:
        """The path that an article's file name stands for, as `{% post_url %}` and `{% link %}` give it; or ""."""
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
        """`store_image` takes the path of a picture and its line, and gives its URL here, or None to leave it.

        Without `has_liquid` what looks like Liquid is text.
        """
        return _Translation(self, first_line, has_liquid, store_image).run(body)


def _split(href: str) -> tuple[str, str]:
    """(path, query and fragment)"""
    path = href.partition("#")[0].partition("?")[0]
    return path, href[len(path) :]


def _inside(liquid: str) -> str:
    return liquid[2:-2].removeprefix("-").removesuffix("-").strip()


def _tag(liquid: str) -> tuple[str, str]:
    """(name, all that follows it) of a tag; two empty texts for an output."""
    inside = _inside(liquid) if liquid.startswith("{%") else ""
    name = _TAG_NAME.match(inside)
    return (name[0], inside[name.end() :].strip()) if name else ("", "")


def _without_raw(code: str) -> str:
    """Code without the pairs of raw and endraw around what Liquid was to leave alone; one pass, whatever is typed."""
    kept, start, opening = [], 0, None
    for tag in _RAW_TAG.finditer(code):
        if not tag[1]:
            opening = opening or tag
        elif opening:
            kept += [code[start : opening.start()], code[opening.end() : tag.start()]]
            start, opening = tag.end(), None
    return "".join(kept) + code[start:]


class _Spans:
    """Where code spans end: at the next run of as many backticks, in the same paragraph.

    Every run and every blank line is looked up once, however many runs have no other that fits.
    """

    def __init__(self, body: str) -> None:
        self._runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(body):
            self._runs.setdefault(len(run[0]), []).append(run.start())
        self._blank_lines = [line.start() for line in _BLANK_LINE.finditer(body)] if self._runs else []

    def end(self, opening: re.Match, limit: int) -> int:
        """After the span that these backticks open, or after themselves if they open none before `limit`."""
        ticks = len(opening["ticks"])
        runs = self._runs.get(ticks, [])
        after = bisect_left(runs, opening.end())
        blank = bisect_left(self._blank_lines, opening.end())
        limit = min([limit, *self._blank_lines[blank : blank + 1]])
        fits = after < len(runs) and runs[after] + ticks <= limit
        return runs[after] + ticks if fits else opening.end()


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
        self.spans = _Spans(body)
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
        self.may_end_raw = closing is not None  # not to be looked for again at each of a thousand openings
        return closing

    def _inside_raw(self, body: str, start: int, end: int) -> str:
        """What Liquid leaves alone is still Markdown: it has code and links, but no Liquid."""
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
        """What to write for `written`; itself, byte for byte, where there is nothing better."""
        if len(written) > MAX_HREF:
            return written
        href = _LIQUID_PART.sub(lambda liquid: self._liquid(liquid[0]), written)
        new = self._picture(href) or self.links.find(href)
        if new is None:
            # The path of a file name works as soon as the article is there.
            new = href
            self._note_unresolved(href, written)
        self.result.rewritten += new != written
        return new

    def _picture(self, href: str) -> str | None:
        path, rest = _split(href if (local := self.links.local_path(href)) is None else local)
        if not path.lower().endswith(IMAGE_SUFFIXES) or _ELSEWHERE.match(path):
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
