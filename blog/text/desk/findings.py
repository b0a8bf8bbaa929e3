"""What the desk check is given, what it finds, and how a fix changes an article."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


class Severity(StrEnum):
    ERROR = "error"  # blocks publication, unless an editor gives a reason
    WARNING = "warning"


ERRORS = ("marker", "fence", "cut", "repeat", "dead_link", "missing_image", "empty_body", "empty_excerpt")
WARNINGS = (
    *("head_repeat", "cut_inside", "starts_inside", "run_on", "bold", "markup", "h1", "jump"),
    *("empty_section", "title_long", "title_used", "title_suffix", "year", "excerpt_template", "alt"),
    *("external_image", "foreign", "width", "house_word", "stands_elsewhere"),
)
CODES = (*ERRORS, *WARNINGS)


@dataclass(frozen=True, slots=True)
class HouseWords:
    """The house's list: words that are banned, spellings with the preferred one, tails glued to finished titles."""

    banned: tuple[str, ...] = ()
    preferred: Mapping[str, str] = field(default_factory=dict)
    tails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What the check reads of an article. `day` is that of its address, in Tokyo; None before publication."""

    title: str = ""
    excerpt: str = ""
    description: str = ""
    body: str = ""
    day: date | None = None


DRAFT_TEXTS = ("title", "excerpt", "description", "body")  # an article has them under the same names
# The texts above the body, as messages call them.
HEAD = {"title": "タイトル", "excerpt": "リード文"}


@dataclass(frozen=True, slots=True)
class World:
    """What the check must know beyond the article. The caller fills it with what `mentions` names.

    `paths` are our paths that answer 200, `moved` those that lead elsewhere with their target, `images` the addresses
    of pictures that the site has; all decoded, in NFC. `own_origin` is the site's scheme and host. `titles` and
    `paragraphs` hold the titles and paragraphs of other articles, under the keys that `keys.title_key` and
    `keys.paragraph_key` make of them, with the path of the article.
    """

    paths: Container[str] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    images: Container[str] = ()
    own_origin: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    paragraphs: Mapping[str, str] = field(default_factory=dict)
    words: HouseWords = HouseWords()


class Edit(NamedTuple):
    """Puts `text` in place of the characters `start` to `end` (code points) of a field of the draft."""

    field: str
    start: int
    end: int
    text: str = ""


class Finding(NamedTuple):
    """One mistake. `line` counts from 1 in the body; 0 is outside the body. `fix` is empty where none is safe."""

    code: str
    line: int
    excerpt: str
    message: str
    fix: tuple[Edit, ...] = ()

    @property
    def severity(self) -> Severity:
        return Severity.ERROR if self.code in ERRORS else Severity.WARNING


def apply(draft: Draft, edits: Iterable[Edit]) -> Draft:
    """Returns the draft with the edits made. Of edits that overlap, the one that begins first is made, and of those
    that begin together the longer: a heading that is dropped need not be shifted. Two that take neighbours, and both
    the gap between them, are made as one, which takes the gap below too.
    """
    by_field: dict[str, list[Edit]] = {name: [] for name in DRAFT_TEXTS}
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        _add(edit, by_field[edit.field], getattr(draft, edit.field))
    texts: dict[str, Any] = {name: _edited(getattr(draft, name), made) for name, made in by_field.items()}
    return replace(draft, **texts)


_LINE_ENDS = re.compile(r"[\r\n]*")


def _add(edit: Edit, made: list[Edit], text: str) -> None:
    """Adds the edit to those that begin above it, or joins it to the last, unless they overlap otherwise."""
    if not made or made[-1].end <= edit.start:
        made.append(edit)
        return
    above = made[-1]
    shared = text[edit.start : above.end]
    are_neighbours = shared.isspace() and "\n" in shared and edit.end > above.end
    if are_neighbours and not above.text.strip() and not edit.text.strip():
        made[-1] = above._replace(end=_LINE_ENDS.match(text, edit.end).end())  # type: ignore[union-attr]  # it may be empty


def _edited(text: str, edits: Iterable[Edit]) -> str:
    parts, done = [], 0
    for edit in edits:
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])
