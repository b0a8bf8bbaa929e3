"""Japanese text: its one spelling, slugs, tags, reading time, plain text and truncation."""

import html
import re
import unicodedata
from collections.abc import Iterator

# --- one spelling ---

# Control characters, zero-width spaces, marks and overrides of direction (which reorder the text after a title), and
# characters that XML, and so a feed, cannot hold. The zero-width joiner stays: emoji are made with it.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u206f"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LINE_ENDS = "\r\v\f\x85\u2028\u2029"
# NFC replaces these by their everyday forms (神 U+FA19 by U+795E), which misspells people's names.
_NOT_COMPATIBILITY_IDEOGRAPHS = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")

# Normalising sorts the marks on one letter by insertion: 100,000 of them would take a minute. No script has more.
MAX_MARKS = 30
# Nothing composes with what stands before this place, and most clauses are in NFKC: they need not be taken apart.
_CLAUSE_BORDER = re.compile("(?<=[\n、。])")
# Each alternative begins with a sign, so that `re` skips the words. It takes the last two, voice marks, for letters.
_MARK = "(?:[^\\w\\s]|[\uff9e\uff9f])"
_MANY_MARKS = re.compile("|".join(rf"{first}{_MARK}{{{MAX_MARKS},}}" for first in (r"[^\w\s]", "[\uff9e\uff9f]")))


def normalise(text: str) -> str:
    """Returns the text in NFC, with ``\\n`` as its only line end and without invisible characters; the writer's words
    and spaces stay as they are.

    Compatibility ideographs keep their shape. A lone surrogate becomes U+FFFD: it can be neither stored nor sent.
    """
    text = printable(text)
    if unicodedata.is_normalized("NFC", text):
        return text
    text = _with_bounded_marks(text)
    return _NOT_COMPATIBILITY_IDEOGRAPHS.sub(lambda run: unicodedata.normalize("NFC", run[0]), text)


def printable(text: str) -> str:
    """Removes invisible characters as `normalise` does, but without NFC, which in HTML would join ``>`` with a mark."""
    if text.isprintable():  # false for every character of _UNPRINTABLE, and faster than a search
        return text
    return _UNPRINTABLE.sub(_printable, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Normalises a text of one line, such as a title or a name: a line end becomes a space."""
    return " ".join(normalise(text).split("\n"))


def _printable(match: re.Match[str]) -> str:
    if match[0] in _LINE_ENDS:
        return "\n"
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else ""


def compatible(text: str) -> str:
    """Returns the text in NFKC. Half-width voice marks become combining marks here, so marks are bounded once more."""
    return "".join(map(_nfkc, _CLAUSE_BORDER.split(_with_bounded_marks(normalise(text)))))


def _nfkc(clause: str) -> str:
    return clause if unicodedata.is_normalized("NFKC", clause) else unicodedata.normalize("NFKC", clause)


def _with_bounded_marks(text: str) -> str:
    return _MANY_MARKS.sub(_with_few_marks, text)


def _with_few_marks(signs: re.Match[str]) -> str:
    """Drops the combining marks beyond MAX_MARKS in a row; other signs stay."""
    if signs[0].isascii():  # as the line under the head of a table is
        return signs[0]
    kept, marks = [], 0
    for char in signs[0]:
        marks = marks + 1 if unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def normalise_for_search(text: str) -> str:
    """Folds the spellings of a word into one: ＡＩ, AI and ai, ｶﾅ and カナ. A run of white space becomes one space."""
    folded = compatible(text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


# --- slugs and tags ---


class WordAlphabet(dict[int, str | None]):
    r"""A table for `str.translate` that keeps word characters and turns all others into ``other``.

    Word characters are Ruby's ``\p{L}\p{M}\p{Nd}`` and ``_``, as on the old site. Python's ``\w`` differs: it lacks
    combining marks and contains ①.
    """

    def __init__(self, other: str | None) -> None:
        super().__init__({ord("_"): "_", ord("-"): "-"})
        self._other = other

    def __missing__(self, codepoint: int) -> str | None:
        char = chr(codepoint)
        category = unicodedata.category(char)
        value = char if category[0] in "LM" or category == "Nd" else self._other
        if codepoint <= 0xFFFF:  # hostile text must not fill the memory
            self[codepoint] = value
        return value


_SLUG_ALPHABET = WordAlphabet(other="-")


def post_slug(text: str) -> str:
    """Makes Jekyll's slug of a file name or a title: lower case, Japanese kept, the rest hyphens. It may be empty."""
    text = unicodedata.normalize("NFC", normalise(text).lower()).translate(_SLUG_ALPHABET)
    return re.sub("-{2,}", "-", text).strip("-")


def tag_slug(text: str) -> str:
    """Makes a slug as `post_slug` does, but the same one for ＡＩ and AI, and two for C++ and C#.

    It is empty for a name like 「！！」; the caller then gives a number.
    """
    text = compatible(text)
    return post_slug(text.replace("+", "plus").replace("#", "sharp").replace("_", "-"))


def tag_name(text: str) -> str:
    """Returns the name in NFKC, with one space for each run of white space."""
    return " ".join(compatible(text).split())


MAX_TAGS = 100  # in one article; a query has a condition for each


def split_tags(text: str) -> list[str]:
    """Splits tags at ``,`` ``、`` ``，`` and line ends, never at spaces; returns them in order, each once."""
    names: dict[str, str] = {}
    for part in re.split("[,、\n]", compatible(text)):
        if name := " ".join(part.split()):  # as `tag_name` spells it: the list is in NFKC already
            names.setdefault(name.casefold(), name)
    return list(names.values())


SPELLING_SEPARATOR = "｜"  # between the other spellings of a tag in a table; no name holds one, since NFKC makes it |


def split_spellings(text: str) -> list[str]:
    """Splits other spellings of a tag as `split_tags` splits tags, and at ``｜``."""
    return split_tags(text.replace(SPELLING_SEPARATOR, "\n"))


# --- plain text ---

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BLOCK_TAG = re.compile(
    r"</?(?:address|article|blockquote|caption|d[dlt]|details|div|fig(?:caption|ure)|h[1-6r]|li|[ou]l|p|pre|section"
    r"|summary|table|t(?:body|[dhr]|foot|head))\b[^<>]*>",
    re.IGNORECASE,
)
# Readings of ruby and references to footnotes stand in the text, but a reader does not read them as part of it.
READING_AID = re.compile(r'<(rt|rp)>[^<]*</\1>|<sup class="footnote-ref"><a [^<>]*>[^<]*</a></sup>', re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--[^<>]*-->", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\b[^<>]*>\n?", re.IGNORECASE)
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)  # of a chart, whose labels and numbers stand in its table too
_PICTURE = re.compile(r"<img\b[^<>]*>")
_IMAGE = re.compile(r"<img\b[^<>]*>|!\[[^\[\]\n]*\]\([^()\n]*\)", re.IGNORECASE)
_IMAGE_SIGNS = ("<i", "<I", "![")
# Each alternative begins with a fixed character, so that `re` skips the stretches without any, most of a text.
_INLINE_CODE = re.compile(r"<code\b[^<>]*>[^<]*</code>|`(?<!``)[^`\n]+`", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\n]*\)")
# With the line end above: `re` finds that three times as fast as the beginning of a line.
_BLOCK_MARK = re.compile(
    r"\n(?:[|:\-*_ \t>]+$|[ \t>]*(?:#{1,6}|[-*+](?:[ \t]+\[[ xX]\])?|\d{1,9}[.)])[ \t]+|[ \t]*>[ \t>]*)", re.MULTILINE
)
_DOUBLE_MARK = re.compile("__|~~")
_SINGLE_MARKS = "*`|"
_URL = re.compile(r"https?://[!-;=?-~]+")

HIRAGANA = "\u3041-\u3096"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff"  # and the long vowel
CJK = (
    f"\u3005-\u3007\u3041-\u3096{KATAKANA}\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_CJK_RUN = re.compile(f"[{CJK}]+")
_LATIN_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+(?:[.,'’-][0-9A-Za-z\u00c0-\u024f]+)*")

_NO_REFERENCE = re.compile("&(?=#[0-9]{8})")

CJK_PER_MINUTE = 500
LATIN_WORDS_PER_MINUTE = 220
SECONDS_PER_IMAGE = 12


def visible_text(rendered: str) -> str:
    """Returns what a reader sees of rendered HTML on one line, code blocks included, without readings of ruby.

    Lines of Japanese are joined without a space, Latin ones with one.
    """
    text = _without_tags(_PICTURE.sub(" ", READING_AID.sub("", _DRAWING.sub(" ", normalise(rendered)))))
    return _joined(unescaped(text))


def plain_text(markdown: str) -> str:
    """Returns the running text of Markdown, with or without HTML in it, as `visible_text` does; no code blocks either.

    It takes signs for marks of Markdown wherever they may be some, so it does not suit rendered HTML.
    """
    return _joined(unescaped(_without_markup(_without_code_blocks(normalise(markdown)))))


def unescaped(text: str) -> str:
    """Returns the text with the characters that its references name, as &amp; does. A number of more digits than
    CommonMark's seven names none; Python refuses to read an endless one.
    """
    return html.unescape(_NO_REFERENCE.sub("&amp;", text)) if "&" in text else text


def reading_minutes(markup: str) -> int:
    """Estimates the minutes to read HTML or Markdown, at least 1. Code and URLs do not count.

    A minute goes to 500 Japanese characters, 220 Latin words or five images.
    """
    markup = _DRAWING.sub(" ", markup)
    markup, _ = _replace(_INLINE_CODE, " ", _without_code_blocks(normalise(markup)), "`", "<c", "<C")
    markup, images = _replace(_IMAGE, " ", markup, *_IMAGE_SIGNS)
    text = _URL.sub(" ", unescaped(_without_markup(markup)))
    others, runs = _CJK_RUN.subn(" ", text)
    cjk = len(text) - (len(others) - runs)
    words = len(_LATIN_WORD.findall(others))
    minutes = cjk / CJK_PER_MINUTE + words / LATIN_WORDS_PER_MINUTE + images * SECONDS_PER_IMAGE / 60
    return max(1, round(minutes))


def _without_markup(markup: str) -> str:
    text, _ = _replace(_IMAGE, " ", markup, *_IMAGE_SIGNS)
    text = _without_tags(READING_AID.sub("", text))
    text = _BLOCK_MARK.sub("\n\n", "\n" + _LINK.sub(r"\1", text))[1:]
    text, _ = _replace(_DOUBLE_MARK, "", text, "__", "~~")
    for mark in _SINGLE_MARKS:
        text = text.replace(mark, "")
    return text


def _without_tags(markup: str) -> str:
    return _TAG.sub("", _LINE_BREAK.sub("\n", _BLOCK_TAG.sub("\n\n", markup)))


def _replace(pattern: re.Pattern[str], new: str, text: str, *signs: str) -> tuple[str, int]:
    """Returns the text with each match replaced, and the number of matches. Texts without any of the signs, which
    every match contains, are not searched.
    """
    return pattern.subn(new, text) if any(sign in text for sign in signs) else (text, 0)


def _without_code_blocks(markup: str) -> str:
    """Drops ``<pre>`` elements and fenced blocks; one without an end lasts to the end of the text, as in a browser."""
    if "<pre" in markup:
        parts = re.split(r"<(/?)pre\b[^<>]*>", markup)
        markup = parts[0] + "".join(text for closing, text in zip(parts[1::2], parts[2::2], strict=True) if closing)
    if "```" not in markup and "~~~" not in markup:
        return markup
    return "\n".join(_lines_outside_fences(markup))


def _lines_outside_fences(markdown: str) -> Iterator[str]:
    fence = ""
    for line in markdown.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" \t`~"):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield line


# Each begins with a space and looks back from there, so that `re` skips the text between spaces.
_SPACE_BEHIND_STOP = re.compile(r"\s(?<=[。！？…」』）]\s)\s*")
_LINE_END_IN_JAPANESE = re.compile(rf"[ \t\n](?<=[、{CJK}][ \t\n])(?:(?<=\n)|(?<!\n)[ \t]*\n)[ \t]*(?=[（「『{CJK}])")


def _joined(text: str) -> str:
    """Joins lines to one: without a space between lines of Japanese and after its full stop, else with one."""
    return " ".join(_LINE_END_IN_JAPANESE.sub("", _SPACE_BEHIND_STOP.sub("", text)).split())


# --- width and cutting ---

_SENTENCE_END = re.compile(r"[。！？!?][」』）)]*|\.(?=\s)")
_LATIN_TAIL = re.compile(r"[0-9A-Za-z][0-9A-Za-z'’.-]{0,30}$")
ELLIPSIS = "…"


def width(text: str) -> float:
    """The width of the text in em; a half-width character, as a Latin letter is, takes half of one."""
    return sum(1 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def truncate_japanese(text: str, width: int = 120) -> str:
    """Cuts the text to at most ``width`` characters: after the last full stop if half of them stay, else with ``…``.

    It never cuts a character as the reader sees it (emoji, marks), nor a Latin word.
    """
    if len(text) <= width:
        return text
    ends = [end.end() for end in _SENTENCE_END.finditer(text[: width + 1]) if end.end() <= width]
    if ends and ends[-1] * 2 >= width:
        return text[: ends[-1]]
    cut = max(width - len(ELLIPSIS), 0)
    if cut < len(text) and _LATIN_TAIL.match(text[cut]):
        cut -= len(tail[0]) if (tail := _LATIN_TAIL.search(text[max(cut - 31, 0) : cut])) else 0
    while cut > 0 and is_inside_character(text, cut):
        cut -= 1
    return text[:cut].rstrip(" 　、,") + ELLIPSIS


_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+$")
LONGEST_ROW_OF_FLAGS = 64  # letters; in a longer one, which nobody writes, a flag may be parted


def is_inside_character(text: str, at: int) -> bool:
    """Whether the code points before and after ``at`` are one character to a reader: a letter with marks, an emoji.

    ``at`` is neither the beginning nor the end of the text.
    """
    before, after = text[at - 1], text[at]
    if before == "\u200d" or after == "\u200d" or unicodedata.category(after)[0] == "M":
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff":  # skin tones
        return True
    if not all("\U0001f1e6" <= char <= "\U0001f1ff" for char in (before, after)):
        return False
    flags = _FLAGS.search(text[max(at - LONGEST_ROW_OF_FLAGS, 0) : at])
    return flags is not None and len(flags[0]) % 2 == 1
