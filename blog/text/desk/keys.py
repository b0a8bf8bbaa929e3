"""What makes two texts the same: their word characters, whatever their marks, spaces and widths."""

import re
import unicodedata
from hashlib import blake2b

from blog.text.japanese import compatible

MIN_REPEAT = 40  # word characters; a shorter text may well stand twice
_OTHER_SIGNS = re.compile(r"[\W_]+")
# What is left of Japanese without these is in NFKC as a rule, and the look whether it is takes a tenth of the time.
_COMMON_SIGNS = re.compile(r"[\x00-/:-@\[-`{-\x7f\u3000-\u3004\u3008-\u3020・（）！？：；，．＋－／％“”‘’…―—〜～]+")

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


def word_key(text: str) -> str:
    """The word characters of the text in NFKC: ＡＩ、**成長**。 is AI成長."""
    bare = _COMMON_SIGNS.sub("", text)
    if bare.isalnum() and unicodedata.is_normalized("NFKC", bare):
        return bare
    return _OTHER_SIGNS.sub("", compatible(bare))


def exact_key(text: str) -> str:
    """As `word_key`, with the signs that make another number or name. What a fix removes is compared by this key."""
    return word_key(_TELLING_SIGNS.sub(_spelt_out, text))


def exact_key_and_length(text: str) -> tuple[str, int]:
    """`exact_key`, and the number of word characters, of which the key may have more."""
    spelt = _TELLING_SIGNS.sub(_spelt_out, text)
    key = word_key(spelt)
    return key, len(key) if spelt == text else len(word_key(text))


def _spelt_out(sign: re.Match[str]) -> str:
    narrow = unicodedata.normalize("NFKC", sign[0]).replace("〜", "~")  # as ～ is
    return f"u{ord(narrow):x}u"


def paragraph_key(text: str) -> str:
    """32 hexadecimal digits that stand for the text's word characters; "" if there are fewer than MIN_REPEAT."""
    key = word_key(text)
    return blake2b(key.encode(), digest_size=16).hexdigest() if len(key) >= MIN_REPEAT else ""


def title_key(title: str) -> str:
    """The word characters of a title in lower case; "" for a title without any."""
    return word_key(title).casefold()
