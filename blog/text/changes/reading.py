"""The text of finished HTML as readers see it, one line for each block, so that two versions can be compared."""

import re
from html.parser import HTMLParser

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
