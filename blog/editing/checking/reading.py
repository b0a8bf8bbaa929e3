"""The check of many texts at once. Other processes run it, so it imports nothing that needs Django."""

from collections.abc import Sequence

from blog.text.desk import Draft, Finding, Mentions, World, check, mentions
from blog.text.japanese import one_line

# What is stored of a finding: code, line, excerpt and message, each on one line, and whether it has a fix. Processes
# pass plain tuples on three times as fast as findings with their edits.
Brief = tuple[str, int, str, str, bool]
# Of one article. Nobody reads a longer list to its end.
MOST_STORED = 500


def read_names(drafts: Sequence[Draft], own_origin: str) -> list[Mentions]:
    return [mentions(draft, own_origin) for draft in drafts]


def check_drafts(questions: Sequence[tuple[Draft, World]]) -> list[list[Brief]]:
    return [briefs(check(draft, world)) for draft, world in questions]


def briefs(findings: Sequence[Finding]) -> list[Brief]:
    return [
        (finding.code, finding.line, one_line(finding.excerpt), one_line(finding.message), bool(finding.fix))
        for finding in findings[:MOST_STORED]
    ]
