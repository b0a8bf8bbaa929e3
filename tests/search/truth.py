"""What a search ought to find: every article is read and asked, with nothing of the index in between."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

from blog.models import Post
from blog.search.query import Query
from blog.text.japanese import CJK, normalise_for_search

SAME = {ord("〜"): "~", ord("\u2010"): "-", ord("\u2212"): "-"}  # that no reader tells apart
WORD = rf"[^\W_{CJK}]"


@lru_cache(10_000)
def spelt(text: str) -> str:
    """The text in one width and case. Of spaces only those between two words or two runs of Japanese are left."""
    text = normalise_for_search(text).translate(SAME)
    kinds = [*map(_kind, text)]
    idle = {at for at, char in enumerate(text) if char == " " and not _is_between_equals(kinds, at)}
    return "".join(char for at, char in enumerate(text) if at not in idle)


class Reading(NamedTuple):
    """What is read in an article: its title; its tags and excerpt; its body."""

    moment: datetime
    key: int
    texts: tuple[list[str], list[str], list[str]]


def read(post: Post) -> Reading:
    tags = [tag.name for tag in post.tag_list]
    parts = [post.title], [*tags, post.excerpt], [*post.key_points.splitlines(), _shown(post.body_html)]
    title, head, body = ([*map(spelt, texts)] for texts in parts)
    return Reading(post.published_at or post.created_at, post.pk, (title, head, body))


class _Page(HTMLParser):
    """Reads a page as a browser shows it, with nothing of the site's own reading of markup."""

    BLOCK = re.compile(
        "blockquote|caption|d[dlt]|div|fig(caption|ure)|h[1-6r]|img|li|[ou]l|p|pre|section|t(able|body|[dhr]|foot|head)"
    )

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.hidden: list[str] = []  # open elements that stand beside the text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("rt", "rp") or (tag == "sup" and ("class", "footnote-ref") in attrs):
            self.hidden.append(tag)
        if self.BLOCK.fullmatch(tag):
            self.out.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()
        if self.BLOCK.fullmatch(tag):
            self.out.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.out.append(data)


@lru_cache(1_000)
def _shown(html: str) -> str:
    page = _Page()
    page.feed(html)
    page.close()
    return re.sub(rf"(?<=[、{CJK}])[ \t]*\n[ \t]*(?=[（「『{CJK}])", "", "".join(page.out))  # a line of source, no gap


def stands_in(term: str, text: str) -> bool:
    """Whether the text contains the term: a word whole, Japanese anywhere."""
    if term not in text:
        return False
    before = rf"(?<!{WORD})" if re.match(WORD, term) else ""
    after = rf"(?!{WORD})" if re.match(WORD, term[-1]) else ""
    return re.search(before + re.escape(term) + after, text) is not None


def scan(query: Query, readings: Iterable[Reading]) -> list[int]:
    """The keys of the posts that match, in order. Other spellings are not looked for."""
    wanted = [spelt(term.text) for term in query.terms if not term.excluded]
    unwanted = [spelt(term.text) for term in query.terms if term.excluded]
    if not wanted:
        return []
    return [key for *_, key in sorted(_ranked(wanted, unwanted, readings), reverse=True)]


def _ranked(wanted: list[str], unwanted: list[str], readings: Iterable[Reading]) -> Iterator[tuple]:
    def has(texts: list[str], term: str) -> bool:
        return any(stands_in(term, text) for text in texts)

    for moment, key, (title, head, body) in readings:
        reaches = title, title + head, title + head + body
        if any(has(reaches[-1], term) for term in unwanted):
            continue
        reach = next((n for n, texts in enumerate(reaches) if all(has(texts, term) for term in wanted)), None)
        if reach is not None:
            yield -reach, moment, key


def _kind(char: str) -> str:
    if re.match(f"[{CJK}]", char):
        return "japanese"
    return "word" if re.match(WORD, char) else "sign"


def _is_between_equals(kinds: list[str], at: int) -> bool:
    if not 0 < at < len(kinds) - 1:
        return False
    return kinds[at - 1] == kinds[at + 1] != "sign"
