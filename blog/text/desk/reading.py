"""A draft as the checks read it: in blocks, and with the sections known that trail the article."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from blog.text.desk.blocks import Block, Kind, line_starts, read_blocks
from blog.text.desk.findings import Draft, Edit
from blog.text.headings import speaks_of_related
from blog.text.keys import title_key


@dataclass(frozen=True)
class Reading:
    """`trailing` holds the places in `blocks` of the related articles, calls to action and books, with their rules.

    `article` are the others: the article itself. `titles` holds the places of the titles.
    """

    draft: Draft
    blocks: tuple[Block, ...]
    trailing: frozenset[int]
    article: tuple[Block, ...]
    titles: frozenset[int]

    @classmethod
    def of(cls, draft: Draft) -> "Reading":
        blocks = tuple(read_blocks(draft.body))
        titles = frozenset(at for at, block in enumerate(blocks) if is_title(block))
        trailing = frozenset(_trailing(blocks, titles))
        article = tuple(block for at, block in enumerate(blocks) if at not in trailing)
        return cls(draft, blocks, trailing, article, titles)

    @cached_property
    def title_key(self) -> str:
        """Kept, since five checks ask for it."""
        return title_key(self.draft.title)

    @cached_property
    def _lines(self) -> list[int]:
        return line_starts(self.draft.body)

    def line_of(self, place: int) -> int:
        """The line of the body, from 1, in which a place is."""
        return bisect_right(self._lines, place)

    def column(self, at: int) -> int:
        """How far a block is indented in the source."""
        text = self.draft.body[self.blocks[at].start : self.blocks[at].end]
        return len(text) - len(text.lstrip(" \t"))

    def removals(self, removed: Collection[int]) -> dict[int, Edit]:
        """Returns the edit that removes each of these blocks together with the gap above it, or below the first block.

        So each may be made without the others, and those of neighbours overlap in a gap at most.
        """
        return {at: self._removal(at, removed) for at in removed}

    def _removal(self, at: int, removed: Collection[int]) -> Edit:
        if at == 0:
            return Edit("body", 0, self.blocks[1].start if len(self.blocks) > 1 else self.blocks[0].end)
        start = self.blocks[at - 1].end
        keep_gap = at - 1 not in removed and self._gap(at) > 1 and self._gap(_next_kept(at, removed)) == 1
        line_end = "\r\n" if self.draft.body.startswith("\r\n", start) else "\n"
        return Edit("body", start, self.blocks[at].end, line_end if keep_gap else "")

    def _gap(self, at: int) -> int:
        """The number of line ends above a block; 0 at either end of the body."""
        if not 0 < at < len(self.blocks):
            return 0
        return self.draft.body.count("\n", self.blocks[at - 1].end, self.blocks[at].start)


def _next_kept(at: int, removed: Collection[int]) -> int:
    while at in removed:
        at += 1
    return at


_BOOKS_HEADING = re.compile(r"おすすめ書籍|おすすめの本|関連書籍")
_CALL = re.compile(r"\{:[^{}\n]*cta[^{}\n]*\}|utm_medium=cta")
_LINKS = re.compile(r"[*_]{0,3}\[[^\[\]\n]*\]\([^()\n]*(?:\)|$)[*_]{0,3}")  # the last may lack its end
_CALL_SIGN = "cta"
MAX_CALL_CHARS = 250  # of a paragraph with its links
_NOTE_MARKS = re.compile(r"(?:[ 　]?\[\^[^\[\]\s]+\])+$")
LONGEST_MARKS = 500  # characters at the end of a line that are searched
END_MARK = re.compile(r"(?<![ 　])[ 　]*(?<!-)-{3,} ?END ?-{3,}[ 　]*")
_SMALL_PRINT = re.compile(r"[*_]{0,3}※")


def is_link_only(text: str) -> bool:
    """Whether nothing but links stands in the text, with marks between them such as ｜ and ・."""
    if "](" not in text:
        return False
    rest, links = _LINKS.subn("", text)
    return links > 0 and not any(char.isalnum() for char in rest)


def without_note_marks(line: str) -> str:
    """The line without the marks of notes, such as [^1], at its end: they follow the full stop."""
    if "[^" not in line:
        return line
    end = line[-LONGEST_MARKS:]
    return line[: len(line) - len(end)] + _NOTE_MARKS.sub("", end)


def is_small_print(text: str) -> bool:
    """Whether the text is a note that begins with ※."""
    return _SMALL_PRINT.match(text) is not None


def _trailing(blocks: tuple[Block, ...], titles: Collection[int]) -> Iterator[int]:
    """Goes section by section, so that an article which goes on after its related articles is not cut off."""
    at = 0
    follows = False  # a trailing section
    has_calls = any(_CALL_SIGN in block.text for block in blocks)
    while at < len(blocks):
        end = _section_end(blocks, at, has_calls=has_calls) if at in titles else at
        if end > at or (follows and (blocks[at].kind is Kind.RULE or is_small_print(blocks[at].text))):
            end = max(end, at + 1)
            yield from range(_with_rules_above(blocks, at), end)
            at, follows = end, True
        else:
            at, follows = at + 1, False


def _with_rules_above(blocks: tuple[Block, ...], at: int) -> int:
    while at > 0 and blocks[at - 1].kind is Kind.RULE:
        at -= 1
    return at


def _section_end(blocks: tuple[Block, ...], at: int, *, has_calls: bool) -> int:
    """Where the trailing section ends that begins with the title at `at`; `at` itself if none begins there."""
    title = blocks[at].text
    if _BOOKS_HEADING.search(title):
        return _end_of_books(blocks, at + 1)
    if speaks_of_related(title):
        return _end_of_links(blocks, at + 1)
    return _end_of_call(blocks, at) if has_calls else at


def is_title(block: Block) -> bool:
    """Whether the block heads what follows: a heading, or a short paragraph all in bold."""
    if block.kind is Kind.HEADING:
        return True
    if block.kind is not Kind.PARAGRAPH or not block.text.startswith("**"):
        return False
    text = block.text.rstrip("：:")
    return text.endswith("**") and len(text) <= 60


def is_label(block: Block) -> bool:
    """Whether the block is a title in bold that announces more: **費用：**."""
    return block.kind is Kind.PARAGRAPH and block.text.endswith(("：", ":", "：**", ":**")) and is_title(block)


def _end_of_links(blocks: tuple[Block, ...], at: int) -> int:
    while at < len(blocks) and blocks[at].kind in (Kind.ITEM, Kind.PARAGRAPH) and is_link_only(blocks[at].text):
        at += 1
    return at


def _end_of_books(blocks: tuple[Block, ...], at: int) -> int:
    """Each book is a link, a line about it, and a link again."""
    while at < len(blocks):
        if blocks[at].kind is Kind.RULE or (is_title(blocks[at]) and not is_link_only(blocks[at].text)):
            break
        if not _has_link_line(blocks[at]) and not _has_link_line(blocks[at - 1]):
            break
        at += 1
    return at


def _has_link_line(block: Block) -> bool:
    return any(is_link_only(line) for line in block.text.split("\n"))


def _end_of_call(blocks: tuple[Block, ...], at: int) -> int:
    """A call to action is a heading, a short paragraph or two, and a link that its address or its class betrays."""
    for end in range(at + 1, min(at + 6, len(blocks))):
        block = blocks[end]
        if block.kind not in (Kind.PARAGRAPH, Kind.ITEM, Kind.TEMPLATE) or len(block.text) > MAX_CALL_CHARS:
            return at
        if _CALL_SIGN in block.text and _CALL.search(block.text):
            return end + 1 + (end + 1 < len(blocks) and blocks[end + 1].kind is Kind.TEMPLATE)
    return at


def shown(text: str, length: int = 60) -> str:
    """The beginning of a text as a finding shows it: on one line."""
    line = " ".join(text[: 2 * length].split())
    return line if len(line) <= length else line[: length - 1] + "…"
