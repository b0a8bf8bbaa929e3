"""Splits Japanese text into phrases, and marks where the lines of a headline may end.

Pages set headlines with `word-break: keep-all`, so that a line ends only where a phrase does, at a space, or, where one
phrase is wider than the line, anywhere. Of browsers, Chromium alone can tell phrases apart by itself.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from blog.text.japanese import width

if TYPE_CHECKING:
    import budoux


# 行頭禁則 and 行末禁則: the characters that no line may begin with, and those that none may end with.
NOT_FIRST = frozenset(
    "｜|、。，．・：；？！ー～〜゛゜ヽヾゝゞ々’”）〕］｝〉》」』】｠»〙〗…‥‐–%％)]},.:;?!ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
NOT_LAST = frozenset("‘“（〔［｛〈《「『【｟«〘〖([{¥￥$＄#＃")
LATIN = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９À-ɏ'’._+&@/-]")
AFTER_SPACE = re.compile(r"(?<= )(?=[^ ])")


@cache
def _parser() -> "budoux.Parser":
    import budoux  # here, because a server that only answers readers never splits a text

    return budoux.load_default_japanese_parser()


def phrases(text: str) -> list[str]:
    """Splits a text into parts that should stay on one line; joined they are the text again."""
    found: list[str] = []
    for part in (part for phrase in _parser().parse(text) for part in AFTER_SPACE.split(phrase)):
        while found and part and part[0] in NOT_FIRST and unicodedata.category(part[0])[0] == "P":
            found[-1], part = found[-1] + part[0], part[1:]  # the full stop joins the phrase that it ends
        if found and part and (are_bound(found[-1], part) or _are_one_word(found[-1], part)):
            found[-1] += part
        elif part:
            found.append(part)
    return found


def are_bound(before: str, after: str) -> bool:
    """Whether no line may end between the two. A line loses the spaces at its ends, so the rules skip them."""
    before, after = before.rstrip(), after.lstrip()
    return not before or not after or after[0] in NOT_FIRST or before[-1] in NOT_LAST


def _are_one_word(before: str, after: str) -> bool:
    return bool(LATIN.match(before[-1]) and LATIN.match(after))


PHRASE_END = "\u200b"  # in HTML <wbr>
BOUND = "\u2060"  # between signs where browsers would end a line inside a phrase
BOUND_IN_WIDE_LINES = "\u2063"  # the same, but not on a phone
BOUND_OUTSIDE_COLUMNS = "\u2064"  # the same, but not in the narrowest columns, which only decks on the front page have
NO_BREAK_SPACE = "\xa0"
_SIGNS = (PHRASE_END, BOUND, BOUND_IN_WIDE_LINES, BOUND_OUTSIDE_COLUMNS)
INSERTED = str.maketrans({**dict.fromkeys(_SIGNS), NO_BREAK_SPACE: " "})

# Widths in em. A narrow phone has eleven in a line of a title, and eighteen in one of a deck, which is smaller.
MAX_PHRASE = 8
LINE, LINE_OF_DECK = 11, 18
MORE_OF_CAPITAL = 0.15  # than `width` says, which is half an em of any Latin letter
MORE_IN_WIDE_LINES = 4  # in any column of a screen that is wider
LESS_IN_COLUMNS = 5
LONGEST_IN_CELL = 5
MAX_COMPOUND, MAX_NAME = 9, 9
MAX_CHARS = 300  # a longer text is no headline

_KANJI = "々〆一-鿿"
_NUMBERED = re.compile(r"[A-Za-z0-9+] [0-9]")
# 「Stable Diffusion・」 and 「・Claude Opus」: a name of several words beside a ・ stays whole, if it is no sentence.
_NAME_BEGINS, _NAME_ENDS = re.compile(r"(?:^|・)([A-Za-z][^・]*) $"), re.compile(r"([A-Za-z0-9][^・ぁ-ヿ一-鿿]*)(・?)")
_CAPITAL = re.compile("[A-Z]")
_SPACE_BEFORE_NUMBER = re.compile("(?<=[A-Za-z]) (?=[0-9])")
_JOINED_SPACE = re.compile(r" (?=\S)")
# Where a long phrase may be parted: between words of different scripts, of three letters or more.
_SCRIPTS = re.compile(
    rf"(?<=[ァ-ヺー]{{3}})(?=[{_KANJI}]{{2}})|(?<=[{_KANJI}ぁ-ん]{{2}})(?=[ァ-ヺー]{{3}}|[A-Za-z]{{3}})|(?<=ー)(?=お)"
)
_NAMES_OF_CHAIN = re.compile("[^・]*・|[^・]+")
_BEHIND_LATIN = re.compile(rf"(?<=[A-Za-z]{{2}})(?=[ァ-ヺー]{{3}}|[{_KANJI}]{{2}})")
# 「成功事｜例」: kanji beside kanji are one word, if it is not too long. 「もたら｜す産業」: a verb keeps its ending.
_KANJI_BEFORE, _KANJI_AFTER = re.compile(rf"[{_KANJI}]+$"), re.compile(rf"[{_KANJI}]+")
_LOOSE_ENDING = re.compile(rf"[うくぐすつぬぶむる](?=[{_KANJI}ァ-ヺA-Za-z])")
# 「塗り｜替える」: a verb that was built of two; not 「良い｜切り口」.
_STEM = re.compile(rf"[{_KANJI}][きぎしちびみりえけせめれ]$|食い$")
_SECOND_VERB = re.compile("[替尽出込上合続始終切直越抜付][ぁ-ん]")
# 「調達に｜よる変化」: a particle of two words.
_SECOND_OF_PARTICLE = re.compile("よ[りるっ]|お[いけ]|つい[てた]|とっ[てた]|[関対][しす]|わた[りる]|基づ|向け")
# 「みず｜ほFG」「もたら｜す｜価値」: one letter is no phrase. 「組織にも｜たらす」: nor is the end of a verb.
_TORN = re.compile("[ぁ-ん][A-Za-z]|[うくぐすつぬぶむる]$|たら[さしすせそ]")
# Browsers end a line behind these, and before opening brackets, even if they keep words whole.
_BINDING = re.compile(
    r"(?:(?<=[」』）)】］\]〉》”’–/・！？!?…%％＋+])(?=[^\s、。，．）」』】…])|(?<=[A-Za-z0-9]-)(?=\S)|(?<=-)(?=[^\s0-9])|(?<=\S)(?=[「『（(【［\[〈《“‘]))"
)
_BINDING_IN_CHAIN = re.compile(_BINDING.pattern.replace("・", ""))
_IN_CHAIN = re.compile(r"(?<=・)(?=[^\s、。，．）」』】…])")


def in_phrases(text: str, line: int = LINE, *, longest: int = MAX_PHRASE) -> str:
    """Returns the text with the signs above where they are due; `plain` takes them out again.

    A line may end with ・ only in a chain of names that is wider than `line`; on a wide screen only in one that
    may fill a line there, too. A phrase that is wider than `longest` may be parted.
    """
    if len(text) > MAX_CHARS:
        return text
    if width(text) <= longest:
        return _SPACE_BEFORE_NUMBER.sub(NO_BREAK_SPACE, _bound(text, line))
    found: list[str] = []
    for part in _phrases_of_headline(text, line, longest):
        if found and not found[-1][-1].isspace():
            found.append(PHRASE_END)
        found.append(_JOINED_SPACE.sub(NO_BREAK_SPACE, _bound(part, line)))
    return "".join(found)


def _bound(part: str, line: int) -> str:
    too_wide = width(part.strip()) + MORE_OF_CAPITAL * len(_CAPITAL.findall(part)) - line
    if "・" not in part or too_wide <= (-LESS_IN_COLUMNS if line == LINE_OF_DECK else 0):
        return _BINDING.sub(BOUND, part)
    if too_wide <= MORE_IN_WIDE_LINES:
        part = _IN_CHAIN.sub(BOUND_IN_WIDE_LINES if too_wide > 0 else BOUND_OUTSIDE_COLUMNS, part)
    return _BINDING_IN_CHAIN.sub(BOUND, part)


def plain(text: str) -> str:
    """The text without what `in_phrases` put into it."""
    return text.translate(INSERTED)


def _phrases_of_headline(text: str, line: int, longest: int) -> Iterator[str]:
    joined: list[str] = []
    for phrase in phrases(text):
        if joined and _are_one(joined[-1], phrase):
            joined[-1] += phrase
        elif joined and "ぁ" <= joined[-1][-1] <= "ん" and (ending := _LOOSE_ENDING.match(phrase)):
            joined[-1] += ending[0]
            joined.append(phrase[ending.end() :])
        else:
            joined.append(phrase)
    for phrase in joined:
        for part in _parted(phrase, longest):
            yield from _BEHIND_LATIN.split(part) if _is_wide_word(part, line) else [part]


def _parted(phrase: str, longest: int) -> Iterator[str]:
    """Parts what is longer than a phrase may be where scripts meet; of a chain of names, only the long names."""
    part = ""
    for name in _NAMES_OF_CHAIN.findall(phrase):
        first, *others = _SCRIPTS.split(name) if width(name) > longest else [name]
        part += first
        for other in others:
            yield part
            part = other
    yield part


def _is_wide_word(part: str, line: int) -> bool:
    """Whether it is wider than a line, which may end behind these signs, too."""
    return width(part) > line and not set("・：") & set(part)


def _are_one(before: str, after: str) -> bool:
    if _are_one_name(before, after):
        return True
    if _TORN.match(after) or (_STEM.search(before) and _SECOND_VERB.match(after)):
        return True
    if before[-1] == "に" and _SECOND_OF_PARTICLE.match(after):
        return True
    if before[-1] == "・" or (len(before) == 1 and "ぁ" <= before <= "ん") or _NUMBERED.search(before[-2:] + after[0]):
        return True
    ends, goes_on = _KANJI_BEFORE.search(before), _KANJI_AFTER.match(after)
    return ends is not None and goes_on is not None and len(ends[0]) + len(goes_on[0]) <= MAX_COMPOUND


def _are_one_name(before: str, after: str) -> bool:
    begun, ended = _NAME_BEGINS.search(before), _NAME_ENDS.match(after)
    if not begun or not ended or width(begun[1]) + width(ended[1]) > MAX_NAME:
        return False
    return "・" in before or bool(ended[2])
