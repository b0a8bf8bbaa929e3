"""Warnings about paragraphs that end, or begin, where no sentence does, and about those that never end."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from blog.text.desk.blocks import GAPS, INTRODUCED, Block, Kind
from blog.text.desk.echoes import Echoes, without_label
from blog.text.desk.endings import is_finished, is_left_open, without_unseen
from blog.text.desk.findings import Finding, World
from blog.text.desk.items import is_cut_item
from blog.text.desk.keys import word_key
from blog.text.desk.reading import Reading, is_title, without_note_marks
from blog.text.desk.sentences import sentences
from blog.text.desk.warnings.prose import EXCERPT_CHARS, found

LONGEST = 1_000  # characters of a paragraph
RUNNING = 60  # characters; a shorter line without a full stop may be a label or a heading
SAME_BEGINNING = 15  # word characters
SAME_CLAUSE = 6
SHORTEST_WHOLE = 2  # of a paragraph that begins again whole: さあ、
SHORTEST = 12  # word characters of a piece that a longer sentence may complete; names and phrases are shorter
SHORTEST_PHRASE = 9
FARTHEST = 4  # blocks below that may close a quotation
OPENING = 12  # characters of a first sentence that is looked for elsewhere
JOINT = 16  # word characters around a cut: half of them from below it, or less if its first sentence is shorter
MOST_CUTS = 500  # a text with more is no article

_CLOSING = "」』）)】〉》”\"'*_ 　\t"
_ENDS = "。．！？!?…♪.：:"
_TITLE_ENDS = ("とは", "へ", "で")  # 未来へ, say
_LABELLED = re.compile(r"[*_]{2}[^*_\n]+[*_]{2}[ 　]?[:：]|[^。\n]{1,20}[:：]|[→⇒※＊]|\*(?!\*)")
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
    r"|の(?:である|です|だ(?!め|から))|てい(?!ね)|です(?!から|が|ので|けど)|でしょう|ます(?!ます)|ました|ません|だろう|である(?!から)|する(?![とっどす])"
    r"|られ|れる|べき(?![乗等数])"
)
_DOING = re.compile("して[いおくしき]")  # しておけばよかった。 is a sentence, where no cut is above
_HIRAGANA = re.compile("[ぁ-ん]")
_KATAKANA_END, _KATAKANA_BEGIN = re.compile("[ァ-ヺー]+$"), re.compile("[ァ-ヺー]+")
_UNREAD = (*GAPS, Kind.DEFINITION)


def broken_off(article: Reading, world: World) -> Iterator[Finding]:
    """The findings `cut_inside` and `starts_inside`: they are one story.

    The article's last paragraph or item is the business of `cut`.
    """
    blocks = [block for block in article.article if block.kind not in _UNREAD]
    echoes = Echoes(blocks)
    cuts = list(islice((at for at in range(len(blocks) - 1) if _is_cut(blocks, at, echoes)), MOST_CUTS))
    for at in cuts:
        yield _cut(blocks[at])
    restarts = {_new_beginning(blocks, at) for at in cuts}
    below_cuts = [at + 1 for at in cuts if at + 1 not in restarts and blocks[at + 1].kind is Kind.PARAGRAPH]
    for at in _starting_inside(blocks, below_cuts, echoes):
        yield found("starts_inside", blocks[at], "段落が文の途中から始まっています。")


def _cut(block: Block) -> Finding:
    at = max(len(block.text) - EXCERPT_CHARS, block.text.rfind("\n") + 1)
    what = "箇条書き" if block.kind is Kind.ITEM else "段落"
    return found("cut_inside", block, f"{what}が文の途中で切れています。", at=at)


def _starting_inside(blocks: Sequence[Block], below_cuts: Collection[int], echoes: Echoes) -> list[int]:
    """The places of the paragraphs that begin inside a sentence: by their first words, below a cut by what the article
    says elsewhere, or as one does that was found so.
    """
    inside = {at for at in range(len(blocks)) if _starts_inside(blocks[at])}
    inside |= {at for at in below_cuts if _goes_on(blocks[at - 1].text, _opening(blocks[at]), echoes)}
    known = {opening for at in inside if len(opening := _opening(blocks[at])) >= OPENING}
    beginnings = {opening[:OPENING] for opening in known}  # to make few openings of all paragraphs
    return [
        at
        for at, block in enumerate(blocks)
        if at in inside
        or (block.kind is Kind.PARAGRAPH and block.text.strip()[:OPENING] in beginnings and _opening(block) in known)
    ]


def _opening(block: Block) -> str:
    return next(sentences(block))[0]


def _goes_on(cut: str, opening: str, echoes: Echoes) -> bool:
    """Whether the opening below the cut paragraph says what is done with it, ends a longer sentence, or makes words of
    the article, or a word in katakana, with the cut end. Only a cut above tells it from a whole sentence.
    """
    if _DOING.match(opening) or (len(opening) >= OPENING and echoes.is_end(opening)):
        return True
    joint = (word_key(cut[-50:]) + word_key(opening[:50])[: JOINT // 2])[-JOINT:]
    if len(joint) == JOINT and echoes.says(joint):
        return True
    end, begin = _KATAKANA_END.search(cut[-50:]), _KATAKANA_BEGIN.match(opening)
    return end is not None and begin is not None and end[0] + begin[0] in echoes.katakana


def run_on(article: Reading, world: World) -> Iterator[Finding]:
    for block in article.article:
        if block.kind is Kind.PARAGRAPH and len(block.text) > LONGEST:
            message = f"1つの段落が{len(block.text):,}字あります。{LONGEST:,}字までに分けてください。"
            yield found("run_on", block, message)


def _is_cut(blocks: Sequence[Block], at: int, echoes: Echoes) -> bool:
    """Whether the last line of the block ends within a sentence. A headline on top, a label, a line that stands by
    itself and what introduces a list do not.
    """
    block = blocks[at]
    text = without_unseen(block.text)
    last = without_note_marks(text[text.rfind("\n") + 1 :].strip())
    bare = last.rstrip(_CLOSING)
    if not bare or bare[-1] in _ENDS or (at == 0 and "。" not in text):
        return False
    if block.kind is Kind.ITEM:
        is_text = "、" in last or "。" in last or without_label(last) != last
        stub = _stub(block, last) if is_text else ""
        return is_cut_item(blocks, at) or (stub != "" and not is_finished(last) and echoes.goes_on(stub))
    if block.kind is not Kind.PARAGRAPH or blocks[at + 1].kind in INTRODUCED:
        return False
    looks_cut = "。" in last or _starts_inside(blocks[at + 1])
    breaks_off = is_left_open(bare) and not bare.endswith(_TITLE_ENDS)
    looks_cut |= not _LABELLED.match(last) and (len(last) >= RUNNING or breaks_off)
    stub = "" if looks_cut else _stub(block, last)
    looks_cut = looks_cut or _is_open(blocks, at)
    if not looks_cut and not stub:  # most short lines
        return False
    if is_finished(last) or _ends_otherwise(last.rstrip("*_")):
        return False
    return looks_cut or echoes.goes_on(stub)


def _starts_inside(block: Block) -> bool:
    return block.kind is Kind.PARAGRAPH and _BEGINS_INSIDE.match(block.text.lstrip("*_ 　")) is not None


def _is_open(blocks: Sequence[Block], at: int) -> bool:
    """Whether a quotation or a bracket is closed neither in the other width nor by a paragraph below, as in a
    poem or a long speech.
    """
    text, below = blocks[at].text, blocks[at + 1 : at + 1 + FARTHEST]
    return any(
        pair[0] in text
        and text.count(pair[0]) > text.count(pair[1])
        and _surplus(pair, text) > 0
        and not any(_surplus(pair, block.text) < 0 for block in below)
        for pair in ("「」", "（）()")
    )


def _surplus(pairs: str, text: str) -> int:
    return sum(map(text.count, pairs[::2])) - sum(map(text.count, pairs[1::2]))


def _stub(block: Block, last: str) -> str:
    """The key of the last sentence of the line, which a longer one elsewhere may begin with; "" if it is too short.

    What fills a whole paragraph may be shorter, but not a name or a verse, which the text below may well take up.
    """
    if len(last) < SHORTEST_PHRASE:
        return ""
    piece = without_label(last[max(last.rfind(end) for end in "。！？") + 1 :])
    is_alone = piece == block.text
    if is_alone and "、" not in piece and not _HIRAGANA.match(piece[-1]):
        return ""
    key = word_key(piece)
    return key if len(key) >= (SHORTEST_PHRASE if is_alone else SHORTEST) else ""


def _ends_otherwise(line: str) -> bool:
    """Whether the line ends with a link, or with a quotation or a note that begins where a sentence may."""
    by_itself = _BY_ITSELF.get(line[-1:])
    return by_itself is not None and bool(_ENDING_LINK.search(line) or by_itself.search(line))


def _new_beginning(blocks: Sequence[Block], at: int) -> int:
    """The place of the paragraph that begins again what was cut, perhaps below a heading; 0 if there is none."""
    below = at + 1
    if below + 1 < len(blocks) and (is_title(blocks[below]) or _is_line(blocks[below])):
        below += 0 if _begins_again(blocks[at].text, blocks[below].text) else 1
    is_new = blocks[below].kind is Kind.PARAGRAPH and _begins_again(blocks[at].text, blocks[below].text)
    return below if is_new else 0


def _is_line(block: Block) -> bool:
    return block.kind is Kind.PARAGRAPH and "。" not in block.text and len(block.text) < RUNNING


def _begins_again(cut: str, below: str) -> bool:
    """Whether the paragraph begins as the cut one did, with words shortly before the cut, or with what was cut."""
    again = word_key(below[:200])
    beginning = again[:SAME_BEGINNING]
    wholes = {word_key(cut[:200]), word_key(without_label(cut)[:200])}
    if len(beginning) == SAME_BEGINNING and (
        any(whole.startswith(beginning) for whole in wholes) or beginning in word_key(cut[-200:])
    ):
        return True
    if any(len(whole) >= SHORTEST_WHOLE and again.startswith(whole) for whole in wholes):
        return True
    pieces = (re.split(ends, cut[-200:])[-1] for ends in ("[。！？]", "[、。！？]"))
    return any(len(key) >= SAME_CLAUSE and again.startswith(key) for key in map(word_key, pieces))
