"""What makes two texts the same: their word characters, whatever their marks, spaces and widths."""

import re
from hashlib import blake2b

from blog.text.japanese import compatible

MIN_REPEAT = 40  # word characters; a shorter text may well stand twice
_OTHER_SIGNS = re.compile(r"[\W_]+")
# What is left of Japanese without these is in NFKC as a rule, and the look whether it is takes a tenth of the time.
_COMMON_SIGNS = re.compile(r"[\x00-/:-@\[-`{-\x7f\u3000-\u3004\u3008-\u3020・（）！？：；，．＋－／％“”‘’…―—〜～]+")


def word_key(text: str) -> str:
    """The word characters of the text in NFKC: ＡＩ、**成長**。 is AI成長."""
    return _OTHER_SIGNS.sub("", compatible(_COMMON_SIGNS.sub("", text)))


def paragraph_key(text: str) -> str:
    """32 hexadecimal digits that stand for the text's word characters; "" if there are fewer than MIN_REPEAT."""
    key = word_key(text)
    return blake2b(key.encode(), digest_size=16).hexdigest() if len(key) >= MIN_REPEAT else ""


def title_key(title: str) -> str:
    """The word characters of a title in lower case; "" for a title without any."""
    return word_key(title).casefold()
