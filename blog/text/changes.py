"""What differs between two texts, for readers: the changed sentences with a little around them, in one text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple

from blog.text.diff import Kind, diff, in_one

AROUND = 40  # characters of the sentence before and after a change
BETWEEN = 2  # so many equal sentences do not end a passage
MOST = 4_000  # characters of all passages together
CUT = "…"
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # JSON has escapes for them, and no database or page can hold them


class Part(NamedTuple):
    kind: str  # of Kind: "same", "removed" or "added"
    text: str


class ChangedPassage(NamedTuple):
    """A stretch of the field `name` that changed."""

    name: str
    parts: list[Part]


class Passages(NamedTuple):
    """The passages that fit, and how many do not."""

    found: list[ChangedPassage]
    left_out: int


def passages(pairs: Iterable[tuple[str, str, str]]) -> Passages:
    """Returns the changed passages of (name, old text, new text), in order and of MOST characters at most."""
    found, left_out, room = [], 0, MOST
    for name, old, new in pairs:
        for parts in _stretches(old, new):
            length = sum(len(part.text) for part in parts)
            if length > room:
                left_out += 1
                continue
            room -= length
            found.append(ChangedPassage(name, parts))
    return Passages(found, left_out)


def from_json(value: Any, names: Sequence[str]) -> list[ChangedPassage]:
    """The passages that JSON holds as [[name, [[kind, text], …]], …]. Raises ValueError for any other value."""
    try:
        found = [ChangedPassage(name, [Part(Kind(kind).value, text) for kind, text in parts]) for name, parts in value]
    except TypeError as error:
        raise ValueError("no list of passages") from error
    texts = [part.text for passage in found for part in passage.parts]
    if not all(passage.name in names for passage in found) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a passage of no field, or without a text")
    if any(NO_TEXT.search(text) for text in texts):
        raise ValueError("a character that no text holds")
    if any(part.kind == Kind.CHANGED for passage in found for part in passage.parts):
        raise ValueError("a part is the same, removed or added")
    if sum(map(len, texts)) > MOST:
        raise ValueError(f"more than {MOST} characters")
    return found


def _stretches(old: str, new: str) -> Iterator[list[Part]]:
    rows = diff(old, new)
    parts: list[Part] = []
    for number, row in enumerate(rows, start=1):
        if row.kind != Kind.SAME:
            parts += [Part(str(kind), text) for kind, text in in_one(row)]
            continue
        sentences = [piece.text for piece in row.new]
        if parts and number < len(rows) and len(sentences) <= BETWEEN:
            parts.append(Part(Kind.SAME.value, "".join(sentences)))
            continue
        yield from _ended(parts, sentences[0])
        parts = _begun(sentences[-1]) if number < len(rows) else []
    yield from _ended(parts, "")


def _begun(before: str) -> list[Part]:
    """The end of the sentence before a change, if both are of one paragraph."""
    if before.endswith("\n"):
        return []
    return [Part(Kind.SAME.value, before if len(before) <= AROUND else CUT + before[-AROUND:])]


def _ended(parts: list[Part], after: str) -> Iterator[list[Part]]:
    """The passage with the beginning of the sentence after it, if there is anything to see."""
    if not any(part.kind != Kind.SAME and part.text.strip() for part in parts):
        return
    if after and not parts[-1].text.endswith("\n"):
        parts.append(Part(Kind.SAME.value, after if len(after) <= AROUND else after[:AROUND] + CUT))
    first, last = parts[0], parts[-1]
    parts[0] = first._replace(text=first.text.lstrip("\n"))
    parts[-1] = last._replace(text=(parts[0] if len(parts) == 1 else last).text.rstrip("\n"))
    yield [part for part in parts if part.text]


# Elements within a line. Every other element begins a new line, except that a cell stands beside the one before it.
_INLINE = (
    "a abbr b bdi bdo cite code data del dfn em i input ins kbd mark q rb ruby s samp small span strong sub sup time u"
    " var wbr"
)
WITHIN = frozenset(_INLINE.split())
CELLS = frozenset(["td", "th"])
UNREAD = frozenset(["rp", "rt", "script", "style", "template"])
CELL_GAP = " ｜ "
SPACE, SPACES, LINES = re.compile(r"[ \t\r\f\v\n]+"), re.compile(r" {2,}"), re.compile(r" ?\n[ \n]*")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unread = self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag in UNREAD:
            self.unread += 1
        elif tag == "tr":
            self.cells = 0
            self.parts.append("\n")
        elif tag in CELLS:
            self.parts.append(CELL_GAP if self.cells else "\n")
            self.cells += 1
        elif tag == "img":
            self.parts.append(f"［画像：{about['alt']}］" if about.get("alt") else "［画像］")
        elif tag not in WITHIN:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD:
            self.unread = max(self.unread - 1, 0)
        elif tag not in WITHIN | CELLS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.parts.append(SPACE.sub(" ", data))


def reading_text(html: str) -> str:
    """Returns the text without readings of ruby; it ends with a line end unless it is empty."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = LINES.sub("\n", SPACES.sub(" ", "".join(reader.parts))).strip()
    return f"{text}\n" if text else ""
