"""Other spellings of a folded term, by the rules of katakana; and what is a name in what people type."""

import re
from collections.abc import Iterator

from blog.text.japanese import HIRAGANA, KATAKANA
from blog.text.words import WORD_ENDS

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
