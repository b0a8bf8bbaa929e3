"""The standfirst as readers see it: nothing where it would say the title again, and no marks of Markdown."""

import html
import re

from blog.text.japanese import normalise_for_search, plain_text
from blog.text.words.subjects import words

SAME = 0.6  # a text says the title again if so many of its words stand there
CUT_OFF = "..."
BRACKETS = (("「", "」"), ("『", "』"), ("（", "）"), ("(", ")"))
OPENING = 40  # letters; a standfirst that shares so many with the opening of the text was cut from it
REACH = 300  # letters of the text, which may have its title or a heading before them
_NO_LETTERS, _TAG = re.compile(r"[\W_]+"), re.compile(r"<[^<>]*>")
_MARKS = re.compile(r"[*_`#|~<>&\[\]\n]|  |^[-+] |^[0-9]+[.)] ")


def standfirst(excerpt: str, title: str) -> str:
    """Returns the excerpt as a standfirst under the title, or "" where it says what the title says.

    One that was cut off at some length (it ends with three full stops) ends with its last whole sentence.
    """
    text = plain_text(excerpt) if _MARKS.search(excerpt) else excerpt
    if text.endswith(CUT_OFF):
        text = _whole_sentences(text) or text
    return "" if says_the_same(text, title) else text


def _whole_sentences(text: str) -> str:
    """The text up to its last full stop outside quotations and brackets; "" if there is none."""
    end = text.rfind("。")
    while end > 0 and any(text.count(opening, 0, end) > text.count(closing, 0, end) for opening, closing in BRACKETS):
        end = text.rfind("。", 0, end)
    return text[: end + 1] if end > 0 else ""


def opens(text: str, body_html: str) -> bool:
    """Whether the article's text begins with the standfirst, so that its page would say it twice within a screen."""
    said = _letters(text, OPENING)
    return bool(said) and said in _letters(html.unescape(_TAG.sub("", body_html[: 20 * REACH])), REACH)


def _letters(text: str, number: int) -> str:
    """The first letters of a text, of which at least half are letters; to normalise all of it would take longer."""
    return _NO_LETTERS.sub("", normalise_for_search(text[: 2 * number]))[:number]


def says_the_same(text: str, title: str) -> bool:
    """Whether a good part of the text's words stands in the title; hiragana between them counts for nothing."""
    said = set(words(text))
    heard = normalise_for_search(title)
    return bool(said) and sum(word in heard for word in said) >= SAME * len(said)
