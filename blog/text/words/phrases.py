"""Splits Japanese text into phrases, and says between which characters a line may end."""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import budoux


# 行頭禁則 and 行末禁則: the characters that no line may begin with, and those that none may end with.
NOT_FIRST = frozenset(
    "｜|、。，．・：；？！ー～〜゛゜ヽヾゝゞ々’”）〕］｝〉》」』】｠»〙〗…‥‐–%％)]},.:;?!ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
NOT_LAST = frozenset("‘“（〔［｛〈《「『【｟«〘〖([{¥￥$＄#＃")
LATIN = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９À-ɏ'’._+&@/-]")
AFTER_SPACE = re.compile(r"(?<= )(?=[^ ])")


@cache
def _parser() -> "budoux.Parser":
    import budoux  # here, because a server that only answers readers never splits a text

    return budoux.load_default_japanese_parser()


def phrases(text: str) -> list[str]:
    """Splits a text into parts that should stay on one line; joined they are the text again."""
    found: list[str] = []
    for part in (part for phrase in _parser().parse(text) for part in AFTER_SPACE.split(phrase)):
        while found and part and part[0] in NOT_FIRST and unicodedata.category(part[0])[0] == "P":
            found[-1], part = found[-1] + part[0], part[1:]  # the full stop joins the phrase that it ends
        if found and part and (are_bound(found[-1], part) or _are_one_word(found[-1], part)):
            found[-1] += part
        elif part:
            found.append(part)
    return found


def are_bound(before: str, after: str) -> bool:
    """Whether no line may end between the two. A line loses the spaces at its ends, so the rules skip them."""
    before, after = before.rstrip(), after.lstrip()
    return not before or not after or after[0] in NOT_FIRST or before[-1] in NOT_LAST


def _are_one_word(before: str, after: str) -> bool:
    return bool(LATIN.match(before[-1]) and LATIN.match(after))
