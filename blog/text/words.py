"""The forms in which texts and search terms are compared, and the words that say what an article is about."""

import re
from collections.abc import Iterable
from operator import add

from blog.text.japanese import CJK, HIRAGANA, KATAKANA, normalise_for_search, visible_text
from blog.text.keys import title_key

MAX_WORD = 100  # a longer word is cut to one character more, which no search term has
# Of any script but the Japanese one; what is cut off stands outside the group.
_WORD = re.compile(rf"([^\W_{CJK}]{{1,{MAX_WORD + 1}}})[^\W_{CJK}]*")
_IDLE_SPACE = re.compile(rf" (?:(?<![{CJK}] )|(?![{CJK}]))")  # any but one between two runs of Japanese
# NFKC leaves no full-width sign in a text. With them in place of the ASCII ones, no text means anything to the query
# languages of SQLite and PostgreSQL, and the bar is free to be a mark of our own.
_FULL_WIDTH = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F) if not chr(code).isalnum()}
# Signs that NFKC keeps apart and readers do not: the wave dash of the Japanese keyboard, a hyphen and the minus sign.
SAME_SIGNS = str.maketrans("〜\u2010\u2212", "~--")
_SIGNS = _FULL_WIDTH | {chr(sign): _FULL_WIDTH[chr(same)] for sign, same in SAME_SIGNS.items()}
_SIGN = re.compile(f"[{re.escape(''.join(_SIGNS))}]")  # `str.translate` would look up every character
BAR = "|"
# Stands behind each word in katakana, so that a term which ends in it is not found where the word goes on. After a long
# vowel no term asks for it.
WORD_ENDS = "$"
NO_KATAKANA = f"(?![{KATAKANA}])"
_BEHIND_KATAKANA = re.compile(f"(?<=[\u30a1-\u30fa]){NO_KATAKANA}")


def fold(text: str) -> str:
    """Returns the text in the form in which texts and terms are compared: a term matches where it is a substring.

    It is `normalise_for_search` with full-width signs. Each Latin word or number stands between bars, so that AI is
    not found in RAID. Spaces beside words and signs are gone, so that 生成 AI and 生成AI are one.
    WORD_ENDS stands behind each word in katakana.
    """
    with_signs = _SIGN.sub(lambda sign: _SIGNS[sign[0]], normalise_for_search(text))
    with_bars = BAR.join(_WORD.split(with_signs))
    return _BEHIND_KATAKANA.sub(WORD_ENDS, _IDLE_SPACE.sub("", with_bars))


def fold_term(text: str) -> str:
    """Does what `fold` does, for a term: a word at its end may go on in a text, unless WORD_ENDS is put behind it."""
    return fold(text).removesuffix(WORD_ENDS)


# --- tokens ---

_FOLDED = re.compile(rf"([{CJK}]+)|\{BAR}([^{BAR}]+)\{BAR}|([^ {CJK}{BAR}])")
_FOLDED_WITH_ENDS = re.compile(rf"([{CJK}{WORD_ENDS}]+)|\{BAR}([^{BAR}]+)\{BAR}|([^ {CJK}{BAR}])")
_JAPANESE = re.compile(rf"[{CJK}]")
# Marks of tokens. A sign of a text is a token of one character, so it is never taken for one of these.
BEGIN, ALONE, BORDER, END = "＾", "＝", "｜｜", "＄＄"


def sequence(folded: str) -> str:
    """Returns the tokens of a folded text in order, with spaces between, for an index that keeps positions.

    A run of Japanese gives its first character, marked, then every two neighbours, then its last character; END stands
    after the neighbours that end a word in katakana. Words and signs are tokens; so is the border between two lines.
    Each Japanese character stands at the end once more, marked, so that one alone can be found.
    """
    known = _Runs()
    tokens = [
        known[run] if run else word or (BORDER if sign == "\n" else sign)
        for run, word, sign in _FOLDED_WITH_ENDS.findall(folded)
    ]
    alone = [ALONE + char for char in dict.fromkeys("".join(known)) if char != WORD_ENDS]
    return " ".join([*tokens, BORDER, *alone])


class _Runs(dict[str, str]):
    """The tokens of each run of a text. They are kept, since most runs stand there several times."""

    def __missing__(self, run: str) -> str:
        self[run] = tokens = " ".join(_of_run(run))
        return tokens


def _of_run(run: str) -> list[str]:
    first, *others = run.split(WORD_ENDS)
    tokens = [*map(add, BEGIN + first, first)]
    last = first[-1]
    for part in others:
        tokens.append(END)
        tokens += map(add, last + part, part)
        last = part[-1:] or last
    return [*tokens, last]


def sequence_of_term(folded: str) -> list[str]:
    """Returns the tokens that follow each other in the `sequence` of every text that contains the folded term.

    The term may end in WORD_ENDS.
    """
    bare = folded.replace(WORD_ENDS, "")
    if len(bare) == 1 and _JAPANESE.match(bare):
        return [ALONE + bare]
    tokens: list[str] = []
    for piece in _FOLDED_WITH_ENDS.finditer(folded):
        run, word, sign = piece.groups()
        # The text may go on before the term's first character and after its last.
        begin = 1 if piece.start() == 0 else 0
        end = None if piece.end() < len(folded) else -1
        tokens += _of_run(run)[begin:end] if run else [word or sign]
    return tokens


# In a run of Japanese: a single hiragana, such as a particle, and the two other characters that it joins.
_OTHER = f"(?![{HIRAGANA}])[{CJK}]"
_JOINT = re.compile(f"(?=({_OTHER}[{HIRAGANA}]{_OTHER}))")


def parts_of_term(folded: str) -> list[str]:
    """Returns the tokens, in no order, of a folded term for an index without positions: words in their bars, every two
    neighbours in a run of Japanese, joints, and all other characters.

    年金の規制 has 金の規 besides its pairs: its pairs alone are in most long texts, somewhere.

    A term of a single part is in every text with that part; for others, and for one that ends in WORD_ENDS, the text
    must be asked.
    """
    parts: list[str] = []
    for run, word, sign in _FOLDED.findall(folded):
        if word:
            parts.append(f"{BAR}{word}{BAR}")
        elif sign != WORD_ENDS:
            parts += [*map(add, run, run[1:]), *_JOINT.findall(run)] if len(run) > 1 else [run or sign]
    return parts


def folded(above: Iterable[str], html: str) -> str:
    """What a reader sees of a body and of the lines between standfirst and body.

    A line ends between two texts, so that no term reaches from one into the next.
    """
    return "\n".join(map(fold, (*above, visible_text(html))))


def in_tokens(above: Iterable[str], html: str) -> str:
    """The tokens of the folded body in their order."""
    return sequence(folded(above, html))


# How much a word says of the article, by where it stands.
TITLE, TAG, EXCERPT, HEADING = 3, 2, 2, 2
MAX_WORDS = 40
MAX_LENGTH = 40

# Every second article names the year, whatever it is about.
_YEAR = re.compile("[0-9]{4}年版?")
# Hiragana is grammar, and hardly ever what an article is about.
_SUBJECT = re.compile(
    "[一-鿿々]{2,}|[ァ-ヺー]{2,}|[a-z0-9][a-z0-9.+#&-]*[a-z0-9+#]|[가-힣]{2,}|[^\\W\\d_ぁ-ヿ一-鿿a-z가-힣]{2,}"
)


def subjects(title: str, tags: Iterable[str], excerpt: str, headings: Iterable[str]) -> dict[str, int]:
    """Returns the words with their weights, at most MAX_WORDS, those of the title first.

    A word is a run of katakana, a Latin word or number, or two kanji: 製造業 is 製造, 予知保全 is 予知 and 保全. A word
    that stands in several places has the sum of their weights.
    """
    places = ((TITLE, [title]), (TAG, tags), (EXCERPT, [excerpt]), (HEADING, headings))
    weights: dict[str, int] = {}
    for weight, texts in places:
        for word in dict.fromkeys(word for text in texts for word in words(text)):
            if word in weights or len(weights) < MAX_WORDS:
                weights[word] = weights.get(word, 0) + weight
    return weights


def headline_key(title: str) -> str:
    """A key that variants of one headline share: the title without marks, spaces and the year (【2026年版】)."""
    return _YEAR.sub("", title_key(title))


def words(text: str) -> list[str]:
    """The words of a text in their order, each as often as it stands there."""
    found: list[str] = []
    for run in _SUBJECT.findall(_YEAR.sub(" ", normalise_for_search(text))):
        if "一" <= run[0] <= "鿿":
            found += [run[at : at + 2] for at in range(0, len(run) - 1, 2)]
        else:
            found.append(run[:MAX_LENGTH])
    return found
