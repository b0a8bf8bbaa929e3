"""The words that say what an article is about, from its title, tags, standfirst and headings."""

import re
from collections.abc import Iterable

from blog.text.desk.keys import title_key
from blog.text.japanese import normalise_for_search

# How much a word says of the article, by where it stands.
TITLE, TAG, EXCERPT, HEADING = 3, 2, 2, 2
MAX_WORDS = 40
MAX_LENGTH = 40

# Every second article names the year, whatever it is about.
_YEAR = re.compile("[0-9]{4}年版?")
# Hiragana is grammar, and hardly ever what an article is about.
_WORD = re.compile(
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
    for run in _WORD.findall(_YEAR.sub(" ", normalise_for_search(text))):
        if "一" <= run[0] <= "鿿":
            found += [run[at : at + 2] for at in range(0, len(run) - 1, 2)]
        else:
            found.append(run[:MAX_LENGTH])
    return found
