"""Where the words of a query stand in a text, and the stretch of a text that shows them.

Words are compared as search compares them (`blog.text.words.fold`), but marked in the text as it was written:
ＡＩ is marked for ai, ㍿ for 株式会社.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

from blog.text.japanese import CJK, ELLIPSIS, KATAKANA, is_inside_character, normalise_for_search
from blog.text.phrases import phrases, plain
from blog.text.words import NO_KATAKANA, SAME_SIGNS, WORD_ENDS

LENGTH = 130  # characters; two lines on a desk, six on a phone
LEAD = 24  # at most so many characters stand before the first word, or SENTENCE_LEAD if a sentence begins there
SENTENCE_LEAD = 44
FEW_LINES = 3
CONTEXT = 8  # so many characters beside a border decide whether it is one

# Folding leaves these characters as they are, and Japanese is mostly made of them: they are taken over in runs.
_MARKS = "\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\uff9e\uff9f"
_KANA_AND_KANJI = "\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff"
_PIECE = re.compile(rf"([0-9a-z、。「」『』・{_KANA_AND_KANJI}]+)(?![{_MARKS}])|.[{_MARKS}]*", re.DOTALL)
_LETTER = rf"[^\W_{CJK}]"  # or a figure
_BORDER = re.compile(rf"[\W_{CJK}]")
_FOLDED_PIECE = re.compile(rf"\|([^|]*)\||([{CJK}]+)|( )|(.)", re.DOTALL)
_LATIN_WORD = re.compile(rf"\|[^|{re.escape(WORD_ENDS)}]+\|")
_KATAKANA_AT_END = re.compile(rf"[{KATAKANA}](?<!ー)$")
_STOP = re.compile(r"[。！？][」』）)]*|[.!?](?=\s)|\n\s*")


class SnippetPart(NamedTuple):
    text: str
    is_marked: bool = False


class WordPlace(NamedTuple):
    start: int
    end: int
    word: int
    """The number of the word in the query."""


class Words:
    """The terms of a query, each with all its folded spellings."""

    def __init__(self, words: Iterable[Collection[str]]) -> None:
        spellings = [(spelling, number) for number, word in enumerate(words) for spelling in word if spelling]
        # 投資信託 is marked whole, even if 投資 is another word. Latin words may come last: what begins with the same
        # word, up to its end, is longer.
        spellings.sort(key=lambda item: (_is_latin_word(item[0]), -len(item[0])))
        self._spellings = [spelling for spelling, _ in spellings]
        self._numbers = [number for _, number in spellings]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Is compiled when a text is looked through, with one pair of borders for all Latin words: each takes 1 ms."""
        others = [f"({_pattern(spelling)})" for spelling in self._spellings if not _is_latin_word(spelling)]
        latin = [f"({re.escape(spelling[1:-1])})" for spelling in self._spellings if _is_latin_word(spelling)]
        words = [_bordered(f"(?:{'|'.join(latin)})")] if latin else []
        return re.compile("|".join([*others, *words]))

    def find(self, text: str) -> list[WordPlace]:
        """The places of the words in the text, in order; none overlaps another or cuts a character of several signs."""
        if not self._numbers:
            return []
        folded, covered = _Folded(text), 0
        matches: list[WordPlace] = []
        for found in self._pattern.finditer(folded.text):
            start, end = folded.source(found.start(), found.end())
            if start >= covered:
                start, covered = _whole(text, start), _whole(text, end, step=1)
                matches.append(WordPlace(start, covered, self._numbers[(found.lastindex or 1) - 1]))
        return matches


class _Folded:
    """A text as search compares it, and the way back to the text as it was written."""

    def __init__(self, written: str) -> None:
        # Where the pieces of the text begin, folded and as written. Each keeps its length or is one character.
        self._folded_at, self._written_at = [0], [0]
        pieces = []
        for match in _PIECE.finditer(written):
            piece = match[1] or _fold(match[0])
            pieces.append(piece)
            self._folded_at.append(self._folded_at[-1] + len(piece))
            self._written_at.append(match.end())
        self.text = "".join(pieces)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Returns where a stretch of the folded text, which must not be empty, stands in the text as it was written."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, at: int) -> tuple[int, int]:
        """Returns where one folded character stands in the text as it was written."""
        piece = bisect_right(self._folded_at, at) - 1
        folded_at, written_at = self._folded_at[piece], self._written_at[piece]
        written_end = self._written_at[piece + 1]
        if self._folded_at[piece + 1] - folded_at == written_end - written_at:
            return written_at + at - folded_at, written_at + at - folded_at + 1
        return written_at, written_end


@lru_cache(maxsize=4096)
def _fold(piece: str) -> str:
    return " " if piece.isspace() else normalise_for_search(piece).translate(SAME_SIGNS)


def _is_latin_word(spelling: str) -> bool:
    return _LATIN_WORD.fullmatch(spelling) is not None


def _bordered(latin: str, before: str = "", behind: str = "") -> str:
    """The pattern of a Latin word; what stands beside it in a spelling may be a border, and needs no other."""
    begin = "" if _BORDER.fullmatch(before) else f"(?<!{_LETTER})"
    end = "" if _BORDER.fullmatch(behind) else f"(?!{_LETTER})"
    return f"{begin}{latin}{end}"


def _pattern(spelling: str) -> str:
    """Finds a folded spelling in a text that has its spaces and ASCII signs still."""
    found = _FOLDED_PIECE.findall(spelling.replace(WORD_ENDS, ""))
    texts = [
        latin or japanese or space or unicodedata.normalize("NFKC", sign) for latin, japanese, space, sign in found
    ]
    parts = []
    for (latin, _, space, _), text, before, behind in zip(found, texts, ["", *texts], [*texts[1:], ""], strict=False):
        escaped = text if space else re.escape(text)
        parts.append(_bordered(escaped, before[-1:], behind[:1]) if latin else escaped)
    pattern = " *".join(parts).replace(" *  *", " +")  # which fails at a long run of spaces at once
    if spelling.endswith(WORD_ENDS):
        return pattern + NO_KATAKANA
    long_vowel = f"(?:ー{NO_KATAKANA})?"  # サーバ is marked with its own
    return pattern + long_vowel if _KATAKANA_AT_END.search(spelling) else pattern


def marked(text: str, words: Words) -> list[SnippetPart]:
    """Splits the text into parts, of which those that are words of the query are marked.

    What `blog.text.phrases` put into a headline stays where it is, and keeps no word from being found.
    """
    clean = plain(text)
    matches = words.find(clean)
    if len(clean) != len(text):
        at = [place for place, char in enumerate(text) if plain(char)]
        matches = [WordPlace(at[match.start], at[match.end - 1] + 1, match.word) for match in matches]
    return _parts(text, 0, len(text), matches)


def snippet(text: str, words: Words, length: int = LENGTH) -> list[SnippetPart]:
    """The stretch of about `length` characters with the most words of the query; of several, the first.

    It begins and ends where a sentence or a phrase does, with an ellipsis before a cut sentence and after a text that
    goes on. It is empty if the text has none of the words.
    """
    matches = words.find(text)
    if not matches:
        return []
    shown = _densest(text, matches, length)
    start, is_whole = _begin(text, shown[0].start)
    end = _end(text, shown[-1].end, start + length)
    goes_on = text[end:].strip() != ""
    parts = _parts(text, start, end, matches)
    return [*([] if is_whole else [SnippetPart(ELLIPSIS)]), *parts, *([SnippetPart(ELLIPSIS)] if goes_on else [])]


def _densest(text: str, matches: list[WordPlace], length: int) -> list[WordPlace]:
    """The neighbours within the length of a snippet that are of the most different words, best in running text."""
    best, most, first = matches[:1], (0, False), 0
    inside: Counter[int] = Counter()
    for last, match in enumerate(matches):
        inside[match.word] += 1
        while match.end - matches[first].start > length - SENTENCE_LEAD and first < last:
            inside[matches[first].word] -= 1
            first += 1
        number = sum(count > 0 for count in inside.values())
        if number >= most[0] and most < (found := (number, _is_prose(text, matches[first].start, length))):
            best, most = matches[first : last + 1], found
    return best


def _is_prose(text: str, start: int, length: int) -> bool:
    """Whether few lines end in the stretch, as cells of a table do."""
    return text.count("\n", start, start + length) <= FEW_LINES


def _begin(text: str, at: int) -> tuple[int, bool]:
    """Where a snippet begins whose first word stands there, and whether a sentence begins there, too."""
    if at <= SENTENCE_LEAD:
        return 0, True
    start = at - SENTENCE_LEAD
    if stops := [stop.end() for stop in _STOP.finditer(text[start:at])]:
        return start + stops[-1], True
    return min(_borders(text, at - LEAD, at), default=_whole(text, at)), False


def _end(text: str, at: int, limit: int) -> int:
    """Where a snippet ends whose last word ends there, near the limit."""
    if len(text) <= limit:
        return len(text)
    limit = max(limit, at)
    stops = [at + stop.end() for stop in _STOP.finditer(text[at : limit - 1])]
    if stops and stops[-1] > limit - SENTENCE_LEAD:
        return stops[-1]
    return max(_borders(text, max(at, limit - LEAD), limit), default=_whole(text, limit))


def _borders(text: str, start: int, end: int) -> list[int]:
    """The borders of phrases from `start` to `end`."""
    at = max(start - CONTEXT, 0)
    borders = []
    for phrase in phrases(text[at : end + CONTEXT])[:-1]:
        at += len(phrase)
        borders.append(at)
    return [border for border in borders if start <= border <= end and not is_inside_character(text, border)]


def _whole(text: str, at: int, step: int = -1) -> int:
    """The nearest border of characters, as readers see them, before or (`step` 1) after `at`."""
    while 0 < at < len(text) and is_inside_character(text, at):
        at += step
    return at


def _parts(text: str, start: int, end: int, matches: list[WordPlace]) -> list[SnippetPart]:
    parts = []
    for match in matches:
        if start <= match.start and match.end <= end:
            parts += [
                SnippetPart(text[start : match.start]),
                SnippetPart(text[match.start : match.end], is_marked=True),
            ]
            start = match.end
    return [part for part in [*parts, SnippetPart(text[start:end])] if part.text]
