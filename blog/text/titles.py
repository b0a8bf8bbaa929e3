"""Takes stock tails, inserted brackets of names and false years off titles.

Old titles were lengthened by a machine: 「電力は足りるのか？」 became 「2026年電力は足りるのか？（甲社・乙社）の全貌」.
No list says what a stock tail is. It is what stands behind many different titles.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from blog.text.japanese import compatible

MIN_TAIL, MAX_TAIL = 8, 40  # characters
MIN_TITLES = 20  # that share a tail
MOST_ALIKE = 0.9  # of them may have the same character before it; else the tail is longer
MIN_CUT_TAIL = 4  # characters of a tail that was cut itself
MIN_TITLE = 10  # characters of what is left
MAX_HEADLINE = 80  # characters of a line of the text that may be the whole headline
MIN_SHARED = 8  # word characters that such a line has in common with what is left

_YEAR = re.compile(r"(?:【(20\d\d)年(?:版|最新版)?】|(20\d\d)年(?!代|度|問題|[0-9]{1,2}月|[〜～-]))[ 　、：:]*")
_DATE = r"{}年(?:[0-9]{{1,2}}月|[春夏秋冬末初上下前後第])"
_LAST_BRACKET = re.compile(r"[（(][^（）()]*(?:[）)]|$)$")
_NAMES = re.compile(r"[（(][^（）()]*[・､、][^（）()]*[）)]$")
_SIGNS_AT_END = " 　:：｜|、,-—―"
_PARTICLE_AT_END = re.compile(r"(?<![ぁ-ん])[のをがはにとで]$|など$|による$|という$|における$")
_PAIRS = ("「」", "『』", "（）", "()", "【】")
_WORD_CHARACTERS = re.compile(r"[\W_]+")


class Refusal(StrEnum):
    """Why no title is offered, though the present one has a stock tail or a false year."""

    SHORT = "short"
    UNFINISHED = "unfinished"
    TAKEN = "taken"  # another article has it; the caller knows


class Suggestion(NamedTuple):
    """The title without what was added to it. `refusal` says why it is none that an editor should take."""

    title: str
    refusal: Refusal | None = None


def stock_tails(titles: Iterable[str]) -> list[str]:
    """Returns the ends of MIN_TAIL characters or more that stand behind MIN_TITLES different titles or more.

    Of tails that end in each other the shortest counts, unless nearly all titles have the same character before it.
    """
    ends = [end for end in dict.fromkeys(_without_brackets(title.strip()) for title in titles) if end]
    ends += [title for title in dict.fromkeys(title.strip() for title in titles) if _LAST_BRACKET.search(title)]
    before: dict[str, Counter[str]] = {}
    for title in ends:
        for length in range(MIN_TAIL, min(MAX_TAIL, len(title) - 1) + 1):
            before.setdefault(title[-length:], Counter())[title[-length - 1]] += 1
    common = {
        tail
        for tail, counts in before.items()
        if counts.total() >= MIN_TITLES
        and counts.most_common(1)[0][1] <= MOST_ALIKE * counts.total()
        and _is_balanced(tail)
    }
    return sorted(tail for tail in common if not any(tail[start:] in common for start in range(1, len(tail))))


def suggest(title: str, *, tails: Sequence[str], year: int | None, lines: Sequence[str] = ()) -> Suggestion | None:
    """Returns the title without stock tails and a false year; None if it has neither.

    `year` is that of the publication. `lines` are the first lines of the article and its standfirst: where one of them
    goes on where the title was cut, it is the title; where the first paragraph (the last of `lines`) names a date of
    the title's year, the year is no false one.
    """
    title = title.strip()
    rest = _without_tails(title, tails)
    rest = _without_false_year(rest, year, lines)
    if rest == title:
        return None
    rest = _without_quotes(next(_whole_headlines(_without_quotes(rest), lines), rest))
    return Suggestion(rest, _refusal(rest))


def _without_brackets(title: str) -> str:
    while found := _LAST_BRACKET.search(title):
        title = title[: found.start()].rstrip(_SIGNS_AT_END)
    return title


def _without_tails(title: str, tails: Sequence[str]) -> str:
    """A bracket of names in front of a tail or behind it goes with it."""
    for end in (title, _without_brackets(title)):
        tail = max((tail for tail in tails if end.endswith(tail)), key=len, default="")
        if tail:
            return _without_tails(_without_names(end[: -len(tail)].rstrip(_SIGNS_AT_END)), tails)
    # A title that was too long was cut in its tail.
    head, names, cut = title.rpartition("）")
    if len(cut) >= MIN_CUT_TAIL and any(tail.startswith(cut) for tail in tails):
        return _without_names(head + names)
    return title


def _without_names(title: str) -> str:
    while found := _NAMES.search(title):
        title = title[: found.start()].rstrip(_SIGNS_AT_END)
    return title


def _without_false_year(title: str, year: int | None, lines: Sequence[str]) -> str:
    found = _YEAR.match(title)
    if found is None or year is None:
        return title
    stated = found[1] or found[2]
    if int(stated) == year or any(re.search(_DATE.format(stated), compatible(line)) for line in lines[-1:]):
        return title
    return title[found.end() :]


def _without_quotes(title: str) -> str:
    """A title that is one quotation as a whole is none."""
    if title[:1] == "「" and title[-1:] == "」":
        depth = 0
        for char in title[:-1]:
            depth += (char == "「") - (char == "」")
            if depth == 0:
                return title
        return title[1:-1]
    return title


def _whole_headlines(title: str, lines: Sequence[str]) -> Iterator[str]:
    """Yields the lines that begin with the whole title and go on: the machine cut it before it added its tail."""
    key = _key(title)
    for line in lines:
        line = line.strip("#*_ 　").rstrip(_SIGNS_AT_END)
        shared = len(key) >= MIN_SHARED and _key(line).startswith(key)
        if shared and len(title) < len(line) <= MAX_HEADLINE and "。" not in line and _is_balanced(line):
            yield line


def _refusal(title: str) -> Refusal | None:
    if len(_without_brackets(title)) < MIN_TITLE:
        return Refusal.SHORT
    if _PARTICLE_AT_END.search(title) or not _is_balanced(title):
        return Refusal.UNFINISHED
    return None


def _is_balanced(text: str) -> bool:
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)


def _key(text: str) -> str:
    return _WORD_CHARACTERS.sub("", compatible(text)).casefold()
