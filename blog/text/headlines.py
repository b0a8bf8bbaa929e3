"""Takes a title apart, and sets it and its standfirst as pages show them.

Titles are written for lists of search results: 【2026年版】AIツール12選｜選び方を解説 is a label, a head and a deck.
The parts follow each other as they do in the title; only the signs between them are gone.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from blog.text.japanese import normalise_for_search, plain_text, width
from blog.text.phrases import (
    BOUND,
    BOUND_IN_WIDE_LINES,
    BOUND_OUTSIDE_COLUMNS,
    LINE_OF_DECK,
    LONGEST_IN_CELL,
    MAX_PHRASE,
    PHRASE_END,
    in_phrases,
    plain,
)
from blog.text.words import words

# Widths in em, as wide as a Japanese character. A part that is shorter says too little by itself.
MIN_PART = 6
MIN_BESIDE_BAR = 4  # ｜ parts whatever it stands between
MIN_BEFORE_NAMES, MIN_WITH_NAMES = 10, 28
MAX_LABEL = 16

OPENING, CLOSING = "「『（(【［[〈《“", "」』）)】］]〉》”"
PAIRS = tuple(zip(OPENING, CLOSING, strict=True))

_LABEL = re.compile(rf"[【［\[]([^【】［］\[\]]{{1,{MAX_LABEL}}})[】］\]]\s*")
# A year that was glued in front: 「2026年GPT-5」, not 「2026年の」「2026年8月」「2026年度」「2026年問題」.
_YEAR = re.compile(
    r"(20\d\d年)(?:[、：:]\s*|\s+|(?=[【「『（A-Za-zァ-ヺ]|[一-鿿])"
    r"(?!以|末|初|内(?!閣)|中(?![国東小堅央部])|頃|時点|現在|半|前|後|度|代|版|比|来|間|次(?!世代)|春|夏|秋|冬|上|下|第|卒|産"
    r"|問題|目|余|分|型|物|連|続|額|版))"
)
_YEAR_ONLY = re.compile(r"(20\d\d)年?(?:版|最新|最新版|度版)?")
_BAR = re.compile(r"\s*[｜|]\s*")
_DASH = re.compile(r"\s*(?:　|[―—─–]+|\s[-－]\s|(?<=[^0-9A-Za-z\s])[〜～](?=[^0-9\s]))\s*")
_COLON = re.compile(r"(?<![0-9])\s*[：:]\s*|(?<=[0-9])(?:：|: )\s*(?=[^0-9])")
_SENTENCE = re.compile(r"(?<=[？！?!])\s*(?=[^？！?!」』）)、。｜|])|。(?=.)|(?<=。)\s+")
_AND_ITS = re.compile(r"(?<=[一-鿿ァ-ヺーA-Za-z0-9])、(?=その(?!まま|場|他|ほか|都度))")  # behind a noun, not a verb
_NAMES = re.compile(r"(?=[（(][^（）()]*・[^（）()]*[）)])")
_NAMES_ONLY = re.compile(r"(?:[（(][^（）()]*[）)])+")
# What goes on in the middle of a sentence: it begins with a particle, not with a word such as はじめて or できる.
_RUNS_ON = re.compile(
    "[のをへ]|[がにでとは](?![ぁ-ん])"
    "|が(?=もたら|つく|いかに|どう)|に(?:よ[るり]|おけ|つい|とって|は|も)|と(?:い[うっ]|は|も|して)"
    "|では(?!、)|でも(?!、)|から|より(?!よ)|など"
)
_TAIL_MARKS = "〜～―—─ 　"


class Headline(NamedTuple):
    labels: tuple[str, ...]
    head: str
    deck: str = ""


def take_apart(title: str) -> Headline:
    """Returns the parts of a title; the head is never empty unless the title is."""
    labels, rest = _without_labels(title.strip())
    head, deck = next(_cuts(rest), (rest, ""))
    return Headline(labels, head, deck)


def says_only_year(label: str, year: int) -> bool:
    """Whether the label is nothing but that year, which the date of the article tells too."""
    found = _YEAR_ONLY.fullmatch(label)
    return found is not None and int(found[1]) == year


def _without_labels(title: str) -> tuple[tuple[str, ...], str]:
    labels: list[str] = []
    while found := _LABEL.match(title) or (None if labels else _YEAR.match(title)):
        if width(title[found.end() :]) < MIN_BESIDE_BAR:
            break
        labels.append(found[1].strip())
        title = title[found.end() :]
    return tuple(labels), title


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Yields the ways to part the text into head and deck, the best first; none where a bracket has no other half."""
    if any(text.count(opening) != text.count(closing) for opening, closing in PAIRS):
        return
    outside = _outside_brackets(text)
    for start, end in _places(_BAR, text, outside):
        if _are_long(text[:start], text[end:], MIN_BESIDE_BAR):
            yield text[:start], text[end:]
    others = [place for pattern in (_DASH, _COLON, _SENTENCE, _NAMES) for place in _places(pattern, text, outside)]
    for start, end in [*sorted(others), *_places(_AND_ITS, text, outside)]:
        head, deck = text[:start], text[end:].rstrip(_TAIL_MARKS)
        if _are_long(head, deck) and _may_part(head, deck, whole=text):
            yield head, deck.lstrip(_TAIL_MARKS)


def _places(pattern: re.Pattern[str], text: str, outside: list[bool]) -> Iterator[tuple[int, int]]:
    for found in pattern.finditer(text):
        if found.start() > 0 and found.end() < len(text) and outside[found.start() - 1]:
            yield found.span()


def _outside_brackets(text: str) -> list[bool]:
    """For each character, whether no bracket is open after it."""
    depth, outside = 0, []
    for char in text:
        depth += (char in OPENING) - (char in CLOSING)
        outside.append(depth <= 0)
    return outside


def _are_long(head: str, deck: str, least: float = MIN_PART) -> bool:
    return width(head) >= least and width(deck) >= least


def _may_part(head: str, deck: str, *, whole: str) -> bool:
    if _NAMES.match(deck) and head[-1] not in "？！?!：:":
        is_all = _NAMES_ONLY.fullmatch(deck) is not None
        return width(head) >= MIN_BEFORE_NAMES and (is_all or width(whole) >= MIN_WITH_NAMES)
    return not _RUNS_ON.match(deck)


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


def cell_in_phrases(markup: str) -> str:
    """Marks where the lines of a cell of a table may end, which is narrower, in its finished HTML."""
    return _PIECE.sub(lambda piece: piece[1] or _text_in_phrases(piece[3], LONGEST_IN_CELL), markup)


_TAG_BUT_BREAK = re.compile(rf'<span class="bound[^"]*">{BOUND}</span>|<(?!wbr>)[^>]*>')


def name_as_set(name: str, heading: str) -> str:
    """Returns the HTML of a heading's name in the contents, which may part where the finished heading may: in a narrow
    column all ends of phrases are needed. It is set anew where the heading says more, such as how a word is read.
    """
    escaped, markup = html.escape(name, quote=False), _TAG_BUT_BREAK.sub("", heading)
    return markup if plain(markup.replace("<wbr>", "")) == escaped else _text_in_phrases(escaped)


def _text_in_phrases(escaped: str, longest: int = MAX_PHRASE) -> str:
    text = html.unescape(escaped)
    set_text = in_phrases(text, longest=longest)
    return with_breaks(html.escape(set_text, quote=False)) if set_text != text else escaped


def parts_of(stored: str) -> Headline:
    labels, head, deck = stored.split(_NEXT_PART)
    return Headline(tuple(labels.split(_NEXT_LABEL)) if labels else (), head, deck)


SAME = 0.6  # a text says the title again if so many of its words stand there
FULL_STOPS = "..."
OPENING_LETTERS = 40  # letters; a standfirst that shares so many with the opening of the text was cut from it
REACH = 300  # letters of the text, which may have its title or a heading before them
_NO_LETTERS, _TAGS = re.compile(r"[\W_]+"), re.compile(r"<[^<>]*>")
_MARKS = re.compile(r"[*_`#|~<>&\[\]\n]|  |^[-+] |^[0-9]+[.)] ")


def standfirst(excerpt: str, title: str) -> str:
    """Returns the excerpt as a standfirst under the title, or "" where it says what the title says.

    One that was cut off at some length (it ends with three full stops) ends with its last whole sentence.
    """
    text = plain_text(excerpt) if _MARKS.search(excerpt) else excerpt
    if text.endswith(FULL_STOPS):
        text = _whole_sentences(text) or text
    return "" if says_the_same(text, title) else text


def _whole_sentences(text: str) -> str:
    """The text up to its last full stop outside quotations and brackets; "" if there is none."""
    end = text.rfind("。")
    while end > 0 and any(text.count(opening, 0, end) > text.count(closing, 0, end) for opening, closing in PAIRS):
        end = text.rfind("。", 0, end)
    return text[: end + 1] if end > 0 else ""


def opens(text: str, body_html: str) -> bool:
    """Whether the article's text begins with the standfirst, so that its page would say it twice within a screen."""
    said = _letters(text, OPENING_LETTERS)
    return bool(said) and said in _letters(html.unescape(_TAGS.sub("", body_html[: 20 * REACH])), REACH)


def _letters(text: str, number: int) -> str:
    """The first letters of a text, of which at least half are letters; to normalise all of it would take longer."""
    return _NO_LETTERS.sub("", normalise_for_search(text[: 2 * number]))[:number]


def says_the_same(text: str, title: str) -> bool:
    """Whether a good part of the text's words stands in the title; hiragana between them counts for nothing."""
    said = set(words(text))
    heard = normalise_for_search(title)
    return bool(said) and sum(word in heard for word in said) >= SAME * len(said)
