"""Labels and titles in front of a sentence, which are compared for themselves if they stand in the article twice.

What they label may stand on their line in one place, as **費用：** …, and below them in another. Where sections were
pasted into one paragraph, the title of each stands in front of its first sentence, the mark of a heading included.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from blog.text.desk.blocks import Block
from blog.text.desk.keys import BREAK, exact_key
from blog.text.desk.reading import is_title
from blog.text.desk.sentences import Sentence

_LABEL = re.compile(
    r"(?:[0-9]{1,2}[.)][ 　]+)?"
    r"(\*\*[^*\n]{1,60}(?:[：:]\*\*|\*\*[ 　]?[：:])|\*\*[^*\n]{1,60}\*\*(?=[ 　]|$))[ 　]*"
)
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
FRONT = "#*0123456789"  # a sign of these begins a label or the mark of a heading
LONGEST_TITLE = 100  # characters


def repeated_labels(blocks: Sequence[Block], pieces: Iterable[tuple[int, Sentence]]) -> set[str]:
    """The keys of the labels that stand in the article twice, and of its titles if any label or mark of a heading
    stands in front of a sentence.
    """
    fronts = [sentence.text for _, sentence in pieces if sentence.text[0] in FRONT]
    labels = [label[1] for text in fronts if (label := _LABEL.match(text))]
    if not labels and not any(_HEADING.match(text) for text in fronts):
        return set()
    times = Counter(map(exact_key, labels))
    titles = {exact_key(block.text) for block in blocks if is_title(block)}
    return ({key for key, count in times.items() if count > 1} | titles) - {""}


def parts(sentence: Sentence, labels: Collection[str]) -> Iterator[tuple[Sentence, bool]]:
    """Yields the label or the title in front of a sentence, if it is one of these, and the sentence; tells which is a
    label. What is a label and no more is one wherever it stands, as the sentence below it may go.
    """
    name, length = _front(sentence.text, labels) if labels else ("", 0)
    begin = sentence.start + length
    if not name and sentence.text[0] == "*" and _LABEL.fullmatch(sentence.text):
        yield sentence, True
        return
    if name:
        yield Sentence(name, sentence.start, sentence.start + len(sentence.text[:length].rstrip())), True
    if begin < sentence.end:
        yield Sentence(sentence.text[length:], begin, sentence.end), False


def _front(text: str, labels: Collection[str]) -> tuple[str, int]:
    """The text of the label or the title in front, and the length of all before the sentence."""
    if (label := _LABEL.match(text)) and exact_key(label[1]) in labels:
        return label[1], label.end()
    if heading := _HEADING.match(text):
        end = _title_end(text, heading.end(), labels)
        return text[heading.end() : end], end + 1 if end > heading.end() else 0
    return "", 0


def _title_end(text: str, begin: int, labels: Collection[str]) -> int:
    """Where the longest title ends that begins there and a space follows; `begin` if there is none."""
    front = text[begin : begin + LONGEST_TITLE]
    if " " not in front or BREAK in front:
        return begin
    # The words get their keys in one go: a key for each space would cost fifty times as much.
    *words, _ = exact_key(front.replace(" ", BREAK)).split(BREAK)
    key, place, end = "", begin - 1, begin
    for word in words:
        key += word
        place = text.find(" ", place + 1)
        if key in labels:
            end = place
    return end
