"""Headings: their ids, levels and table of contents, and the lists that writers set by hand under known names."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from blog.text.japanese import WordAlphabet

_MARKS = " 　*_#■▼◆●【】［］[]:：📚📖🔗✨"
_CONTENTS = re.compile(r"(?:この記事の|本記事の|記事の)?(?:目次|もくじ)|(?:Table of )?Contents", re.IGNORECASE)
_ANNOUNCED = re.compile(
    "(?:関連|おすすめ|オススメ|お勧め)の?(?:記事|コンテンツ|リンク)"
    "|(?:あわ|合わ|併)せて読みたい(?:の?(?:記事|コンテンツ|リンク))?|こちらもおすすめ"
)
_RELATED = re.compile(f"(?:{_ANNOUNCED.pattern})(?:一覧|はこちら)?")


def bare_name(heading: str) -> str:
    """The words of a heading without the signs that writers set around them."""
    return heading.strip(_MARKS)


def is_contents(name: str) -> bool:
    return _CONTENTS.fullmatch(name) is not None


def is_related(name: str) -> bool:
    """Whether the name is that of a list of further articles. 「関連記事の選び方」 is a heading like any other."""
    return _RELATED.fullmatch(name) is not None


def speaks_of_related(heading: str) -> bool:
    """Whether further articles are announced somewhere in the heading."""
    return _ANNOUNCED.search(heading) is not None


# The browser makes an element's id a property of `window`, some also of `document` and of forms: a heading "Location"
# must not hide `window.location` from a script. Ids are lower case, so names with a capital are safe.
_DOM_NAMES = """
    __proto__ action after alert all anchors animate append applets atob attributes autocomplete before blur body btoa
    caches children chrome clear click close closed closest confirm constructor contains cookie crypto dataset dir
    document domain elements embeds enctype encoding evaluate event external fetch find focus fonts forms frames
    hidden head history id images lang length links location locationbar matches menubar method name navigation
    navigator normalize onblur onchange onclick onerror onfocus oninput onload onmessage onsubmit open opener origin
    parent part performance personalbar plugins prepend print prompt prototype referrer remove replace reset screen
    scripts scroll scrollbars scheduler self slot status statusbar stop style submit target text title toolbar top
    value window write writeln
"""
_OUR_PAGES = (
    "article contents footer footnotes header main menu nav related search share skip theme thread thread-heading toc"
)
RESERVED_IDS = frozenset(f"{_DOM_NAMES} {_OUR_PAGES}".split())
RESERVED_PREFIX = "section-"

# Headings beyond the number get no id, and longer ones are cut in ids and contents. (An article of the archive closes
# an <h2> two thousand characters later; its id stays.)
DEEPEST_LISTED = 3  # level of headings in the contents
MAX_HEADINGS = 1_000
MAX_HEADING_CHARS = 5_000

_ID_ALPHABET = WordAlphabet(other=None)
_ID_ALPHABET.update({ord(space): "-" for space in " \t\n"})


def heading_id(text: str) -> str:
    """The id that kramdown and GitHub make of a heading: ``AI導入 (3社)`` is ``ai導入-3社``.

    Two headings may have the same one; `Outline` makes it unique.
    """
    return unicodedata.normalize("NFC", text).strip().lower().translate(_ID_ALPHABET) or "section"


class ShownLevels:
    """The levels that a page shows for the headings of one body, asked for in their order.

    They begin at 2, since the page's title is the only h1, and none is skipped; siblings stay siblings.
    """

    def __init__(self) -> None:
        self._ancestors: list[int] = []

    def next(self, level: int) -> int:
        level = max(level, 2)
        while self._ancestors and self._ancestors[-1] >= level:
            self._ancestors.pop()
        self._ancestors.append(level)
        return len(self._ancestors) + 1


class Outline:
    """Collects the headings of one body in order."""

    def __init__(self) -> None:
        self.toc: list[dict[str, int | str]] = []
        self.renamed: dict[str, str] = {}
        self._levels = ShownLevels()
        self._seen: dict[str, int] = {}
        self._headings = 0

    def add(self, level: int, text: str) -> tuple[int, str]:
        """Returns the level to show and the id, which is "" beyond MAX_HEADINGS. ``text`` may have line breaks."""
        level, text = self._levels.next(level), text.strip()[:MAX_HEADING_CHARS]
        if self._headings == MAX_HEADINGS:
            return level, ""
        self._headings += 1
        anchor = self._unique_id(text)
        if level <= DEEPEST_LISTED:
            self.toc.append({"level": level, "id": anchor, "text": " ".join(text.split())})
        return level, anchor

    def _unique_id(self, text: str) -> str:
        base = candidate = heading_id(text)
        while candidate in self._seen:
            self._seen[base] += 1
            candidate = f"{base}-{self._seen[base]}"
        self._seen[candidate] = 0
        if candidate in RESERVED_IDS:
            self.renamed[candidate] = RESERVED_PREFIX + candidate
        return self.renamed.get(candidate, candidate)


TocEntry = Mapping[str, int | str]

FEWEST = 3  # entries that are worth a list
LONGEST = 120  # characters of a name; a longer heading is a text that lost its line break

# Books to buy and services to order, which stand under old articles: not what the article tells.
_SHOP = re.compile(
    "(?:この記事に)?(?:関連(?:する)?|おすすめ)(?:の)?(?:おすすめ)?(?:書籍|本|商品)(?:紹介|一覧)?"
    "|業界特化の(?:AI)?導入支援"
    "|.*(?:承っています|をお手伝いしています|をご提案しています|をご相談ください|についてご相談ください|を発信中"
    "|お問い合わせ(?:はこちら|ください))"
)
# The same in words that an article may use, too: an offer if nothing of the article follows.
_OFFER_AT_END = re.compile(".*(?:でお困りですか[？?]?|を支援します)")
_HAND_MADE = re.compile(
    r"<h(?P<level>[2-6])\b[^>]*>(?P<name>(?:[^<]|<(?!/?h)[^>]*>){1,60})</h(?P=level)>\s*"
    r"(?P<list><[uo]l>(?:[^<]|<(?!h[1-6r]\b)[^>]*>)*)(?:<hr />|<hr>)?\s*"
)
_RELATED_LIST = re.compile(
    r"<h(?P<level>[2-6])\b[^>]*>(?P<name>(?:[^<]|<(?!/?h)[^>]*>){1,60})</h(?P=level)>\s*"
    r"<(?P<kind>[uo])l>(?P<items>(?:[^<]|<(?!/?[uo]l\b|h[1-6r]\b)[^>]*>)*)</(?P=kind)l>\s*(?:<hr ?/?>\s*)?"
)
_RULE_AT_END = re.compile(r"<hr ?/?>\s*\Z")
_CHAPTER = re.compile(r"<h2\b[^>]*>(.*?)</h2>", re.DOTALL)
_LINK_WITHIN = re.compile(r'<a href="#[^"]*">(?:[^<]|<(?!/?a\b)[^>]*>)*</a>')
_TAG = re.compile(r"<[^>]*>")


class Contents(NamedTuple):
    entries: Sequence[TocEntry]
    folds: bool = False
    """Whether a phone shows only the entries of level 2."""

    @property
    def chapters(self) -> list[tuple[TocEntry, list[TocEntry]]]:
        """The same as lists in a list: each heading of level 2 with those below it, and one that is below none."""
        chapters: list[tuple[TocEntry, list[TocEntry]]] = []
        for entry in self.entries:
            if entry["level"] == 3 and chapters and chapters[-1][0]["level"] == 2:
                chapters[-1][1].append(entry)
            else:
                chapters.append((entry, []))
        return chapters


def contents(toc: Iterable[TocEntry]) -> Contents:
    """The entries that the page lists: no hand-made contents, related articles or offers; none if fewer than FEWEST."""
    entries = list(_listed(toc))
    if len(entries) < FEWEST:
        return Contents([])
    return Contents(entries, sum(entry["level"] == 2 for entry in entries) >= FEWEST)


def _listed(toc: Iterable[TocEntry]) -> Iterator[TocEntry]:
    """Leaves out such headings with all that is below them; of a heading that is too long, what is below it stays."""
    left_out = 7
    offer: list[TocEntry] = []  # and what stands below it
    for entry in toc:
        level, name = int(entry["level"]), bare_name(str(entry["text"]))
        if level > left_out:
            continue
        is_apart = is_contents(name) or is_related(name) or _SHOP.fullmatch(name) is not None
        left_out = level if is_apart else 7
        if is_apart or len(name) > LONGEST:
            continue
        if _OFFER_AT_END.fullmatch(name) or (offer and level > int(offer[0]["level"])):
            offer.append(entry)
            continue
        yield from [*offer, entry]
        offer = []


def without_related(finished_html: str) -> str:
    """Leaves out a list of nothing but links under 関連記事 or the like where only offers follow, with its heading.

    The page has such a list of its own below. One amid the text stays, as the writer's own.
    """
    for found in _RELATED_LIST.finditer(finished_html):
        is_list = all("<a " in item for item in found["items"].split("<li")[1:])
        if is_list and is_related(_name_of(found["name"])):
            before, rest = finished_html[: found.start()], finished_html[found.end() :]
            if all(map(_is_offer, _CHAPTER.findall(rest))):
                return before + rest if rest else _RULE_AT_END.sub("", before)
    return finished_html


def _is_offer(heading: str) -> bool:
    name = _name_of(heading)
    return any(pattern.fullmatch(name) for pattern in (_SHOP, _OFFER_AT_END))


def _name_of(heading: str) -> str:
    return bare_name(html.unescape(_TAG.sub("", heading)))


def without_hand_made(finished_html: str, toc: Iterable[TocEntry]) -> str:
    """Leaves out a table of contents that the writer made by hand, if the page has one of its own."""
    if not any(is_contents(bare_name(str(entry["text"]))) for entry in toc) or not contents(toc).entries:
        return finished_html
    return _HAND_MADE.sub(lambda found: "" if _is_hand_made(found) else found[0], finished_html)


def _is_hand_made(found: re.Match[str]) -> bool:
    name = _name_of(found["name"])
    rest, links = _LINK_WITHIN.subn("", found["list"])
    return is_contents(name) and links > 0 and not _TAG.sub("", rest).strip()
