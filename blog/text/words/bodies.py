"""What the search index is given of the bodies of articles."""

from collections.abc import Sequence
from typing import NamedTuple

from blog.text.japanese import visible_text
from blog.text.words.tokens import fold, sequence


class Body(NamedTuple):
    above: Sequence[str]  # the lines between standfirst and body
    html: str


def folded(body: Body) -> str:
    """What a reader sees of the body. A line ends between two texts, so that no term reaches from one into the next."""
    return "\n".join(map(fold, (*body.above, visible_text(body.html))))


def in_tokens(body: Body) -> str:
    """The tokens of the folded body in their order."""
    return " ".join(sequence(folded(body)))
