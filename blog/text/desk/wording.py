"""Warnings about single words: foreign signs, and the house's spellings."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from blog.text.desk.findings import Draft, Edit, Finding, World
from blog.text.desk.prose import PROSE, found, own_words, shortened, words
from blog.text.desk.reading import Reading

# Scripts that no Japanese word is written in: Cyrillic to Arabic, the Indian ones, Thai and Lao, Georgian, Ethiopic and
# Korean. Greek letters are at home: α版, π型. With them the sign that stands for a broken one.
_FOREIGN = "\ufffd\u0400-\u06ff\u0900-\u0eff\u10a0-\u137f\uac00-\ud7a3"
_RUN = re.compile(f"[{_FOREIGN}][{_FOREIGN}]*")  # `re` looks for a first sign ten times faster than for [signs]+
_IN_WORD = re.compile("[ぁ-ゖァ-ヺー一-龥々A-Za-z0-9]")

_LATIN = re.compile("[A-Za-z0-9]")
_KATAKANA = re.compile("[ァ-ヺー]")
_KANJI = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇]")
_KANJI_OR_DIGIT = re.compile(f"{_KANJI.pattern}|[0-9０-９]")  # 3時, 1等
_MARKDOWN = "\\`*_{}[]()<>#+-|~:^& \t"


def foreign(article: Reading, world: World) -> Iterator[Finding]:
    """Finds foreign letters within a Japanese word. A foreign word between spaces or in brackets is a quotation."""
    for text in (article.draft.title, article.draft.excerpt):
        for run in _slips(text):
            yield Finding("foreign", 0, shortened(text[max(0, run.start() - 10) :]), _slip(run[0]))
    for block in article.blocks if _RUN.search(article.draft.body) else ():
        if block.kind in PROSE and _RUN.search(block.text):
            for run in _slips(words(block.text)):
                yield found("foreign", block, _slip(run[0]), at=run.start())


def _slips(text: str) -> Iterator[re.Match[str]]:
    for run in _RUN.finditer(text):
        beside = text[max(0, run.start() - 1) : run.start()] + text[run.end() : run.end() + 1]
        if "\ufffd" in run[0] or _IN_WORD.search(beside):
            yield run


def _slip(signs: str) -> str:
    if "\ufffd" in signs:
        return "文字化け（�）があります。"
    return f"語の中に外国の文字「{shortened(signs)}」が交じっています。"


def spelling(article: Reading, world: World) -> Iterator[Finding]:
    """Finds banned words and unwanted spellings of the house's list; the fix replaces the spellings."""
    draft = article.draft
    rules = _rules(draft, world)
    if not rules:
        return
    for field, text in (("title", draft.title), ("excerpt", draft.excerpt)):
        for slip in _misspelt(text, rules):
            yield Finding("house_word", 0, shortened(text[slip.at :]), slip.advice, slip.fix(field))
    for block in article.article:
        if block.kind in PROSE:
            for slip in _misspelt(block.text, rules):
                yield found("house_word", block, slip.advice, at=slip.at, fix=slip.fix("body", block.text_start))


def _rules(draft: Draft, world: World) -> list[tuple[str, str]]:
    """The words of the list that the draft contains, each with its preferred spelling."""
    banned = [(word, "") for word in world.words.banned]
    texts = (draft.title, draft.excerpt, draft.body)
    rules = [*banned, *world.words.preferred.items()]
    return [(word, spelt) for word, spelt in rules if word and any(word in text for text in texts)]


def rewritten(text: str, preferred: Mapping[str, str]) -> str:
    """A word in the text that the fix of these spellings would replace; "" if there is none."""
    slips = _misspelt(text, list(preferred.items()))
    return next((slip.word for slip in slips if slip.fix("body")), "")


class _Misspelling(NamedTuple):
    """A word of the list in a text. `stands_alone` is False where it may be a part of a longer one."""

    at: int
    word: str
    spelt: str
    stands_alone: bool

    @property
    def advice(self) -> str:
        if self.spelt:
            return f"表記：「{self.word}」は「{self.spelt}」と書きます。"
        return f"表記：「{self.word}」は使わない言葉です。"

    def fix(self, field: str, text_start: int = 0) -> tuple[Edit, ...]:
        """The edit that replaces the word; none for a sign such as | or *, which may be Markdown here."""
        if not self.spelt or not self.stands_alone or not self.word.strip(_MARKDOWN):
            return ()
        start = text_start + self.at
        return (Edit(field, start, start + len(self.word), self.spelt),)


def _misspelt(text: str, rules: list[tuple[str, str]]) -> Iterator[_Misspelling]:
    """Leaves out a word of one kanji next to another kanji: 事 in 仕事."""
    own = own_words(text)
    for word, spelt in rules:
        for at in _places(word, own, spelt):
            alone = not _is_in_compound(own, at, at + len(word))
            # `own` has spaces that the text has not.
            if text.startswith(word, at) and (alone or len(word) > 1):
                yield _Misspelling(at, word, spelt, alone)


def _is_in_compound(text: str, start: int, end: int) -> bool:
    """Whether a kanji at an end of the word has another kanji beside it, or a digit before it."""
    begins, ends = _KANJI.match(text, start), _KANJI.match(text, end - 1)
    return bool((begins and _KANJI_OR_DIGIT.match(text[start - 1 : start])) or (ends and _KANJI.match(text, end)))


def _places(word: str, text: str, spelt: str) -> Iterator[int]:
    """Where the word occurs, except within its preferred spelling or a longer word."""
    shift = spelt.find(word)
    end = 0
    while (at := text.find(word, end)) >= 0:
        end = at + len(word)
        is_spelt = shift >= 0 and text.startswith(spelt, max(at - shift, 0))
        goes_on = _are_one(text[at - 1 : at], word[0]) or _are_one(word[-1], text[end : end + 1])
        if not is_spelt and not goes_on:
            yield at


def _are_one(before: str, after: str) -> bool:
    """Whether the two characters belong to one word: both are Latin, or both katakana."""
    return any(signs.fullmatch(before) and signs.fullmatch(after) for signs in (_LATIN, _KATAKANA))


# --- full and half width ---

_WIDE = "Ａ-Ｚａ-ｚ０-９"
_BRACKETS = r"（[^（）()\n]*\)|\([^（）()\n]*）"
_ODD = re.compile(rf"(?P<word>[A-Za-z0-9][{_WIDE}]|[{_WIDE}][A-Za-z0-9])|(?P<kana>[ｦ-ﾟ]+)|(?P<bracket>{_BRACKETS})")
# Few articles hold any of it. The pattern begins with a sign, so that `re` skips the text between.
_MAY_BE_ODD = re.compile(rf"[{_WIDE}ｦ-ﾟ（(](?:(?<=[{_WIDE}ｦ-ﾟ])|(?<=（)[^（）()\n]*\)|(?<=\()[^（）()\n]*）)")
_MESSAGES = {
    "word": "1つの語に全角と半角の英数字が交じっています。",
    "kana": "半角のカタカナがあります。",
    "bracket": "括弧の全角と半角が対になっていません。",
}
# Newspapers write one digit wide and more narrow, so each kind is compared with itself. The 4 of GPT-4 is no digit by
# itself, and what is mixed within a word is found as such.
_BEFORE, _AFTER = f"(?<![A-Za-z0-9{_WIDE}])", f"(?![A-Za-z0-9{_WIDE}])"
_KINDS = (
    ("英字", re.compile(f"{_BEFORE}[Ａ-Ｚａ-ｚ]+{_AFTER}"), re.compile("[A-Za-z]{2}")),
    ("数字", re.compile(f"{_BEFORE}[０-９]{{2,}}{_AFTER}"), re.compile("[0-9]{2}")),
    ("数字", re.compile(f"{_BEFORE}[０-９]{_AFTER}"), re.compile("(?<![!-~])[0-9](?![!-~])")),
)


def width(article: Reading, world: World) -> Iterator[Finding]:
    """Finds words, kana and brackets of the wrong width, and wide letters and digits in an article that has narrow ones
    too. Quotations are left out.
    """
    if not _MAY_BE_ODD.search(article.draft.body):
        return
    blocks = [block for block in article.article if block.kind in PROSE and not block.text.isascii()]
    texts = [own_words(block.text) for block in blocks]
    whole = "\n".join(texts)
    both_ways = [(name, wide) for name, wide, narrow in _KINDS if wide.search(whole) and narrow.search(whole)]
    for block, text in zip(blocks, texts, strict=True):
        for match in _ODD.finditer(text):
            yield found("width", block, _MESSAGES[match.lastgroup or "word"], at=match.start())
        for name, wide in both_ways:
            for match in wide.finditer(text):
                yield found("width", block, f"同じ記事に全角と半角の{name}があります。", at=match.start())
