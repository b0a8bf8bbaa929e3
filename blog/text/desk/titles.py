"""Finds the headline inside a title that a stock tail or a false year was glued to.

Old titles were lengthened after the fact: 「電力は足りるのか？」 became 「2026年電力は足りるのか？がもたらす転換」.
Some were cut before. The article, or the lists of related articles of that time, often hold what its writer wrote.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from blog.text.desk.errors.leftovers import leftovers
from blog.text.desk.findings import HouseWords
from blog.text.desk.keys import title_key

MIN_HEADLINE = 8  # word characters; less proves nothing
SHARED = 5  # titles; a tail of fewer may be what they mean to say
MAX_HEADLINE = 80  # characters of a line that may be one
_YEAR = re.compile(r"【?(20\d\d)年(?:版|最新版)?】?[ 　、：:]*(?!代|度|[0-9]{1,2}月|[〜～-])")
# A sentence to whose end something was glued that goes on in the middle of one.
_GLUED = re.compile(r"[。！？!?][」』）)]*(?=[のがをにでと（(｜|])")


def propose(
    title: str,
    excerpt: str,
    first_paragraph: str,
    related_titles: Sequence[str],
    words: HouseWords,
    year: int | None,
) -> str | None:
    """Returns the headline without stock tail and false year, if one of the texts contains it; else None.

    `related_titles` are titles under which other articles link to this one. `year` is the article's; with None, a year
    is dropped only together with a tail.
    """
    title = title.strip()
    texts = [text.strip("#*_ 　\n") for text in (first_paragraph, excerpt) if text.strip()]
    keys = [title_key(text) for text in texts]
    related = {title_key(text) for text in related_titles}
    written_out = next(_written_out(title, texts, words), "")
    for headline, longer in _headlines(title, words, year):
        key = title_key(headline)
        held = key in related or any(text.startswith(key) and not text.startswith(longer) for text in keys)
        if held and _may_be_headline(headline):
            return written_out if title_key(written_out).startswith(key) else headline
    return written_out or None


def shared_tails(titles: Iterable[str]) -> list[tuple[str, int]]:
    """The tails after a finished sentence in SHARED titles or more, with the number of titles, commonest first."""
    tails = Counter(title[end[-1].end() :].strip() for title in titles if (end := list(_GLUED.finditer(title))))
    return [(tail, number) for tail, number in tails.most_common() if number >= SHARED]


def _headlines(title: str, words: HouseWords, year: int | None) -> Iterator[tuple[str, str]]:
    """Yields the possible headlines, the longest first, each with the key of the longer title it was taken from."""
    stated = _YEAR.match(title)
    without_year = title[stated.end() :] if stated else title
    for rest in dict.fromkeys([without_year, title]):
        for end in _ends(rest, words):
            yield rest[:end], title_key(rest)
    if stated and year is not None and int(stated[1]) != year:
        yield without_year, title_key(title)


def _ends(title: str, words: HouseWords) -> list[int]:
    """Where stock tails of the house's list begin, and where a tail follows a finished sentence."""
    listed = {len(title) - len(tail) for tail in words.tails if tail and title.endswith(tail)}
    glued = [end.end() for end in _GLUED.finditer(title)]
    return sorted({*listed, *glued[-1:]} - {0}, reverse=True)


def _written_out(title: str, texts: Sequence[str], words: HouseWords) -> Iterator[str]:
    """Yields first lines that the title cuts off, if it goes on with a list of names and a stock tail instead."""
    stated = _YEAR.match(title)
    begin, bracket, names = title[stated.end() if stated else 0 :].partition("（")
    if not bracket or not any(names.endswith(tail) for tail in words.tails if tail):
        return
    key = title_key(begin)
    for text in texts:
        line = text.split("\n", 1)[0].strip("#*_ 　")
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(key, title_key(line), strict=False)))
        if len(line) <= MAX_HEADLINE and shared >= max(MIN_HEADLINE, len(key) // 2) and _may_be_headline(line):
            yield line


def _may_be_headline(text: str) -> bool:
    if len(title_key(text)) < MIN_HEADLINE or next(leftovers(text), None):
        return False
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in ("「」", "『』", "（）", "()"))
