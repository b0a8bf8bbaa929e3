"""A title as pages set it, in the form in which it is stored: made once, at save, and read by every list."""

from blog.text.headlines.parts import Headline, take_apart

# Between labels, and between labels, head and deck. A title has neither.
_NEXT_LABEL, _NEXT_PART = "\t", "\n"


def typeset(title: str) -> str:
    """Takes the title apart, in a form to be stored; `parts_of` reads it."""
    labels, head, deck = take_apart(" ".join(title.split()))
    return _NEXT_PART.join([_NEXT_LABEL.join(labels), head, deck])


def parts_of(stored: str) -> Headline:
    labels, head, deck = stored.split(_NEXT_PART)
    return Headline(tuple(labels.split(_NEXT_LABEL)) if labels else (), head, deck)
