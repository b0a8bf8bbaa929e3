"""Leaves out what the page hides of a body beside comments: what stands in <? … ?>, <!x …> and <![CDATA[ … ]]>, notes
to which nothing leads, addresses that no link uses, and those that lead nowhere, which some write as comments:
[//]: # (…), [comment]: <> (…).

Where it is hard to tell, it keeps less than the page shows.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from blog.text.desk.blanks import bare_text, code_ends, without_code
from blog.text.desk.blocks import Block, Kind, read_blocks

# In raw HTML a browser hides comments, and tags without a name up to the first >. One that begins a line may be the
# mark of a quote.
_IN_HTML = re.compile(r"<(?:!--.*?(?:--!?>|\Z)|(?:[!?]|/(?![A-Za-z]))(?:[^>\n]++|\n[ \t>]*+)*+(?:>|\Z))", re.DOTALL)
_SIGNS = re.compile(r"\\.|`+|<[?!]", re.DOTALL)
_IN_TEXT = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
_DECLARATION = re.compile(r"<![A-Z]+\s")
_MARKS = r"(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*"  # of quotes and items
_HTML_LINE = re.compile(rf"^{_MARKS}(?=<)", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\[\]\s]+\]")
_NOTE = re.compile(r"^ {0,3}(?P<mark>\[\^[^\[\]\s]+\]):.*?(?=^ {0,3}\[[^\[\]\n]+\]:|\Z)", re.DOTALL | re.MULTILINE)
_TITLE = r"(?:\s{1,9}(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?"
_LABEL = re.compile(r"\[[^\[\]]+\]")
_PASSED_OVER = str.maketrans({">": " ", "\\": None})
_ADDRESS = re.compile(
    rf"^ {{0,3}}(?P<address>(?P<label>\[(?!\^)[^\[\]\n]+\]):[ \t]*(?:<[^<>\n]*>|[^\s<]\S*){_TITLE})[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_NOWHERE = re.compile(
    rf"^{_MARKS}(?P<address>\[[^\[\]\n]+\]:[ \t]*(?:#|<#?>){_TITLE})[ \t]*$", re.MULTILINE | re.DOTALL
)


def without_hidden(body: str) -> str:
    marks = Counter(_NOTE_MARK.findall(body.lower()))
    blocks = read_blocks(body) if "<" in body or "]:" in body else []
    used = _used(body, blocks) if "]:" in body else Counter()
    kept, at, is_unread = [], 0, False
    for block in blocks:
        unread = _unread_notes(block, marks) if block.kind is Kind.DEFINITION else []
        if is_unread and block.kind is Kind.CODE:  # it goes on with the note above
            unread = [(0, len(block.text))]
        is_unread = unread != [] and unread[-1][1] == len(block.text)
        for start, end in sorted([*unread, *_unused(block, used), *_hidden(block)]):
            kept.append(body[at : block.text_start + start])
            at = max(at, block.text_start + end)
            if block.text.startswith("<!--", start) and not block.text.endswith(("-->", "--!>"), start, end):
                return "".join(kept)  # as a browser does, also where its quote or item ends
    return "".join([*kept, body[at:]])


def _unread_notes(block: Block, marks: Mapping[str, int]) -> list[tuple[int, int]]:
    return [note.span() for note in _NOTE.finditer(block.text) if marks[note["mark"].lower()] == 1]


def _used(body: str, blocks: Sequence[Block]) -> Mapping[str, int]:
    """How often each label stands in the body beside the addresses that it names."""
    named = Counter(_label(found["label"]) for block in blocks for found in _addresses(block))
    return Counter(map(_label, _LABEL.findall(body))) - named


def _label(found: str) -> str:
    """The label as links compare it: without regard to case and spaces, to > where a line of a quote begins, and to the
    backslash that | has in a table.
    """
    return " ".join(found[1:-1].casefold().translate(_PASSED_OVER).split())


def _addresses(block: Block) -> Iterator[re.Match[str]]:
    return _ADDRESS.finditer(block.text) if block.kind is Kind.DEFINITION else iter(())


def _unused(block: Block, used: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    return (found.span("address") for found in _addresses(block) if _label(found["label"]) not in used)


def _hidden(block: Block) -> Iterator[tuple[int, int]]:
    if block.kind in (Kind.FENCE, Kind.CODE) or not ("<" in block.text or "]:" in block.text):
        return
    begin = 0  # of raw HTML
    if block.kind is not Kind.HTML:
        bare = bare_text(block, "x")
        begin = _html_begin(block) if "<" in bare else len(bare)
        yield from (found.span("address") for found in _NOWHERE.finditer(bare))
        if "<" in bare:
            yield from _in_text(block.text[:begin])
    for found in _IN_HTML.finditer(block.text, begin):
        yield found.span()


def _in_text(text: str) -> Iterator[tuple[int, int]]:
    """Yields the spans of what is hidden in text. As in the renderer, code or HTML is what begins first, and holds the
    signs of the other up to its end.
    """
    end_of, done = code_ends(text), 0
    endless: set[str] = set()
    for sign in _SIGNS.finditer(text):
        start = sign.start()
        if start < done or sign[0][0] == "\\":
            continue
        if sign[0][0] == "`":
            done = end_of(*sign.span()) or done
            continue
        beginning, ending = next(pair for pair in _IN_TEXT if text.startswith(pair[0], start))
        if ending in endless or (ending == ">" and not _DECLARATION.match(text, start)):
            continue
        end = text.find(ending, start + 2)
        if end < 0:
            endless.add(ending)
            continue
        done = end + len(ending)
        if beginning != "<!--":  # others take comments
            yield start, done


def _html_begin(block: Block) -> int:
    line = _HTML_LINE.search(without_code(block.text, "x")) if block.kind in (Kind.QUOTE, Kind.ITEM) else None
    return line.end() if line else len(block.text)
