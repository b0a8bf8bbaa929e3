"""What is missing: the end of the article or of a code block, the body, the excerpt."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from blog.text.desk.blanks import without_comments
from blog.text.desk.blocks import Block, Kind
from blog.text.desk.endings import without_unseen
from blog.text.desk.findings import Edit, Finding, World
from blog.text.desk.items import is_cut_item, may_end
from blog.text.desk.reading import Reading, is_label, shown
from blog.text.japanese import unescaped

_NO_TEXT = (Kind.RULE, Kind.MARKER, Kind.TEMPLATE, Kind.DEFINITION)
OPEN_COMMENT = (
    "コメント（<!--）が閉じていません。ここから先の本文が読者に見えません。「-->」で閉じるか、消してください。"
)
MISENDED = (
    "コメント（<!--）が「--!>」で終わっています。ここから先の本文が記号のまま表示されます。「-->」に直してください。"
)
_BREAKS = re.compile(r"\s*(?:<br\b[^<>]*>\s*)*", re.IGNORECASE)


def cut(article: Reading, world: World) -> Iterator[Finding]:
    """Finds a body that ends in mid-sentence. Tables, code, quotes, notes and lines of links need no full stop, nor do
    list items that `is_cut_item` does not find.
    """
    blocks = [block for block in article.article if block.kind not in _NO_TEXT and not _is_unseen(block)]
    if not blocks:
        return
    last = blocks[-1]
    lines = without_unseen(last.text).split("\n")
    line = last.line + len(lines) - 1
    if last.kind is Kind.HEADING or (is_label(last) and not _heads_more(article, last)):
        yield Finding(
            "cut", line, shown(last.text), "本文が見出しで終わっています。続きを書くか、見出しを消してください。"
        )
    elif last.kind is Kind.PARAGRAPH and not may_end(lines[-1].strip()):
        yield Finding("cut", line, lines[-1][-40:], "本文が文の途中で終わっています。最後の文を書き終えてください。")
    elif last.kind is Kind.ITEM and is_cut_item(blocks, len(blocks) - 1):
        message = "最後の箇条書きが文の途中で終わっています。その文を書き終えてください。"
        yield Finding("cut", line, lines[-1][-40:], message)


def _heads_more(article: Reading, label: Block) -> bool:
    """Whether notes or a template follow the label, as in **参考：**."""
    return any(
        block.kind in (Kind.DEFINITION, Kind.TEMPLATE) and block.start > label.start for block in article.article
    )


def _is_unseen(block: Block) -> bool:
    """Whether the block is nothing but comments, closed or not, and line breaks."""
    return block.kind is Kind.HTML and _BREAKS.fullmatch(without_comments(block.text, is_raw=True)) is not None


def fence(article: Reading, world: World) -> Iterator[Finding]:
    """Finds a code block without its end, which turns the rest of the article into code, and such a comment, which
    hides it.
    """
    ended_below = _ended_below(article.blocks) if "<!--" in article.draft.body else ()
    for at, block in enumerate(article.blocks):
        begin = _open_comment(article, block) if "<!--" in block.text and at not in ended_below else -1
        if begin >= 0 and _hides_lines(article.draft.body, block.text_start + begin):
            line, first = article.line_of(block.text_start + begin), block.text[begin:].split("\n", 1)[0]
            yield Finding("fence", line, shown(first), MISENDED if _is_misended(block, begin) else OPEN_COMMENT)
        if block.kind is Kind.FENCE and not block.closed:
            first = block.text.split("\n", 1)[0]
            message = "コードブロックが閉じていません。ここから先の本文がすべてコードとして表示されます。"
            yield Finding("fence", block.line, shown(first), message, (_closing(article, block),))


# In a quote or an item as in the text, a comment begins a line; elsewhere the sign is text. In an item two spaces more
# may stand before it. Code in a quote is not told from its text here.
_COMMENT_LINES = {
    Kind.QUOTE: re.compile(r"^(?:[ \t]*>){0,20} {0,3}(?=<!--)", re.MULTILINE),
    Kind.ITEM: re.compile(r"^(?: {0,5}|(?:[ \t]*>){1,20} {0,3})(?=<!--)", re.MULTILINE),
}
_CODE_IN_ITEM = " " * 5  # behind its mark
_LEAST_INDENT = 2  # of what belongs to an item
_SIGN = re.compile(r"\S")


def _hides_lines(body: str, begin: int) -> bool:
    """Whether anything stands below the line in which the comment begins."""
    line_end = body.find("\n", begin)
    return line_end >= 0 and _SIGN.search(body, line_end) is not None


def _is_misended(block: Block, begin: int) -> bool:
    """Whether the comment ends for a browser, but not for the renderer."""
    return block.text.find("--!>", begin) >= 0


def _ended_below(blocks: Sequence[Block]) -> set[int]:
    """The places of the items that may go on, behind a blank line, up to the end of a comment."""
    found, is_ended = set(), False
    for at in reversed(range(len(blocks))):
        if is_ended and blocks[at].kind is Kind.ITEM:
            found.add(at)
        indent = blocks[at].text_start - blocks[at].start
        is_ended = indent >= _LEAST_INDENT and (is_ended or "-->" in blocks[at].text)
    return found


def _open_comment(article: Reading, block: Block) -> int:
    """Where a comment begins that the block does not end, to the harm of what follows; -1 without one."""
    text = without_comments(block.text)
    begin = _html_comment(text) if block.kind is Kind.HTML else _comment_line(article, block, text)
    # Raw HTML that begins otherwise ends at a blank line, and that in an item or a quote with it.
    is_harmless = begin >= 0 and _is_misended(block, begin) and not (begin == 0 and block.kind is Kind.HTML)
    return -1 if is_harmless else begin


def _html_comment(text: str) -> int:
    """Where the first comment begins; -1 also where its sign stands in a tag, as in the value of an attribute."""
    begin = text.find("<!--")
    return -1 if begin > 0 and text.rfind("<", 0, begin) > text.rfind(">", 0, begin) else begin


def _comment_line(article: Reading, block: Block, text: str) -> int:
    if block.kind not in _COMMENT_LINES or "```" in text or "~~~" in text:
        return -1
    if block.kind is Kind.ITEM and article.draft.body.endswith(_CODE_IN_ITEM, block.start, block.text_start):
        return -1
    begun = _COMMENT_LINES[block.kind].search(text)
    return begun.end() if begun else -1


_NO_LINK_TEXT = re.compile(r"\[\s*\]\([^()\n]*\)")
_SHOWN = re.compile(r"<(?:audio|embed|iframe|img|object|svg|video)\b", re.IGNORECASE)
_TAGS = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")  # not <https://example.com/>, which shows
_REST_OF_LINE = re.compile(r"[^\r\n]*")  # after a text: spaces of any width
_BLANK_LINE = r"\r?\n[ \t]*\r?\n"
_PROSE = re.compile(
    rf"{_BLANK_LINE}(?:-{{3,}}[ \t]*{_BLANK_LINE})?"
    r"(?=#{2,6} |[^\s#/*;%<>{}()\[\]=\"'-][^\n]*。[ \t]*(?:\r?\n|$))"
)


def _closing(article: Reading, block: Block) -> Edit:
    """Closes a fence where prose begins again after a blank line, else at its end."""
    mark = re.match(r"`+|~+", block.text)
    prose = _PROSE.search(block.text)
    last = block.text_start + (prose.start() if prose else len(block.text))
    at = _REST_OF_LINE.match(article.draft.body, last).end()  # type: ignore[union-attr]  # it may be empty
    indent = article.draft.body[block.start : block.text_start]
    line_end = "\r\n" if "\r\n" in article.draft.body else "\n"
    return Edit("body", at, at, f"{line_end}{indent}{mark[0] if mark else '```'}")


def empty_body(article: Reading, world: World) -> Iterator[Finding]:
    if not any(_has_text(block) for block in article.article):
        yield Finding("empty_body", 0, "", "本文がありません。")


def _has_text(block: Block) -> bool:
    """Whether a reader finds anything in the block: a word, an emoji, or a picture or a film."""
    if block.kind in (*_NO_TEXT, Kind.HEADING):
        return False
    if block.kind is Kind.FENCE:
        return any(char.isalnum() for char in block.text.partition("\n")[2])
    text = without_comments(block.text, is_raw=block.kind is Kind.HTML)
    if "![" in text or _SHOWN.search(text):
        return True
    text = unescaped(_TAGS.sub("", _NO_LINK_TEXT.sub("", text)))
    return any(char.isalnum() or unicodedata.category(char) == "So" for char in text)


def empty_excerpt(article: Reading, world: World) -> Iterator[Finding]:
    if not article.draft.excerpt.strip():
        yield Finding("empty_excerpt", 0, "", "リード文がありません。一覧や検索結果に出る文です。")
