"""The contents of an article: what the list on its page names, and the list that a writer made by hand."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from blog.text.headings.names import bare_name, is_contents, is_related

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


def lists_related(body_html: str, toc: Iterable[TocEntry]) -> bool:
    """Whether a text lists related articles by hand: links under a heading that announces them."""
    return any(
        "<a " in body_html.partition(f' id="{entry["id"]}"')[2].partition("<h2")[0]
        for entry in toc
        if is_related(bare_name(str(entry["text"])))
    )


def without_hand_made(finished_html: str, toc: Iterable[TocEntry]) -> str:
    """Leaves out a table of contents that the writer made by hand, if the page has one of its own."""
    if not any(is_contents(bare_name(str(entry["text"]))) for entry in toc) or not contents(toc).entries:
        return finished_html
    return _HAND_MADE.sub(lambda found: "" if _is_hand_made(found) else found[0], finished_html)


def _is_hand_made(found: re.Match[str]) -> bool:
    name = bare_name(html.unescape(_TAG.sub("", found["name"])))
    rest, links = _LINK_WITHIN.subn("", found["list"])
    return is_contents(name) and links > 0 and not _TAG.sub("", rest).strip()
