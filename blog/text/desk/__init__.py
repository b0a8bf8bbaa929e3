"""The desk check: pure functions that find an article's mistakes, and fix those where a fix is safe."""

from blog.text.desk.checks import Mentions, check, mentions
from blog.text.desk.findings import CODES, DRAFT_TEXTS, ERRORS, Draft, Edit, Finding, HouseWords, Severity, World, apply

__all__ = [
    "CODES",
    "DRAFT_TEXTS",
    "ERRORS",
    "Draft",
    "Edit",
    "Finding",
    "HouseWords",
    "Mentions",
    "Severity",
    "World",
    "apply",
    "check",
    "mentions",
]
