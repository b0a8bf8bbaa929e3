"""The check of many texts at once. Other processes run it, so it imports nothing that needs Django."""

from collections.abc import Sequence

from blog.text.desk import Draft, Finding, Mentions, World, check, mentions


def read_names(drafts: Sequence[Draft], own_origin: str) -> list[Mentions]:
    return [mentions(draft, own_origin) for draft in drafts]


def check_drafts(questions: Sequence[tuple[Draft, World]]) -> list[list[Finding]]:
    return [check(draft, world) for draft, world in questions]
