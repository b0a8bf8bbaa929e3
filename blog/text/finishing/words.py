"""Fills in the placeholders of a static page when it is shown."""

import re
from collections.abc import Mapping

# A tag is matched too, and left alone: a word stands only in text.
_WORD = re.compile(r"<[^>]*>|\{\{\s*([a-z]+)\s*\}\}")


def with_words(html: str, words: Mapping[str, str]) -> str:
    """Replaces each `{{ name }}` in the text by the HTML that `words` has for the name; others stay."""
    if "{{" not in html:
        return html
    return _WORD.sub(lambda match: words.get(match[1], match[0]) if match[1] else match[0], html)
