"""Labels and titles in front of a sentence, which are compared for themselves if they stand in the article twice.

What they label may stand on their line in one place, as **費用：** …, and below them in another. Where sections were
pasted into one paragraph, the title of each stands in front of its first sentence, the mark of a heading included.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from blog.text.desk.keys import BREAK, exact_key, exact_keys_and_lengths
from blog.text.desk.reading import Reading
from blog.text.desk.sentences import Sentence

_LABEL = re.compile(
    r"(?:[0-9]{1,2}[.)][ 　]+)?"
    r"(\*\*[^*\n]{1,60}(?:[：:]\*\*|\*\*[ 　]?[：:])|\*\*[^*\n]{1,60}\*\*(?=[ 　]|$))[ 　]*"
)
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
FRONT = "#*0123456789"  # a sign of these begins a label or the mark of a heading
LONGEST_TITLE = 100  # characters


class Labels(NamedTuple):
    """The labels of an article that are compared for themselves, as they are written; and their keys and those of its
    titles.
    """

    written: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()


def repeated_labels(article: Reading, pieces: Iterable[tuple[int, Sentence]]) -> Labels:
    """The labels that stand in the article twice or in its titles. The titles count only if any label or mark of a
    heading stands in front of a sentence.
    """
    fronts = [text for _, (text, _, _) in pieces if text[0] in FRONT]
    labels = Counter(label[1] for text in fronts if (label := _LABEL.match(text)))
    if not labels and not any(_HEADING.match(text) for text in fronts):
        return Labels()
    titles = {article.blocks[at].text for at in article.titles}
    texts = [*labels.keys() | titles]
    keys = {text: key for text, (key, _) in zip(texts, exact_keys_and_lengths(texts), strict=True)}
    times = Counter[str]()
    for text, count in labels.items():
        times[keys[text]] += count
    known = ({key for key, count in times.items() if count > 1} | {keys[title] for title in titles}) - {""}
    return Labels(frozenset(text for text in labels if keys[text] in known), frozenset(known))


def parts(sentence: Sentence, labels: Labels) -> Iterator[tuple[Sentence, bool]]:
    """Yields the label or the title in front of a sentence, if it is one of these, and the sentence; tells which is a
    label. What is a label and no more is one wherever it stands, as the sentence below it may go.
    """
    text, start, end = sentence
    name, length = _front(text, labels) if labels.keys else ("", 0)
    if not name and text[0] == "*" and _LABEL.fullmatch(text):
        yield sentence, True
        return
    if name:
        yield (name, start, start + len(text[:length].rstrip())), True
    if start + length < end:
        yield (text[length:], start + length, end), False


def _front(text: str, labels: Labels) -> tuple[str, int]:
    """The text of the label or the title in front, and the length of all before the sentence."""
    if (label := _LABEL.match(text)) and label[1] in labels.written:
        return label[1], label.end()
    if heading := _HEADING.match(text):
        end = _title_end(text, heading.end(), labels)
        return text[heading.end() : end], end + 1 if end > heading.end() else 0
    return "", 0


def _title_end(text: str, begin: int, labels: Labels) -> int:
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
        if key in labels.keys:
            end = place
    return end
