"""Asks the warnings about a text of a few words."""

from itertools import chain

from blog.text.desk import Draft, Finding, World
from blog.text.desk.checks import CHECKS
from blog.text.desk.reading import Reading

NO_WORLD = World()


def findings(code: str, draft: Draft, world: World = NO_WORLD) -> list[Finding]:
    article = Reading.of(draft)
    every = chain.from_iterable(check(article, world) for check in CHECKS)
    return [finding for finding in every if finding.code == code]


def in_body(code: str, body: str, world: World = NO_WORLD) -> list[Finding]:
    return findings(code, Draft(title="題", excerpt="要約。", body=body), world)


def lines(code: str, body: str, world: World = NO_WORLD) -> list[int]:
    return [finding.line for finding in in_body(code, body, world)]
