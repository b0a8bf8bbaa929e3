"""The form in which texts and search terms are compared.

`fold` gives every text one spelling, in which a plain substring test finds Japanese anywhere and Latin words whole.
"""

import re

from blog.text.japanese import CJK, normalise_for_search

MAX_WORD = 100  # a longer word is cut to one character more, which no search term has
# A run of Japanese, a word of any other script, or a sign. A space counts only between two runs of Japanese.
PIECE = re.compile(rf"([{CJK}]+)|([^\W_{CJK}]+)|((?<=[{CJK}]) (?=[{CJK}])|[^ ])")
# NFKC leaves no full-width sign in a text. With them in place of the ASCII ones, no text means anything to the query
# languages of SQLite and PostgreSQL, and the bar is free to be a mark of our own.
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}
BAR = "|"


def fold(text: str) -> str:
    """Returns the text in the form in which texts and terms are compared: a term matches where it is a substring.

    It is `normalise_for_search` with full-width signs. Each Latin word or number stands between bars, so that AI is
    not found in RAID. Spaces beside words and signs are gone, so that 生成 AI and 生成AI are one.
    """
    return fold_normalised(normalise_for_search(text))


def fold_normalised(text: str) -> str:
    """Does what `fold` does to a text that went through `normalise_for_search` before."""
    return "".join(
        f"{BAR}{word[: MAX_WORD + 1]}{BAR}" if word else japanese or sign.translate(_FULL_WIDTH)
        for japanese, word, sign in PIECE.findall(text)
    )
