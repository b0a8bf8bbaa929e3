"""The list of checks, and what they ask of the world."""

from dataclasses import dataclass

from blog.text.desk.findings import Draft, Finding, World


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a draft names, so that its caller looks up this and no more; keys and addresses as in `World`."""

    paths: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    paragraphs: frozenset[str] = frozenset()


def mentions(draft: Draft) -> Mentions:
    return Mentions()


def check(draft: Draft, world: World) -> list[Finding]:
    """Returns the findings in the order of their lines, errors first within a line."""
    return []
