"""The searchable text of the bodies of articles, without Django, so that other processes can make it."""

from collections.abc import Iterable

from blog.text.japanese import visible_text
from blog.text.words.tokens import fold, sequence


def folded(above: Iterable[str], html: str) -> str:
    """What a reader sees of a body and of the lines between standfirst and body.

    A line ends between two texts, so that no term reaches from one into the next.
    """
    return "\n".join(map(fold, (*above, visible_text(html))))


def in_tokens(above: Iterable[str], html: str) -> str:
    """The tokens of the folded body in their order."""
    return sequence(folded(above, html))
