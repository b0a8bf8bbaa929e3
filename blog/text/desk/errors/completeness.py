"""What is missing: the end of the article, the body, the excerpt."""

import re
import unicodedata
from collections.abc import Iterator

from blog.text.desk.blanks import without_comments
from blog.text.desk.blocks import Block, Kind
from blog.text.desk.endings import without_unseen
from blog.text.desk.findings import Finding, World
from blog.text.desk.items import is_cut_item, may_end
from blog.text.desk.reading import Reading, is_label, shown
from blog.text.japanese import unescaped

_NO_TEXT = (Kind.RULE, Kind.MARKER, Kind.TEMPLATE, Kind.DEFINITION)
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


_NO_LINK_TEXT = re.compile(r"\[\s*\]\([^()\n]*\)")
_SHOWN = re.compile(r"<(?:audio|embed|iframe|img|object|svg|video)\b", re.IGNORECASE)
_TAGS = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")  # not <https://example.com/>, which shows


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
