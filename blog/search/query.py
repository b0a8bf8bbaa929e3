"""The query language: what a reader types, read as terms. Nothing that is typed is an error.

Spaces, half or full width, stand between terms, and an article must have them all. `"…"`, 「…」 and 『…』 hold a
phrase; one without an end lasts to the end of the query. So do curly quotes, of which some IMEs type ” on both sides.
`-` before a term excludes it, as do the signs that readers cannot tell from it. Every other sign is searched for.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from blog.text.japanese import HIRAGANA, KATAKANA, normalise_for_search
from blog.text.words import WORD_ENDS, fold_term

MAX_TERMS = 8
MAX_CHARS = 100

MINUS = "-\u2010\u2212"
_TERM = re.compile(rf"""([{MINUS}]?)(?:"([^"]*)"?|[“”]([^“”]*)[“”]?|「([^」]*)」?|『([^』]*)』?|([^ ]+))""")


class Term(NamedTuple):
    """What an article must have, or must not have if the term is `excluded`.

    `text` is as typed, in one width and case. `spellings` are the folded forms of it, its own first: an article has the
    term if it has one of them. A phrase is searched for as it is written.
    """

    text: str
    is_phrase: bool
    excluded: bool
    spellings: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What may be a name: the text, and the text without the particles behind it."""
        return (self.text,) if self.is_phrase else tuple(dict.fromkeys((self.text, without_tail(self.text))))


class Query(NamedTuple):
    terms: tuple[Term, ...]
    is_cut: bool = False  # whether it was longer than a query may be; the rest was dropped

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.excluded)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing: an exclusion alone asks for nothing either."""
        return not self.wanted


def parse(text: str) -> Query:
    """Reads the first MAX_CHARS characters and MAX_TERMS terms of a query. Any string has a reading."""
    normalised = normalise_for_search(text[: MAX_CHARS + 1])
    terms: dict[tuple[str, bool], Term] = {}
    for minus, *phrases, word in _TERM.findall(normalised[:MAX_CHARS]):
        phrase = " ".join("".join(phrases).split())
        folded = fold_term(phrase or word)
        if not minus and not phrase and word in MINUS:  # a dash between two words excludes nothing
            continue
        if folded and (folded, bool(minus)) not in terms:
            spellings = (folded,) if phrase else spellings_of(folded)
            terms[folded, bool(minus)] = Term(phrase or word, bool(phrase), bool(minus), spellings)
    is_cut = len(text) > MAX_CHARS or len(normalised) > MAX_CHARS or len(terms) > MAX_TERMS
    return Query(tuple(terms.values())[:MAX_TERMS], is_cut)


MAX_SPELLINGS = 6
# JIS Z 8301: words of three sounds or more drop the last long vowel (サーバ), most papers keep it (サーバー).
_LONG_END = re.compile(rf"(?<=[{KATAKANA}]{{2}}[\u30a1-\u30fa])ー(?![{KATAKANA}])")
_SHORT_END = re.compile(rf"(?<=[{KATAKANA}]{{3}})\{WORD_ENDS}")
# Two ways to write the same sounds, both common. A spelling that is no word finds nothing.
_SOUNDS = (
    (("ウィ", "ウイ"), ("ウェ", "ウエ"), ("ウォ", "ウオ")),
    (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ")),
)
# What people type behind a word, since they ask or take it out of a sentence. Behind hiragana it may be the word's own.
_TAIL = re.compile(
    rf"(?<=[^ {HIRAGANA}]{{2}})(?:(?:とは|って)何(?:か|ですか)?|についての?|に(?:関|対)(?:して|する)"
    r"|に(?:おいて|おける|よる|よって|より)|[にでとへ](?:は|も|の)|(?:から|まで)の?|より|って|とか|[のをはがにへとでもや])?[?!。]*$"
)


def without_tail(text: str) -> str:
    """The text without the particles and the question mark at its end: 生成AI of 生成AIとは？ and 生成AIの."""
    return _TAIL.sub("", text, count=1)


def spellings_of(term: str) -> tuple[str, ...]:
    """Returns the term and its other spellings, MAX_SPELLINGS at most: サーバー, and サーバ where the word ends there.

    A shorter one that stood for its end alone would find カスタマイズ for カスタマー.
    """
    found = dict.fromkeys((term, _LONG_END.sub(WORD_ENDS, term), _SHORT_END.sub("ー", term)))
    for spelling in tuple(found):
        found |= dict.fromkeys(_with_other_sounds(spelling))
    return tuple(found)[:MAX_SPELLINGS]


def _with_other_sounds(term: str) -> Iterator[str]:
    """The term with one family of sounds written in the other way, and then in the first."""
    for family in _SOUNDS:
        modern = traditional = term
        for new, old in family:
            traditional = traditional.replace(new, old)
            if new not in modern:
                modern = modern.replace(old, new)
        yield from (modern, traditional)
