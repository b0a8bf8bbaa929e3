"""How comrak reads a Markdown body, and what it is spared so that its cost is in proportion to the body."""

import re

import comrak

from blog.text.bounds import check_elements

MAX_QUOTE_DEPTH = 20
# comrak fills short rows up to the table's width: 12 kB of a ragged table would become 20 MB.
MAX_TABLE_CELLS = 20_000
# Each reference to a footnote becomes a link there and a link back, of 150 bytes each.
MAX_NOTE_REFERENCES = 2_000


def _extensions(*, footnotes: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.cjk_friendly_emphasis = True  # **「強調」**は is emphasis in Japanese, not in CommonMark
    options.footnotes = footnotes
    options.strikethrough = options.table = options.tasklist = True
    return options


def _parsing() -> comrak.ParseOptions:
    options = comrak.ParseOptions()
    options.ignore_setext = True  # the archive's writers put `---` right under paragraphs, as a rule
    return options


_EXTENSIONS = _extensions(footnotes=True)
_WITHOUT_NOTES = _extensions(footnotes=False)
PARSING = _parsing()

_CONTAINER_MARKS = re.compile(rf"[-+*>\d.) \t]{{{MAX_QUOTE_DEPTH + 1},}}")
# Where it begins a line, each is an item of a list in the one before: 200 characters of `- - - a` are 100 lists, which
# comrak alone builds for longer than a body may take. Text that only looks like one (2026 - 2027) is too rare to count.
# It begins with the sign and looks back, so that `re` skips the text between signs.
_LIST_MARK = re.compile(r"[-+*\d](?<!\S.)(?:(?<=[-+*])|(?<=\d)\d{0,8}[.)])[ \t]")
_DELIMITER_ROW = re.compile(r"^[|:\-> \t]+$", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[> \t]*(?=\n)")


def bounded(source: str) -> str:
    """The same lines, with quotes and tables that comrak reads in time. Raises BodyRefused for endless lists."""
    check_elements(sum(1 for _ in _LIST_MARK.finditer(source)), source)
    return _with_bounded_tables(_with_bounded_quotes(source))


def extensions_for(source: str) -> comrak.ExtensionOptions:
    return _WITHOUT_NOTES if source.count("[^") > MAX_NOTE_REFERENCES else _EXTENSIONS


def _with_bounded_quotes(source: str) -> str:
    return _CONTAINER_MARKS.sub(_bounded_marks, source) if source.count(">") > MAX_QUOTE_DEPTH else source


def _bounded_marks(marks: re.Match[str]) -> str:
    """Keeps the first MAX_QUOTE_DEPTH quote marks; comrak itself bounds list marks."""
    quotes = marks[0].split(">")
    return marks[0] if len(quotes) <= MAX_QUOTE_DEPTH + 1 else ">".join(quotes[:MAX_QUOTE_DEPTH]) + "> "


def _with_bounded_tables(source: str) -> str:
    """Breaks the delimiter row of each table that takes the body beyond MAX_TABLE_CELLS: its rows become text."""
    if "|" not in source:
        return source
    cells = 0
    blocks = []
    for block in _BLANK_LINE.split(source):
        columns = [row.count("|") + 1 for row in _DELIMITER_ROW.findall(block) if "|" in row and "-" in row]
        if columns:
            cells += max(columns) * (block.count("\n") + 1)
            if cells > MAX_TABLE_CELLS:
                block = _DELIMITER_ROW.sub(lambda row: row[0].replace("-", r"\-", 1), block)
        blocks.append(block)
    return source if cells <= MAX_TABLE_CELLS else "\n".join(blocks)
