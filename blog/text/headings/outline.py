"""Gives headings the ids that the old site gave them, levels that skip none, and a table of contents."""

import unicodedata

from blog.text.japanese import WordAlphabet

# The browser makes an element's id a property of `window`, some also of `document` and of forms: a heading "Location"
# must not hide `window.location` from a script. Ids are lower case, so names with a capital are safe.
_DOM_NAMES = """
    __proto__ action after alert all anchors animate append applets atob attributes autocomplete before blur body btoa
    caches children chrome clear click close closed closest confirm constructor contains cookie crypto dataset dir
    document domain elements embeds enctype encoding evaluate event external fetch find focus fonts forms frames
    hidden head history id images lang length links location locationbar matches menubar method name navigation
    navigator normalize onblur onchange onclick onerror onfocus oninput onload onmessage onsubmit open opener origin
    parent part performance personalbar plugins prepend print prompt prototype referrer remove replace reset screen
    scripts scroll scrollbars scheduler self slot status statusbar stop style submit target text title toolbar top
    value window write writeln
"""
_OUR_PAGES = (
    "article contents footer footnotes header main menu nav related search share skip theme thread thread-heading toc"
)
RESERVED_IDS = frozenset(f"{_DOM_NAMES} {_OUR_PAGES}".split())
RESERVED_PREFIX = "section-"

# Headings beyond the number get no id, and longer ones are cut in ids and contents. (An article of the archive closes
# an <h2> two thousand characters later; its id stays.)
DEEPEST_LISTED = 3  # level of headings in the contents
MAX_HEADINGS = 1_000
MAX_HEADING_CHARS = 5_000

_ID_ALPHABET = WordAlphabet(other=None)
_ID_ALPHABET.update({ord(space): "-" for space in " \t\n"})


def heading_id(text: str) -> str:
    """The id that kramdown and GitHub make of a heading: ``AI導入 (3社)`` is ``ai導入-3社``.

    Two headings may have the same one; `Outline` makes it unique.
    """
    return unicodedata.normalize("NFC", text).strip().lower().translate(_ID_ALPHABET) or "section"


class ShownLevels:
    """The levels that a page shows for the headings of one body, asked for in their order.

    They begin at 2, since the page's title is the only h1, and none is skipped; siblings stay siblings.
    """

    def __init__(self) -> None:
        self._ancestors: list[int] = []

    def next(self, level: int) -> int:
        level = max(level, 2)
        while self._ancestors and self._ancestors[-1] >= level:
            self._ancestors.pop()
        self._ancestors.append(level)
        return len(self._ancestors) + 1


class Outline:
    """Collects the headings of one body in order."""

    def __init__(self) -> None:
        self.toc: list[dict[str, int | str]] = []
        self.renamed: dict[str, str] = {}
        self._levels = ShownLevels()
        self._seen: dict[str, int] = {}
        self._headings = 0

    def add(self, level: int, text: str) -> tuple[int, str]:
        """Returns the level to show and the id, which is "" beyond MAX_HEADINGS. ``text`` may have line breaks."""
        level, text = self._levels.next(level), text.strip()[:MAX_HEADING_CHARS]
        if self._headings == MAX_HEADINGS:
            return level, ""
        self._headings += 1
        anchor = self._unique_id(text)
        if level <= DEEPEST_LISTED:
            self.toc.append({"level": level, "id": anchor, "text": " ".join(text.split())})
        return level, anchor

    def _unique_id(self, text: str) -> str:
        base = candidate = heading_id(text)
        while candidate in self._seen:
            self._seen[base] += 1
            candidate = f"{base}-{self._seen[base]}"
        self._seen[candidate] = 0
        if candidate in RESERVED_IDS:
            self.renamed[candidate] = RESERVED_PREFIX + candidate
        return self.renamed.get(candidate, candidate)
