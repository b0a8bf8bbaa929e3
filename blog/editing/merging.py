"""Merges two edits of one post or page. A field that only one edit changed is taken from that edit."""

from typing import NamedTuple

from blog.editing.fields import KINDS
from blog.editing.snapshots import Snapshot, is_same
from blog.text.merge import MergedPart, join, merge


class Merge(NamedTuple):
    """The fields that merge by themselves, and those that a person must decide."""

    resolved: Snapshot
    """Values of the fields that are no conflict."""
    mine: list[str]
    """Fields that only I changed."""
    theirs: list[str]
    """Fields that only the others changed."""
    joined: list[str]
    """Fields that both changed, in different places."""
    conflicts: list[str]
    """Fields that both changed to different values."""
    body: list[MergedPart]
    """The parts of the body, if the body is a conflict."""


def merge_snapshots(base: Snapshot | None, mine: Snapshot, theirs: Snapshot) -> Merge:
    """Merges `mine` and `theirs`, which both began with `base`. Without a base, every difference is a conflict."""
    result, known = Merge({}, [], [], [], [], []), base or {}
    for name in KINDS:
        if name not in mine or name not in theirs:
            continue  # the item has no such field, or one of them was written before the field existed
        if is_same(name, mine[name], theirs[name]) or (name in known and is_same(name, mine[name], known[name])):
            result.resolved[name] = theirs[name]
            if not is_same(name, mine[name], theirs[name]):
                result.theirs.append(name)
        elif name in known and is_same(name, theirs[name], known[name]):
            result.resolved[name] = mine[name]
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
        result.resolved["body"] = join(part.text for part in parts)
        result.joined.append("body")
