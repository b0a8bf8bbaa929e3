"""Other spellings of a folded term, by the rules of katakana."""

import re

MAX_SPELLINGS = 4
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff"
# JIS Z 8301: words of three sounds or more drop the last long vowel (サーバ), most papers keep it (サーバー).
_LONG_END = re.compile(rf"(?<=[{_KATAKANA}]{{3}})ー(?![{_KATAKANA}])")
_SHORT_END = re.compile(rf"(?<=[{_KATAKANA}]{{2}}[\u30a1-\u30fa])(?![{_KATAKANA}])(?!$)")
# Each is replaced by the other, since both are common. A spelling that is no word finds nothing.
_PAIRS = (
    ("ヴァ", "バ"),
    ("ヴィ", "ビ"),
    ("ヴェ", "ベ"),
    ("ヴォ", "ボ"),
    ("ヴ", "ブ"),
    ("ウィ", "ウイ"),
    ("ウェ", "ウエ"),
    ("ウォ", "ウオ"),
)


def spellings_of(term: str) -> tuple[str, ...]:
    """Returns the term and its other spellings, MAX_SPELLINGS at most: サーバー, サーバ."""
    found = {term: None}
    for spelling in (_LONG_END.sub("", term), _SHORT_END.sub("ー", term)):
        found[spelling] = None
    for spelling in tuple(found):
        found |= dict.fromkeys(_with_pairs_changed(spelling))
    return tuple(found)[:MAX_SPELLINGS]


def _with_pairs_changed(term: str) -> list[str]:
    modern = traditional = term
    for old, new in _PAIRS:
        modern = modern.replace(old, new)
    for old, new in _PAIRS:
        if old not in traditional:
            traditional = traditional.replace(new, old)
    return [modern, traditional]
