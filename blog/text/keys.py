"""Keys by which texts are compared: their word characters, without marks, spaces and differences of width."""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b

from blog.text.japanese import compatible

MIN_REPEAT = 40  # word characters; a shorter text may well stand twice
_OTHER_SIGNS = re.compile(r"[\W_]+")
# What is left of Japanese without these is in NFKC as a rule, and the look whether it is takes a tenth of the time. One
# sign and not a run of them: `re` finds that twice as fast.
_COMMON_SIGNS = re.compile(r"[\x00-/:-@\[-`{-\x7f\u3000-\u3004\u3008-\u3020・（）！？：；，．＋－／％“”‘’…―—〜～]")

# Signs that make another number, or another name: 1.5 is not 15, −5 is not 5, 3〜5 is not 35, and C++ is not C. Some
# are a word by themselves: a table in words says ○ or ×, and ★★★ or ★.
_ALONE = "○◯◎×✕△▲↑↓★☆"
_BEFORE_DIGIT = "+＋\\-－−±$＄€£¥￥~〜～–—<>＜＞=＝≧≦≠≥≤"
_BETWEEN_DIGITS = ".．:：/／,，、"
_BEHIND_DIGIT = "%％‰~〜～–—<>＜＞=＝≧≦≠≥≤"
_BEHIND_LETTER = "+＋#＃"
# Each sign is looked for first, and what stands around it then: `re` skips the text between signs ten times faster.
_TELLING_SIGNS = re.compile(
    f"[{_ALONE}{_BEFORE_DIGIT}{_BETWEEN_DIGITS}{_BEHIND_DIGIT}{_BEHIND_LETTER}]"
    f"(?:(?<=[{_ALONE}])|(?<=[{_BEFORE_DIGIT}])(?=[0-9０-９])|(?<=[0-9０-９][{_BETWEEN_DIGITS}])(?=[0-9０-９])"
    f"|(?<=[0-9０-９][{_BEHIND_DIGIT}])|(?<=[A-Za-z][{_BEHIND_LETTER}]))"
)
BREAK = "\ua015"  # a syllable of Yi, which is a word character to every key, and joins with none beside it


def word_key(text: str) -> str:
    """The word characters of the text in NFKC: ＡＩ、**成長**。 is AI成長."""
    return _key(_COMMON_SIGNS.sub("", text))


def word_keys(texts: Sequence[str]) -> list[str]:
    """The `word_key` of each text, three times as fast if there are many: they are searched as one text."""
    joined = BREAK.join(texts)
    if joined.count(BREAK) != len(texts) - 1:
        return [word_key(text) for text in texts]
    bare = _COMMON_SIGNS.sub("", joined)
    return bare.split(BREAK) if _is_key(bare) else [_key(text) for text in bare.split(BREAK)]


def _is_key(bare: str) -> bool:
    return bare.isalnum() and unicodedata.is_normalized("NFKC", bare)


def _key(bare: str) -> str:
    if _is_key(bare):
        return bare
    return _OTHER_SIGNS.sub("", compatible(bare)) if bare else ""


def exact_key(text: str) -> str:
    """As `word_key`, with the signs that make another number or name. What a fix removes is compared by this key."""
    return word_key(_TELLING_SIGNS.sub(_spelt_out, text))


def exact_keys(texts: Sequence[str]) -> list[str]:
    return word_keys([_TELLING_SIGNS.sub(_spelt_out, text) for text in texts])


def _spelt_out(sign: re.Match[str]) -> str:
    narrow = unicodedata.normalize("NFKC", sign[0]).replace("〜", "~")  # as ～ is
    return f"u{ord(narrow):x}u"


def paragraph_key(text: str) -> str:
    """32 hexadecimal digits that stand for the text's word characters; "" if there are fewer than MIN_REPEAT."""
    return _digits(word_key(text))


def paragraph_keys(texts: Sequence[str]) -> list[str]:
    return [_digits(key) for key in word_keys(texts)]


def _digits(key: str) -> str:
    return blake2b(key.encode(), digest_size=16).hexdigest() if len(key) >= MIN_REPEAT else ""


def title_key(title: str) -> str:
    """The word characters of a title in lower case; "" for a title without any."""
    return word_key(title).casefold()
