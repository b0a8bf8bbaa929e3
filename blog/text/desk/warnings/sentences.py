"""Warnings about paragraphs that end, or begin, where no sentence does, and about those that never end."""

import re
from collections.abc import Iterator
from itertools import pairwise

from blog.text.desk.blocks import GAPS, INTRODUCED, Block, Kind
from blog.text.desk.endings import is_finished, without_unseen
from blog.text.desk.findings import Finding, World
from blog.text.desk.keys import word_key
from blog.text.desk.reading import Reading, without_note_marks
from blog.text.desk.warnings.prose import EXCERPT_CHARS, found

LONGEST = 1_000  # characters of a paragraph
RUNNING = 60  # characters; a shorter line without a full stop may be a label or a heading
SAME_BEGINNING = 15  # word characters
SAME_CLAUSE = 6

_CLOSING = "」』）)】〉》”\"'*_ 　\t"
_ENDS = "。．！？!?…♪.：:"
_GLUE = re.compile(r"[、をにがの]$|(?<!と)は$")
_LABELLED = re.compile(r"[*_]{2}[^*_\n]+[*_]{2}[ 　]?[:：]|[^。\n]{1,20}[:：]|[→⇒※＊*]")
# A quotation, or a note in brackets, that begins after a full stop needs none of its own. The pattern is chosen by the
# last sign, so that the first beginning matches and no other is tried.
_BY_ITSELF = {
    **dict.fromkeys('」』”"', re.compile(r"(?:^|[。！？!?…：:])[*_ 　]*[「『“\"].*.$")),
    **dict.fromkeys("）)", re.compile(r"(?:^|[。！？!?…：:])[*_ 　]*[（(].*.$")),
}
_ENDING_LINK = re.compile(r"\]\([^()\n]*\)$")

_NOUN = "一-龥々ァ-ヴA-Za-z0-9「『"
_BEGINS_INSIDE = re.compile(
    r"[、。，．）」』】〉》ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮンをん]"
    r"|…(?!…)|\.{3}(?!\.)"
    rf"|[のがにでもや](?=[{_NOUN}])|は、|への|といった|という(?!わけ|の|こと|か)"
    r"|てい(?!ね)|です(?!から|が|ので|けど)|でしょう|ます(?!ます)|ました|ません|だろう|である(?!から)|する(?![とっどす])"
    r"|られ|れる|べき(?![乗等数])"
)
_UNREAD = (*GAPS, Kind.DEFINITION)


def cut_paragraphs(article: Reading, world: World) -> Iterator[Finding]:
    """The findings `cut_inside` and `restart`. The article's last paragraph is the business of `cut`."""
    cuts = [(block, below) for block, below in _pairs(article) if _is_cut(block, below)]
    for block, _ in cuts:
        at = max(len(block.text) - EXCERPT_CHARS, block.text.rfind("\n") + 1)
        yield found("cut_inside", block, "段落が文の途中で切れています。", at=at)
    for block, below in cuts:
        if below.kind is Kind.PARAGRAPH and _begins_again(block.text, below.text):
            yield found("restart", below, f"{block.line}行目で切れた段落が、ここで書き直されています。")


def starts_inside(article: Reading, world: World) -> Iterator[Finding]:
    for block in article.article:
        if block.kind is Kind.PARAGRAPH and _BEGINS_INSIDE.match(block.text.lstrip("*_ 　")):
            yield found("starts_inside", block, "段落が文の途中から始まっています。")


def run_on(article: Reading, world: World) -> Iterator[Finding]:
    for block in article.article:
        if block.kind is Kind.PARAGRAPH and len(block.text) > LONGEST:
            message = f"1つの段落が{len(block.text):,}字あります。{LONGEST:,}字までに分けてください。"
            yield found("run_on", block, message)


def _pairs(article: Reading) -> Iterator[tuple[Block, Block]]:
    """Each paragraph of the article with the block below it, without a headline on top."""
    blocks = [block for block in article.article if block.kind not in _UNREAD]
    for at, (block, below) in enumerate(pairwise(blocks)):
        is_headline = at == 0 and "。" not in block.text
        if block.kind is Kind.PARAGRAPH and not is_headline:
            yield block, below


def _is_cut(block: Block, below: Block) -> bool:
    """Whether the last line ends within a sentence. A label, a line that stands by itself and what introduces a list do
    not.
    """
    text = without_unseen(block.text)
    last = without_note_marks(text[text.rfind("\n") + 1 :].strip())
    bare = last.rstrip(_CLOSING)
    if below.kind in INTRODUCED or not bare or bare[-1] in _ENDS:
        return False
    if "。" not in last and len(last) < RUNNING and not _GLUE.search(bare):
        return False
    return not (_LABELLED.match(last) or is_finished(last) or _ends_otherwise(last.rstrip("*_")))


def _ends_otherwise(line: str) -> bool:
    """Whether the line ends with a link, or with a quotation or a note that begins where a sentence may."""
    by_itself = _BY_ITSELF.get(line[-1:])
    return by_itself is not None and bool(_ENDING_LINK.search(line) or by_itself.search(line))


def _begins_again(cut: str, below: str) -> bool:
    """Whether the paragraph begins as the cut one did, or with the clause at which that was cut."""
    again = word_key(below[:200])
    if len(again) >= SAME_BEGINNING and word_key(cut[:200])[:SAME_BEGINNING] == again[:SAME_BEGINNING]:
        return True
    clause = word_key(re.split("[、。！？]", cut[-200:])[-1])
    return len(clause) >= SAME_CLAUSE and again.startswith(clause)
