"""What is missing: the end of the article or of a code block, the body, the excerpt."""

import re
from collections.abc import Iterator

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Edit, Finding, World
from blog.text.desk.reading import Reading, is_link_only, is_small_print, shown

_NO_TEXT = (Kind.RULE, Kind.MARKER, Kind.TEMPLATE, Kind.DEFINITION)
_JUDGED = (Kind.PARAGRAPH, Kind.HEADING)
_CLOSING = "」』）)】〉》］]”’\"'*_ \t　"
_FINISHED = "。！？!?…♪."
_EMPHASISED = re.compile(r"(?:\*{1,3}|_{1,3})[^*_]+(?:\*{1,3}|_{1,3})[：:]?")
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
# 「…」 that begins a sentence is one, and needs no full stop; 「…」 inside a sentence is a word of it.
_SPEECH = re.compile(r"(?:^|[。！？!?…])[ 　]*「[^「」]*」$|(?:^|[。！？!?…])[ 　]*『[^『』]*』$")


def cut(article: Reading, world: World) -> Iterator[Finding]:
    """The body ends in mid-sentence. Lists, tables, code, quotes, notes and lines of links end as they like."""
    last = next((block for block in reversed(article.article) if block.kind not in _NO_TEXT), None)
    if not last or last.kind not in _JUDGED:
        return
    lines = last.text.split("\n")
    line = last.line + len(lines) - 1
    if last.kind is Kind.HEADING:
        yield Finding("cut", line, shown(last.text), "本文が見出しで終わっています。続きを書くか、見出しを消してください。")
    elif not _is_finished(lines[-1].strip()):
        yield Finding("cut", line, lines[-1][-40:], "本文が文の途中で終わっています。最後の文を書き終えてください。")


def _is_finished(line: str) -> bool:
    if is_link_only(line) or is_small_print(line) or _EMPHASISED.fullmatch(line) or _IN_BRACKETS.fullmatch(line):
        return True
    bare = line.rstrip(_CLOSING)
    return not bare or bare[-1] in _FINISHED or _SPEECH.search(line) is not None


def fence(article: Reading, world: World) -> Iterator[Finding]:
    """A code block without its end, which makes code of the rest of the article."""
    for block in article.blocks:
        if block.kind is Kind.FENCE and not block.closed:
            first = block.text.split("\n", 1)[0]
            message = "コードブロックが閉じていません。ここから先の本文がすべてコードとして表示されます。"
            yield Finding("fence", block.line, shown(first), message, (_closing(block),))


_PROSE = re.compile(r"\n[ \t]*\n(?:-{3,}[ \t]*\n[ \t]*\n)?(?=#{2,6} |[^\s#/*;%<>{}()\[\]=\"'-][^\n]*。[ \t]*(?:\n|$))")


def _closing(block: Block) -> Edit:
    """Closes a fence where prose begins again after a blank line, else at its end."""
    mark = re.match(r"`+|~+", block.text)
    prose = _PROSE.search(block.text)
    at = block.text_start + (prose.start() if prose else len(block.text))
    return Edit("body", at, at, f"\n{mark[0] if mark else '```'}")


def empty_body(article: Reading, world: World) -> Iterator[Finding]:
    if all(block.kind in (*_NO_TEXT, Kind.HEADING) or not block.text for block in article.article):
        yield Finding("empty_body", 0, "", "本文がありません。")


def empty_excerpt(article: Reading, world: World) -> Iterator[Finding]:
    if not article.draft.excerpt.strip():
        yield Finding("empty_excerpt", 0, "", "リード文がありません。一覧や検索結果に出る文です。")
