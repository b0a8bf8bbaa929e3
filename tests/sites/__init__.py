"""Whole sites for tests that look from outside. The clocks of all of them stand still."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # noon in Tokyo, after the last article of blog/sample_content
