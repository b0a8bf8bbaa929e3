"""The form in which texts and search terms are compared.

`fold` gives every text one spelling, in which a plain substring test finds Japanese anywhere and Latin words whole.
"""

import re
from operator import add

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


# --- tokens ---

_FOLDED = re.compile(rf"([{CJK}]+)|\{BAR}([^{BAR}]+)\{BAR}|([^ {CJK}{BAR}])")
_JAPANESE = re.compile(rf"[{CJK}]")
# Marks of tokens. A sign of a text is a token of one character, so it is never taken for one of these.
BEGIN, ALONE, BORDER = "＾", "＝", "｜｜"


def sequence(folded: str) -> list[str]:
    """Returns the tokens of a folded text in order, for an index that keeps positions.

    A run of Japanese gives its first character, marked, then every two neighbours, then its last character. Words and
    signs are tokens; so is the border between two lines. Each Japanese character stands at the end once more, marked,
    so that one alone can be found.
    """
    tokens: list[str] = []
    for run, word, sign in _FOLDED.findall(folded):
        if run:
            tokens.append(BEGIN + run[0])
            tokens += map(add, run, run[1:])
            tokens.append(run[-1])
        else:
            tokens.append(word or (BORDER if sign == "\n" else sign))
    tokens.append(BORDER)
    tokens += [ALONE + char for char in _JAPANESE.findall("".join(dict.fromkeys(folded)))]
    return tokens


def sequence_of_term(folded: str) -> list[str]:
    """Returns the tokens that follow each other in the `sequence` of every text that contains the folded term."""
    if len(folded) == 1 and _JAPANESE.match(folded):
        return [ALONE + folded]
    tokens: list[str] = []
    pieces = list(_FOLDED.finditer(folded))
    for piece in pieces:
        run, word, sign = piece.groups()
        if not run:
            tokens.append(word or sign)
            continue
        # The text may go on before the term's first character and after its last.
        if piece.start() > 0:
            tokens.append(BEGIN + run[0])
        tokens += map(add, run, run[1:])
        if piece.end() < len(folded):
            tokens.append(run[-1])
    return tokens


def parts_of_term(folded: str) -> list[str]:
    """Returns the tokens, in no order, of a folded term for an index without positions: words in their bars, every two
    neighbours in a run of Japanese, and all other characters.

    A term of a single part is in every text with that part; for others the text must be asked.
    """
    parts: list[str] = []
    for run, word, sign in _FOLDED.findall(folded):
        if word:
            parts.append(f"{BAR}{word}{BAR}")
        else:
            parts += map(add, run, run[1:]) if len(run) > 1 else [run or sign]
    return parts
