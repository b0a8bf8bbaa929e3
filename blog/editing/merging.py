"""Two edits of one post brought together: each field that only one of them changed is taken from that one."""

from typing import NamedTuple

from blog.editing.fields import CONTENT
from blog.editing.snapshots import Snapshot, is_same
from blog.text.merge import Part, join, merge


class Merge(NamedTuple):
    """What is settled, field by field, and what a person must decide."""

    settled: Snapshot
    mine: list[str]
    """Fields that only I changed."""
    theirs: list[str]
    """Fields that only the others changed."""
    joined: list[str]
    """Fields that both changed, in different places."""
    conflicts: list[str]
    """Fields that both changed, each in another way."""
    body: list[Part]
    """The body in parts, if it is one of the conflicts."""


def merge_snapshots(base: Snapshot | None, mine: Snapshot, theirs: Snapshot) -> Merge:
    """`mine` and `theirs`, both made from `base`. Without a base, whatever differs must be decided."""
    result, known = Merge({}, [], [], [], [], []), base or {}
    for name in CONTENT:
        if name not in mine or name not in theirs:
            continue  # one of them was written before there was such a field
        if is_same(name, mine[name], theirs[name]) or (name in known and is_same(name, mine[name], known[name])):
            result.settled[name] = theirs[name]
            if not is_same(name, mine[name], theirs[name]):
                result.theirs.append(name)
        elif name in known and is_same(name, theirs[name], known[name]):
            result.settled[name] = mine[name]
            result.mine.append(name)
        elif name == "body":
            _merge_body(known.get("body", ""), mine, theirs, result)
        else:
            result.conflicts.append(name)
    return result


def _merge_body(base: str, mine: Snapshot, theirs: Snapshot, result: Merge) -> None:
    parts = merge(base, mine["body"], theirs["body"])
    if any(part.is_conflict for part in parts):
        result.conflicts.append("body")
        result.body.extend(parts)
    else:
        result.settled["body"] = join(part.text for part in parts)
        result.joined.append("body")
