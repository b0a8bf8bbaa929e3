"""What a tool left in the article: end marks, Git's conflicts, a text generator's talk and refusals, placeholders.

What stands in quotes was quoted on purpose, and code is not read. Of tables, block quotes and notes only a generator's
citations are, which nobody writes or quotes.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise

from blog.text.desk.blanks import without_code
from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import HEAD, Edit, Finding, World
from blog.text.desk.leftovers import CITATION, Removals, label_removal, leftovers
from blog.text.desk.reading import END_MARK, Reading, is_link_only, shown
from blog.text.keys import exact_key

_READ = (Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM)
_READ_FOR_CITATIONS = (Kind.TABLE, Kind.QUOTE, Kind.DEFINITION)
_CONTINUED = re.compile(r"[ 　]*[（(]続き[）)](?=[*_]{0,3}[ 　]*(?:$|[：:]))", re.MULTILINE)
_QUOTES = ("「」", "『』", "“”", '""')
_EMPHASIS = ("**", "__", "~~", "*", "_")
_LONGEST_READ = 2_000  # characters of a line in which emphasis is looked for
_AROUND = " 　*_~" + "".join(_QUOTES)
_NUMBERED = re.compile(r"[表図][ 　]?[0-9０-９.．-]*$")
# Git names the branch or the commit behind the sign, and in brackets the commit's message. Other text is the article's.
_CONFLICT_LINE = re.compile(r"[<=>]{7}(?: [!-~]+(?: [!-~]+)?(?: \([^\n]*\))?)?")
_OF_A_WORK = re.compile(
    r"[-*+_>\s]{0,6}(?:著者?|作者|訳者?|編者?|監修|出版社?|版元|発行|発売|刊行|定価|価格|判型|ISBN|監督|脚本|原作|主演|出演|配給|制作"
    r"|放送|公開|ジャンル|アーティスト|作詞|作曲|レーベル|講師|登壇|日時|会場|ディスクリプション|見出し|本文|概要|あらすじ)[^。：:\n]{0,6}[：:]"
)
_BETWEEN = re.compile("[／/｜|、\u3000 ]")
_INTERVIEW = re.compile(r"[*_]{0,2}(?:[―—–─]|Q[0-9.:：．]|問)")
# A text of so many bytes is never pressed to a twelfth, unless it repeats one short piece.
_LEAST_PRESSED, _PRESSED = 1_000, 1 / 12


def marker(article: Reading, world: World) -> Iterator[Finding]:
    for name, text in (("title", article.draft.title), ("excerpt", article.draft.excerpt)):
        if found := next(leftovers(text), None):
            fix = label_removal(name, text) if found[0] == 0 else ()
            yield Finding("marker", 0, shown(text), f"{HEAD[name]}：{found[1]}", fix)
    yield from _marker_lines(article)
    marks = {at: list(_marks(block)) for at, block in enumerate(article.blocks) if block.kind in _READ}
    emptied = {at for at, spans in marks.items() if spans and _is_all(article.blocks[at].text, spans)}
    removals = article.removals(emptied)
    for at, spans in marks.items():
        block = article.blocks[at]
        for start, end in spans:
            edit = removals.get(at) or Edit("body", block.text_start + start, block.text_start + end)
            message = f"「{block.text[start:end].strip(_AROUND)}」が残っています。消してください。"
            yield _finding(article, block, start, message, (edit,))
    going = Removals(article)
    for at, block in enumerate(article.blocks):
        if block.kind in _READ or block.kind in _READ_FOR_CITATIONS:
            yield from _leftovers_in(going, at, block)


def repeated_piece(article: Reading, world: World) -> Iterator[Finding]:
    """Finds a paragraph that repeats one short piece for screens, as a generator that got stuck writes it."""
    for block in article.blocks:
        written = block.text.encode(errors="replace") if block.kind in _READ else b""
        if len(written) >= _LEAST_PRESSED and len(zlib.compress(written)) < _PRESSED * len(written):
            message = "同じ文字の並びが続いています。書き直すか、消してください。"
            yield _finding(article, block, 0, message, ())


# --- talk and placeholders ---


def _leftovers_in(going: Removals, at: int, block: Block) -> Iterator[Finding]:
    """One finding for each line. Its fix takes all of its kind from the line."""
    article = going.article
    if is_link_only(block.text):
        return
    found: dict[int, list[tuple[int, str]]] = {}
    for start, message in leftovers(block.text):
        if (block.kind in _READ or message == CITATION) and not _is_meant(going, at, start):
            found.setdefault(article.line_of(block.text_start + start), []).append((start, message))
    for places in found.values():
        start, message = min(places)
        alike = sorted(place for place, other in places if other == message)
        fix = dict.fromkeys(edit for place in alike for edit in going.of(at, place))
        yield _finding(article, block, start, message, tuple(fix))


def _is_meant(going: Removals, at: int, start: int) -> bool:
    """Whether the words are the article's own here: an answer in an interview, or a label on the card of a book."""
    blocks, text = going.article.blocks, going.article.blocks[at].text
    if text.startswith("はい", start):
        return at > 0 and _INTERVIEW.match(blocks[at - 1].text) is not None
    if not text.startswith("タイトル", start) or going.names_article(text[start:]):
        return False
    line, _, below = text[start:].partition("\n")
    above = text[:start].rstrip() or (blocks[at - 1].text if at else "")
    below = below or (blocks[at + 1].text if at + 1 < len(blocks) else "")
    beside = (above.rpartition("\n")[2], below.partition("\n")[0], *_BETWEEN.split(line, 9))
    return any(_OF_A_WORK.match(label) for label in beside)


def _finding(article: Reading, block: Block, start: int, message: str, fix: tuple[Edit, ...]) -> Finding:
    around = max(start - 10, block.text.rfind("\n", max(start - 10, 0), start) + 1, 0)
    excerpt = shown(block.text[around : around + 200])
    return Finding("marker", article.line_of(block.text_start + start), excerpt, message, fix)


# --- marks within a line ---


def _marks(block: Block) -> Iterator[tuple[int, int]]:
    """Yields the spans of marks that can go without harm to their line: not those in code or quoted among words."""
    if not ("END" in block.text or "続き" in block.text) or is_link_only(block.text):
        return
    text = without_code(block.text, "x")  # spaces would go with the mark beside them
    start = 0
    for line in text.split("\n"):
        for begin, end in _end_marks(line, is_item=block.kind is Kind.ITEM):
            yield start + begin, start + end
        start += len(line) + 1
    for found in _CONTINUED.finditer(text):
        if not _NUMBERED.search(text, max(0, found.start() - 10), found.start()):
            yield found.span()


def _end_marks(line: str, *, is_item: bool) -> Iterator[tuple[int, int]]:
    """A quoted mark is meant if words stand beside it, or in a list of such marks. Else it goes with its quotes."""
    if "END" not in line:
        return
    is_meant = is_item or exact_key(END_MARK.sub("", line)) != ""
    for found in END_MARK.finditer(line):
        begin, end = _with_emphasis(line, *found.span())
        if line[begin - 1 : begin] + line[end : end + 1] not in _QUOTES:
            yield begin, end
        elif not is_meant:
            yield _with_emphasis(line, begin - 1, end + 1)


def _with_emphasis(line: str, begin: int, end: int) -> tuple[int, int]:
    """The span with the signs of emphasis that begin right before it and end right after it. A line is read so far."""
    for sign in _EMPHASIS if begin < _LONGEST_READ else ():
        is_inside = line.endswith(sign, 0, begin) and line.startswith(sign, end)
        if is_inside and line.count(sign, 0, begin) % 2:  # else it ends what stands before the span
            return _with_emphasis(line, begin - len(sign), end + len(sign))
    return begin, end


def _is_all(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether nothing would be left without the spans: an empty heading or item would stay."""
    done = 0
    for start, end in spans:
        if text[done:start].strip():
            return False
        done = end
    return not text[done:].strip()


# --- lines of tools ---


def _marker_lines(article: Reading) -> Iterator[Finding]:
    lines = {at: block for at, block in enumerate(article.blocks) if block.kind is Kind.MARKER}
    single = [at for at, block in lines.items() if not _conflict_sign(block)]
    conflicts = list(_conflicts(lines))
    resolvable = {at for conflict in conflicts if _is_resolvable(article, conflict) for at in conflict}
    removals = article.removals({*single, *resolvable})
    for conflict in conflicts:
        message = "Gitの競合の印が残っています。" + (
            "印の行を消してください。" if conflict[0] in removals else "二つの版を見比べて、一方を残してください。"
        )
        fix = tuple(removals[at] for at in conflict if at in removals)
        yield Finding("marker", lines[conflict[0]].line, shown(lines[conflict[0]].text), message, fix)
    left = set(lines).difference(single, *conflicts)
    if any(_conflict_sign(lines[at]) in "<>" for at in left):  # ======= by itself underlines a heading
        for at in sorted(left):
            message = (
                "Gitの競合の印が、対になる印のないまま残っています。前後の文を見比べてから、この行を消してください。"
            )
            yield Finding("marker", lines[at].line, shown(lines[at].text), message)
    for at in single:
        message = "文章を作る道具の印が残っています。この行を消してください。"
        yield Finding("marker", lines[at].line, shown(lines[at].text), message, (removals[at],))


def _conflict_sign(block: Block) -> str:
    """The sign that the line of a conflict is made of: <, |, = or >; "" for another marker."""
    return block.text[0] if block.text[:7] == block.text[0] * 7 and block.text[0] in "<|=>" else ""


def _conflicts(lines: dict[int, Block]) -> Iterator[tuple[int, ...]]:
    """Yields the places of the marker lines of each whole conflict: <<<<<<<, perhaps |||||||, =======, >>>>>>>."""
    open_marks: list[int] = []
    for at, block in lines.items():
        sign = _conflict_sign(block)
        if sign == "<":
            open_marks = [at]
        elif sign in ("|", "=") and open_marks:
            open_marks.append(at)
        elif sign == ">" and open_marks and lines[open_marks[-1]].text[0] == "=":
            yield (*open_marks, at)
            open_marks = []


def _is_resolvable(article: Reading, conflict: tuple[int, ...]) -> bool:
    """Whether both sides may stay: they are equal, or one is empty, or one is made of trailing sections alone."""
    if len(conflict) != 3 or not all(_CONFLICT_LINE.fullmatch(article.blocks[at].text) for at in conflict):
        return False
    sides = [
        [at for at in range(begin + 1, end) if article.blocks[at].kind not in (Kind.MARKER, Kind.RULE)]
        for begin, end in pairwise(conflict)
    ]
    if any(all(at in article.trailing for at in side) for side in sides):
        return True
    ours, theirs = ("".join(exact_key(article.blocks[at].text) for at in side) for side in sides)
    return ours == theirs
