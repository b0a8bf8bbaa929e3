"""Tells which items of a list stop in mid-sentence. Most items are not sentences and need no full stop."""

import re
from collections.abc import Sequence

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.echoes import without_label
from blog.text.desk.endings import END_MARK, SOURCE, ends_a_sentence, is_finished, is_left_open, without_unseen
from blog.text.desk.reading import without_note_marks

# An item of several words may be a slogan (水とトイレを世界に). One that goes on so far behind a full stop is none, nor
# is one that ends with a comma there, nor one of several clauses.
_LEFT_OFF = re.compile(r"[。！？](?:[^。！？\n]{20,}[をが]|[^。！？\n]+、)$")
_SLOGAN_ENDS = ("を", "に", "へ", "で")  # a slogan of two clauses may well end so
LONGEST_SLOGAN = 25  # characters
_ENOUGH = 8  # items above that are looked at: who wrote so many sentences writes the next one too


def is_cut_item(blocks: Sequence[Block], at: int) -> bool:
    """Whether the item at this place stops in mid-sentence, or is not a sentence although all items above it are.

    The second counts if the item has a whole sentence before its unfinished one. Without one it counts only for the
    last block of the article, and below two items or more.
    """
    last = without_unseen(blocks[at].text).rsplit("\n", 1)[-1].strip()
    is_odd = _is_odd(blocks, at, 1) if "。" in last else at + 1 == len(blocks) and _is_odd(blocks, at, 2)
    if not _is_left_off(last) and not is_odd:
        return False
    return not (may_end(last) or SOURCE.match(last) or _heads_items(blocks, at))


def may_end(line: str) -> bool:
    """Whether the article may end with this line. The end mark has its own finding."""
    return is_finished(END_MARK.sub("", line) if "END" in line else line)


def _heads_items(blocks: Sequence[Block], at: int) -> bool:
    """Whether the next item is nested: its text is indented by more than the extra digit that a number may have."""
    if at + 1 == len(blocks) or blocks[at + 1].kind is not Kind.ITEM:
        return False
    item, below = blocks[at], blocks[at + 1]
    return (below.text_start - below.start) - (item.text_start - item.start) > 1


def _is_left_off(line: str) -> bool:
    bare = without_label(without_note_marks(line))
    if not is_left_open(bare):
        return False
    is_long = len(bare) >= LONGEST_SLOGAN and "、" in bare
    return (is_long and not bare.endswith(_SLOGAN_ENDS)) or _LEFT_OFF.search(bare) is not None


def _is_odd(blocks: Sequence[Block], at: int, needed: int) -> bool:
    """Whether the items above are sentences, and at least `needed` of them."""
    place = at - 1
    while place >= max(at - _ENOUGH, 0) and blocks[place].kind is Kind.ITEM:
        if not ends_a_sentence(blocks[place].text.rsplit("\n", 1)[-1].strip()):
            return False
        place -= 1
    return at - 1 - place >= needed
