"""The differences between two versions of a post or page, as the desk shows them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from blog.admin.fields import TAG_SEPARATOR
from blog.editing.fields import KINDS, ROWS, empty, is_text, label
from blog.editing.fields import Kind as FieldKind
from blog.editing.snapshots import FIELDS, Snapshot, differences
from blog.models import Page, Post
from blog.text.diff import Kind, Piece, Row, diff, in_one

NOTHING = "（なし）"
CONTEXT = 1  # visible sentences on each side of a change


class Fold(NamedTuple):
    """Sentences that are the same on both sides. Those in the middle are hidden."""

    before: str
    hidden: str
    sentences: int  # number of the hidden ones
    after: str


class Line(NamedTuple):
    """One row of a comparison of texts. A row without a change has a `fold`."""

    kind: Kind
    fold: Fold | None
    old: list[Piece]
    new: list[Piece]


class FieldChange(NamedTuple):
    """One field that differs: the lines of a text, or the old and the new value of another field."""

    name: str
    label: str
    lines: list[Line]
    old: str = ""
    new: str = ""


def changes(
    old: Snapshot | None, new: Snapshot, fields: Sequence[str] = FIELDS, *, of: type[Post | Page] = Post
) -> list[FieldChange]:
    """The differences field by field. Without an old version, all fields of the new one that have a value."""
    if old is None:
        old = {name: empty(name) if name in KINDS else None for name in new}
        fields = [name for name in fields if not is_flag(name) or new.get(name)]
    return [change(name, old[name], new[name], of) for name in differences(old, new, fields)]


def change(name: str, old: Any, new: Any, of: type[Post | Page] = Post) -> FieldChange:
    if is_text(name):
        return FieldChange(name, label(name, of), lines(old, new))
    return FieldChange(name, label(name, of), [], shown(name, old), shown(name, new))


def is_flag(name: str) -> bool:
    return KINDS.get(name) is FieldKind.FLAG


def lines(old: str, new: str) -> list[Line]:
    """The rows of two texts. A removed row and the added row that replaces it become one changed line."""
    found: list[Line] = []
    rows = diff(old, new)
    for i, row in enumerate(rows):
        folded = fold(row, i == 0, i == len(rows) - 1) if row.kind == Kind.SAME else None
        line = Line(row.kind, folded, marked(row.old), marked(row.new))
        if line.kind == Kind.ADDED and found and found[-1].kind == Kind.REMOVED:
            line = found.pop()._replace(kind=Kind.CHANGED, new=line.new)
        found.append(line)
    return found


def fold(row: Row, is_first: bool, is_last: bool) -> Fold:
    texts = [piece.text for piece in row.old]
    start = 0 if is_first else CONTEXT
    end = len(texts) if is_last else len(texts) - CONTEXT
    if end - start < 2:
        return Fold("".join(texts), "", 0, "")
    return Fold("".join(texts[:start]), "".join(texts[start:end]), end - start, "".join(texts[end:]))


def marked(pieces: Iterable[Piece]) -> list[Piece]:
    """Adds a visible sign to a change that consists of line ends only."""
    return [
        piece._replace(text=piece.text.replace("\n", "↵\n")) if piece.is_changed and not piece.text.strip() else piece
        for piece in pieces
    ]


def inline(old: str, new: str) -> list[tuple[str, str]]:
    """Both texts in one, as parts ("same" | "removed" | "added", text)."""
    return [
        (str(kind), text)
        for row in diff(old, new)
        for kind, text in in_one(row._replace(old=marked(row.old), new=marked(row.new)))
    ]


def shown(name: str, value: Any) -> str:
    """The value of a field as Japanese text."""
    if is_flag(name):
        return "はい" if value else "いいえ"
    if name in ROWS:
        return value[1] if value else NOTHING
    if name == "tags":
        return TAG_SEPARATOR.join(tag for _, tag, _ in value) or NOTHING
    if name == "related":
        return "\n".join(f"{title}（{reason}）" if reason else title for _, title, reason in value) or NOTHING
    if name == "status":
        return Post.Status(value).label if value else NOTHING
    if name == "published_at":
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y年%-m月%-d日 %H:%M}" if value else NOTHING
    return NOTHING if value in ("", None) else str(value)
