"""The words that the writer chose: without code, addresses, tags and comments, and at will without quotations."""

import re

from blog.text.desk.blanks import without_comments
from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Edit, Finding

PROSE = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM, Kind.TABLE})

# No alternative can begin inside its own repetition, so that each sign is read once, whatever the text.
_NOT_WORDS = re.compile(
    r"`[^`\n]+`"
    r"|(?<=\])\([^()\n]*\)"  # where a link leads
    r"|!(?=\[)"  # the mark of a picture
    r"|https?://[!-;=?-~]+"
    r"|</?[a-zA-Z][^<>\n]*>"
)
_SAID_ELSEWHERE = re.compile(r"「[^「」\n]*」|『[^『』\n]*』|“[^“”\n]*”|\"[^\"\n]*\"|\[[^\[\]\n]*\](?= )")
_SIGNS_OF_OTHERS = '「『“"['
EXCERPT_CHARS = 40


def words(text: str) -> str:
    """Puts a space in place of each character that is no word of the writer."""
    if "<" in text or "`" in text or "](" in text or "![" in text or "://" in text:  # most texts have none
        return _NOT_WORDS.sub(_blank, without_comments(text))
    return text


def own_words(text: str) -> str:
    """As `words`, but without quotations and the texts of links too: their wording is somebody else's."""
    own = words(text)
    return _SAID_ELSEWHERE.sub(_blank, own) if any(sign in own for sign in _SIGNS_OF_OTHERS) else own


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def found(code: str, block: Block, message: str, *, at: int = 0, fix: tuple[Edit, ...] = ()) -> Finding:
    """A finding at the character `at` of the block's text. Its excerpt begins a little before."""
    line = block.line + block.text.count("\n", 0, at)
    begins = max(at - 10, block.text.rfind("\n", 0, at) + 1)
    return Finding(code, line, shortened(block.text[begins : at + EXCERPT_CHARS + 1]), message, fix)


def shortened(text: str) -> str:
    text = " ".join(text[: 2 * EXCERPT_CHARS].split())
    return text if len(text) <= EXCERPT_CHARS else text[: EXCERPT_CHARS - 1] + "…"
