"""Checks that stand in for the real ones: what this package does is the same whatever the desk check finds."""

import re

from blog.text.desk import Draft, Edit, Finding, World

NOISE, SIGH = "【ごみ】", "【ため息】"


def check(draft: Draft, world: World) -> list[Finding]:
    """Finds two marks that can be removed, a word that cannot, and what the world knows."""
    found = []
    for code, mark in (("marker", NOISE), ("bold", SIGH)):
        for match in re.finditer(re.escape(mark), draft.body):
            line = draft.body.count("\n", 0, match.start()) + 1
            found.append(Finding(code, line, mark, f"{mark}が残っています。", (Edit("body", *match.span()),)))
    if "私が" in draft.body:
        found.append(Finding("foreign", 1, "私が", "外国の文字です。"))
    found += [Finding("title_used", 0, draft.title, f"{path}と同じ題名です。") for path in world.titles.values()]
    found += [Finding("stands_elsewhere", 1, "", f"{path}にもあります。") for path in world.paragraphs.values()]
    return found
