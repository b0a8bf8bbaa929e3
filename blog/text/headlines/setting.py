"""The typeset form of a title, which is made once, at save, and read by every list."""

import html
import re

from blog.text.headlines.parts import Headline, take_apart
from blog.text.headlines.phrases import (
    BOUND,
    BOUND_IN_WIDE_LINES,
    BOUND_OUTSIDE_COLUMNS,
    LINE_OF_DECK,
    PHRASE_END,
    in_phrases,
    plain,
)

# Between labels, and between labels, head and deck. A title has neither.
_NEXT_LABEL, _NEXT_PART = "\t", "\n"
_IN_HTML = {
    PHRASE_END: "<wbr>",
    BOUND_IN_WIDE_LINES: f'<span class="bound">{BOUND}</span>',
    BOUND_OUTSIDE_COLUMNS: f'<span class="bound-outside-columns">{BOUND}</span>',
}


def typeset(title: str) -> str:
    """Takes the title apart and returns its parts as one text; `parts_of` reads it."""
    labels, head, deck = take_apart(" ".join(title.split()))
    return _NEXT_PART.join([_NEXT_LABEL.join(labels), in_phrases(head), in_phrases(deck, LINE_OF_DECK)])


def with_breaks(markup: str) -> str:
    """Writes the ends of phrases as HTML does; the text is escaped already."""
    for sign, tag in _IN_HTML.items():
        markup = markup.replace(sign, tag)
    return markup


# A tag with what is not to be broken, such as code; any other tag; the text up to the next one.
_PIECE = re.compile(r"(<(code|ruby)\b.*?</\2>|<[^>]*>)|([^<]+)", re.DOTALL)


def heading_in_phrases(markup: str) -> str:
    """Marks where the lines of a heading may end in its finished HTML."""
    return _PIECE.sub(lambda piece: piece[1] or _text_in_phrases(piece[3]), markup)


_TAG_BUT_BREAK = re.compile(rf'<span class="bound[^"]*">{BOUND}</span>|<(?!wbr>)[^>]*>')


def name_as_set(name: str, heading: str) -> str:
    """Returns the HTML of a heading's name in the contents, which may part where the finished heading may: in a narrow
    column all ends of phrases are needed. It is set anew where the heading says more, such as how a word is read.
    """
    escaped, markup = html.escape(name, quote=False), _TAG_BUT_BREAK.sub("", heading)
    return markup if plain(markup.replace("<wbr>", "")) == escaped else _text_in_phrases(escaped)


def _text_in_phrases(escaped: str) -> str:
    set_text = in_phrases(html.unescape(escaped))
    return with_breaks(html.escape(set_text, quote=False)) if PHRASE_END in set_text else escaped


def parts_of(stored: str) -> Headline:
    labels, head, deck = stored.split(_NEXT_PART)
    return Headline(tuple(labels.split(_NEXT_LABEL)) if labels else (), head, deck)
