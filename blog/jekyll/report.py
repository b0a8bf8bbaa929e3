"""The report of an import, for people and as JSON."""

import json
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from blog.jekyll.reading import FileError

logger = logging.getLogger(__name__)


class Unresolved(NamedTuple):
    """A link whose article is not here."""

    line: int
    href: str


@dataclass
class Report:
    """The results of an import. `findings`, links and images are those of new and changed files only."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    permalinks: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    alias_taken: list[dict[str, str]] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    unresolved_links: list[dict[str, Any]] = field(default_factory=list)
    rewritten_links: int = 0
    missing_images: list[str] = field(default_factory=list)
    pages_skipped: list[str] = field(default_factory=list)

    def fail(self, file: str, error: FileError) -> None:
        self.failed.append({"file": file, "line": error.line, "reason": error.reason})

    def conflict(self, file: str, edited: list[str]) -> None:
        reason = f"the file changed, and so did the article at the desk: {', '.join(edited)}"
        self.conflicts.append({"file": file, "reason": reason})

    def find(self, file: str, code: str, line: int | None, detail: str) -> None:
        """Counts a finding, and logs its place at level DEBUG."""
        self.findings[code] += 1
        logger.debug("%s, line %s: %s: %s", file, line or "-", code, detail)

    def miss_image(self, path: str) -> None:
        if path not in self.missing_images:
            self.missing_images.append(path)

    def miss_links(self, file: str, links: Iterable[Unresolved]) -> None:
        self.unresolved_links += [{"file": file, "line": link.line, "href": link.href} for link in links]

    def as_dict(self) -> dict[str, Any]:
        return vars(self) | {"findings": dict(sorted(self.findings.items()))}

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def lines(self) -> list[str]:
        """The report in English, with the most important lines last."""
        lines = [f"{code}: {count:,}" for code, count in sorted(self.findings.items())]
        if self.unresolved_links:
            lines.append(f"{len(self.unresolved_links):,} links lead to articles that are not here")
        if self.missing_images:
            lines.append(f"{len(self.missing_images):,} images are missing")
        if self.pages_skipped:
            lines.append(
                f"{len(self.pages_skipped):,} pages were skipped: no text of their own, or HTML (paths in the report)"
            )
        if self.alias_taken:
            lines.append(f"{len(self.alias_taken):,} old addresses already belong to another article")
        lines += [f"{item['file']}: kept as it is: {item['reason']}" for item in self.conflicts]
        lines.append(
            f"{self.read:,} files read: {self.created:,} created, {self.updated:,} updated, "
            f"{self.unchanged:,} unchanged, {len(self.conflicts):,} in conflict, {len(self.failed):,} failed"
        )
        return lines

    def failures(self) -> list[str]:
        """File, line and reason of everything that could not be read or imported."""
        lines = []
        for item in self.failed:
            where = item["file"] if item["line"] is None else f"{item['file']}, line {item['line']}"
            lines.append(f"{where}: {item['reason']}")
        return lines
