"""Puts the tags of raw HTML in order before it is parsed, so that parsing costs no more than its length allows.

An HTML parser repairs a writer's mistakes: it opens a forgotten ``<b>`` again in every block that follows, moves text
between cells to the place before the table, and searches all open elements at each tag. A few hundred characters
become megabytes. Elements that close in order, with few levels and text only in cells, need no repair.

This module does not make HTML safe; `blog.text.html` does.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from blog.text.bounds import BodyRefused

MAX_DEPTH = 250  # Markdown's own quotations and lists reach 220
# A parser may repeat an open <b> in each block inside it: the characters of such tags, summed up over all blocks.
MAX_CARRIED_MULTIPLE, MAX_CARRIED_CONSTANT = 5, 500_000

_FORMATTING = frozenset(["a", "b", "code", "em", "i", "s", "small", "strong", "u"])
_OTHER_INLINE = "abbr br cite del dfn img ins kbd mark q rp rt ruby samp sub sup time var wbr"
_BLOCK = (
    "blockquote caption dd details dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary"
    " table tbody td tfoot th thead tr ul input"
)
INLINE = _FORMATTING.union(_OTHER_INLINE.split())
BLOCK = frozenset(_BLOCK.split())
# The attributes that elements may have. Others are dropped before parsing: a parser compares each attribute of a tag
# with all others, and each formatting tag with all open ones, also those with attributes that nobody will see.
ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "title", "rel", "data-footnote-backref-idx"},
    "abbr": {"title"},
    "code": {"class"},
    "details": {"open"},
    "dfn": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"checked"},
    "li": {"id"},
    "ol": {"start", "reversed"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
    "time": {"datetime"},
}
CLASSES = {
    "li": {"task-list-item"},
    "ol": {"contains-task-list"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "ul": {"contains-task-list"},
}
# HTML reads these as raw text up to an end tag, which may be missing; `blog.text.markdown` shows their tags as text.
SWALLOWING = ("title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "script", "plaintext")
_VOID = frozenset(["br", "hr", "img", "input", "wbr"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CELLS = frozenset(["caption", "td", "th"])

# The elements that a part of a table may stand in; its start tag closes everything open inside them.
_ROW_GROUPS = frozenset(["table", "tbody", "tfoot", "thead"])
_PLACES = {
    **dict.fromkeys(("caption", "tbody", "tfoot", "thead"), frozenset(["table"])),
    "tr": _ROW_GROUPS,
    **dict.fromkeys(("td", "th"), _ROW_GROUPS | {"tr"}),
}
_BETWEEN_CELLS = _ROW_GROUPS | {"tr"}
# The elements that a start tag ends if it stands directly in them: HTML lets writers leave their end tags out.
_PARAGRAPH = frozenset(["p"])
_ENDED_BY = {
    **dict.fromkeys(_HEADINGS, _HEADINGS | _PARAGRAPH),
    "li": _PARAGRAPH | {"li"},
    **dict.fromkeys(("dd", "dt"), _PARAGRAPH | {"dd", "dt"}),
    **dict.fromkeys(("rp", "rt"), frozenset(["rp", "rt"])),
}

# It matches at every `<` that HTML does not read as text, if need be to the end of the text, so it never backtracks.
_TOKEN = re.compile(
    r"""
    <(?:
      !--(?:-?>|.*?(?:--!?>|\Z))
    | (?P<closing>/?)(?P<name>[A-Za-z][^\s/>]*+)
      (?P<attributes>(?:[^>"'=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?|["'])*+)(?:>|\Z)
    | [!?/][^>]*+(?:>|\Z)
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z][A-Za-z0-9-]*+)(?:\s*+=\s*+(?:"([^"]*+)|'([^']*+)|([^\s"'>]++)))?+""")


def in_order(html: str, source: str) -> str:
    """Returns the same elements, each closed in order. Tags that no article may have are left out.

    Raises BodyRefused for HTML that a parser would multiply even so; the limit depends on the length of ``source``.
    """
    return _Orderly(html, source).text()


class _Open(NamedTuple):
    name: str
    carried: int  # characters of formatting tags that were open around it


class _Orderly:
    def __init__(self, html: str, source: str) -> None:
        self.html = html
        self.out: list[str] = []
        self.open: list[_Open] = []
        self.carried = 0
        self.carried_in_all = 0
        self.may_carry = MAX_CARRIED_CONSTANT + MAX_CARRIED_MULTIPLE * len(source)

    def text(self) -> str:
        position = 0
        for token in _TOKEN.finditer(self.html):
            self.add_text(self.html[position : token.start()])
            position = token.end()
            name = (token["name"] or "").lower()
            if name not in INLINE and name not in BLOCK:
                continue
            if not token["closing"]:
                self.start(name, token["attributes"])
            elif name not in _VOID:
                self.end(name)
        self.add_text(self.html[position:])
        self.close_down_to(0)
        return "".join(self.out)

    def add_text(self, text: str) -> None:
        if text and not text.isspace():
            self.enter_cell()
        self.out.append(text.replace("<", "&lt;"))

    def start(self, name: str, attributes: str) -> None:
        if name in _PLACES:
            if not self.is_open("table"):
                return
            while self.open[-1].name not in _PLACES[name]:
                self.close()
        else:
            ended = _ENDED_BY.get(name, _PARAGRAPH if name in BLOCK else ())
            while self.open and self.open[-1].name in ended:
                self.close()
            self.enter_cell()
        tag = f"<{name}{_attributes(name, attributes)}>"
        self.out.append(tag)
        self.meet(name)
        if name not in _VOID:
            self.push(name, tag)

    def end(self, name: str) -> None:
        """Closes the element and all that is open in it. An end tag without an open element in its cell is left out."""
        borders: Collection[str] = ("table",) if name in _PLACES else _CELLS | {"table"}
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].name == name:
                self.close_down_to(depth)
                return
            if self.open[depth].name in borders and name != "table":
                return

    def enter_cell(self) -> None:
        """Opens a cell for text that stands between cells: HTML would move it in front of the table."""
        if self.open and self.open[-1].name in _BETWEEN_CELLS:
            self.out.append("<td>")
            self.push("td", "<td>")

    # --- what is open ---

    def is_open(self, name: str) -> bool:
        return any(element.name == name for element in self.open)

    def push(self, name: str, tag: str) -> None:
        if len(self.open) == MAX_DEPTH:
            raise BodyRefused(
                f"本文のHTMLタグの入れ子が深すぎます（{MAX_DEPTH}段まで）。閉じ忘れたタグがないか確かめてください。"
            )
        self.open.append(_Open(name, self.carried))
        if name in _FORMATTING:
            self.carried += len(tag)
        elif name == "table":
            self.carried = 0  # nothing outside is repeated in its cells

    def close(self) -> None:
        element = self.open.pop()
        self.carried = element.carried
        self.out.append(f"</{element.name}>")
        self.meet(element.name)

    def close_down_to(self, depth: int) -> None:
        while len(self.open) > depth:
            self.close()

    def meet(self, name: str) -> None:
        """Counts the formatting tags that a parser may repeat because a block begins or ends inside them."""
        if name in BLOCK:
            self.carried_in_all += self.carried
            if self.carried_in_all > self.may_carry:
                raise BodyRefused(
                    "本文のHTMLで、<b>や<a>などのタグを開いたまま、多くの段落や箇条書きを続けています。"
                    "段落ごとに閉じてください。"
                )


def _attributes(name: str, written: str) -> str:
    """Returns the attributes that the element may have. Of two with the same name, the first counts, as in HTML."""
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(name, set()) | ({"class"} if name in CLASSES else set())
    attributes: dict[str, str] = {}
    for key, *values in _ATTRIBUTE.findall(written):
        if key.lower() in allowed:
            attributes.setdefault(key.lower(), "".join(values).replace('"', "&quot;"))
    return "".join(f' {key}="{value}"' for key, value in attributes.items())
