"""Counts the paragraphs that are cut, begun again or begun in mid-sentence by plainer rules than the check has.

It knows no Markdown: it goes over the stretches of a body that stand between blank lines and before each mark, and asks
the whole body where a sentence goes on, or begins earlier, elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property

_CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#+ .*)$", re.MULTILINE)
_ENDS_OF_STRETCHES = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+] |\d+\. |\|))")
_LEFTOVER_LINES = re.compile(
    r"^(?:---.*|[<=>]{7}.*|\{[:%].*\}|（続き）|.*[【（]既存の記事の最後の.*[】）].*)$\n?", re.MULTILINE
)
_TRAILING = re.compile("関連記事|あわせて読みたい|おすすめの?書籍|関連書籍|おすすめの本")
_CALL = "utm_medium=cta"
_TITLE = re.compile(r"#+ |\*\*[^*]*\*\*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+\.) +")
_NO_PROSE = re.compile(r"\s*(?:#|\||>|<|code$|\*?※|\*\*[^*]*\*\*$)")
_INTRODUCED = re.compile(r"[-*+] |\d+\. |\||>|<|code$")
_LABEL = re.compile(r"^\*\*[^*]*\*\*[：:]?")

# A line ends so: with a sign and what closes, as speech, with a link; a note in brackets may follow.
_ENDED = re.compile(
    r"(?:[。．！？!?…♪.：:][」』）)】”\"'*_ 　]*|^[「『].*[」』]|\]\([^)]*\))(?:（[^）]*）|\[\^\d+\])*$"
)
_OPEN_END = re.compile(r"(?:(?<!も)の|[をがはに、])[*_ ]*$")
_OPEN_ITEM = re.compile("。.{20,}[をが]$|。.*、$")
_INSIDE = re.compile(
    r"[*\s]*(?:[、。，．）」』】ーぁぃぅぇぉっゃゅょをん]|…(?!…)|\.{3}|[のがにでもや][一-龥ァ-ヴA-Za-z]"
    r"|は、|への|という|といった|である|です|でしょう|ます|ました|だろう|する|られ|れる|べき|ている)"
)
_LONG, _SHORT = 60, 9  # characters of a line that is no title, and of a piece that may be looked for


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


class Breaks:
    """The places of the stretches that are `cut`, that begin `again` what was cut, and that begin `inside`."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.stretches = list(_without_trail(_stretches(body)))
        self.bare = [bare(stretch) for stretch in self.stretches]

    @cached_property
    def cut(self) -> list[int]:
        return [
            at
            for at in range(len(self.stretches) - 1)
            if not (at == 0 and "。" not in self.stretches[0]) and self._is_cut(self.stretches[at], at)
        ]

    def _is_cut(self, stretch: str, at: int) -> bool:
        last, below = stretch.split("\n")[-1].strip(), self.stretches[at + 1]
        if _ENDED.search(last) or _NO_PROSE.match(last):
            return False
        if _ITEM.match(stretch):
            return self._is_cut_item(last, self.stretches[at - 1])
        if _INTRODUCED.match(below):
            return False
        is_open = "。" in last or len(last) >= _LONG or _OPEN_END.search(last) is not None
        return is_open or _INSIDE.match(below) is not None or self._goes_on(last)

    def _is_cut_item(self, last: str, above: str) -> bool:
        """Most items need no full stop: one that begins with a sentence does, below another that ends with one."""
        whole = _ITEM.sub("", last)
        words = _LABEL.sub("", whole)
        if _OPEN_ITEM.search(last) or ("。" in words and _ITEM.match(above) and _ENDED.search(above)):
            return True
        is_text = "、" in words or "。" in words or words != whole
        return is_text and self._goes_on(re.split("[。！？]", words)[-1])

    def _goes_on(self, piece: str) -> bool:
        """Whether a longer sentence begins with the piece."""
        piece = piece.strip().rstrip("*")
        longer = rf"(?:^|[。！？\n*：:])\W*{re.escape(piece)}(?=[^\s。])"
        return len(bare(piece)) >= _SHORT and re.search(longer, self.body) is not None

    @cached_property
    def again(self) -> set[int]:
        """A title, or a line, may stand above."""
        found = set()
        for at in self.cut:
            for below in range(at + 1, min(at + 3, len(self.stretches))):
                stretch = self.stretches[below]
                if _is_prose(stretch) and self._begins_again(at, below):
                    found.add(below)
                    break
                if not _TITLE.match(stretch) and ("。" in stretch or len(stretch) >= _LONG):
                    break
        return found

    def _begins_again(self, cut: int, below: int) -> bool:
        whole, again = self.bare[cut], self.bare[below]
        if len(again) >= 15 and (whole.startswith(again[:15]) or again[:15] in whole[-200:]):
            return True
        last = [bare(re.split(ends, self.stretches[cut])[-1]) for ends in ("[。！？]", "[、。！？]")]
        return again.startswith(whole) or any(len(piece) >= 6 and again.startswith(piece) for piece in last)

    @cached_property
    def inside(self) -> set[int]:
        prose = [at for at, stretch in enumerate(self.stretches) if _is_prose(stretch)]
        found = {at for at in prose if _INSIDE.match(self.stretches[at])}
        found |= {at + 1 for at in self.cut if at + 1 in prose and at + 1 not in self.again and self._is_rest(at)}
        openings = {opening for at in found if len(opening := _opening(self.stretches[at])) >= 12}
        return found | {at for at in prose if _opening(self.stretches[at]) in openings}

    def _is_rest(self, cut: int) -> bool:
        """Whether what stands below a cut is said elsewhere in mid-sentence, or behind what was cut."""
        opening = _opening(self.stretches[cut + 1])
        inside = rf"[^\s、，,.「『（(：:。！？*―—…]{re.escape(opening)}"
        if re.match("して[いおくしき]", opening) or (len(opening) >= 12 and re.search(inside, self.body)):
            return True
        joint = (self.bare[cut] + bare(opening)[:8])[-16:]
        return len(joint) == 16 and any(joint in text for text in self.bare)


def _stretches(body: str) -> Iterator[str]:
    body = _HEADING.sub(r"\n\1\n", _CODE.sub("code", body))
    bare = (_LEFTOVER_LINES.sub("", stretch).strip("\n") for stretch in _ENDS_OF_STRETCHES.split(body))
    return (stretch for stretch in bare if stretch.strip())


def _without_trail(stretches: Iterator[str]) -> Iterator[str]:
    """Leaves out the related articles, calls and books, each up to the next title or a long text without a link."""
    every, is_trail = list(stretches), False
    for at, stretch in enumerate(every):
        if _TITLE.match(stretch):
            is_trail = _TRAILING.search(stretch) is not None or _calls(every[at + 1 : at + 5])
        is_trail = is_trail and (len(stretch) <= 250 or "](" in stretch)
        if not is_trail:
            yield stretch


def _calls(below: Sequence[str]) -> bool:
    return _CALL in "\n".join(below).split("\n#")[0]


def _is_prose(stretch: str) -> bool:
    return not _NO_PROSE.match(stretch) and not _ITEM.match(stretch)


def _opening(stretch: str) -> str:
    return re.split("(?<=[。！？\n])", stretch.strip())[0].strip()
