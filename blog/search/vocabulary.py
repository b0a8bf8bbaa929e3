"""Which articles have which words: what `related` and `threads` compare articles by."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from math import log
from typing import Any, NamedTuple

from blog.database import fetch
from blog.models import Post, SubjectWord
from blog.text.words import subjects

# A word of more articles than this, or than one in `SHARE` of all, is common: it tells nothing, and is not looked up.
MOST_ARTICLES, SHARE, COMMON_FROM = 200, 20, 10
WORDS_AT_ONCE = 400  # SQLite refuses a statement of more than 500 SELECTs

_OF_WORD = (
    "SELECT * FROM (SELECT word, post_id, weight FROM blog_subjectword WHERE word = %s"
    f" LIMIT {MOST_ARTICLES + 1}) AS word{{}}"
)


class Vocabulary(NamedTuple):
    """The articles of some words: `articles` has the weights of each rare word by article, `common` those of other
    words that at most MOST_ARTICLES articles have.

    `values` has the weight of every word in a comparison of titles: the square of ln(n / k) if k of n articles have it.
    All common words have the same low value.
    """

    articles: dict[str, dict[int, int]]
    common: dict[str, dict[int, int]]
    values: dict[str, float]
    total: int  # of articles

    def is_rare(self, word: str) -> bool:
        return word in self.articles

    def without(self, left_out: Container[int], words: Iterable[str]) -> "Vocabulary":
        """Counts those of the words as rare that few enough articles have, not counting the articles with these keys.

        They get the lowest value of a rare word. A word of more than MOST_ARTICLES articles stays common: a daily
        column is no thread.
        """
        most = most_of_rare(self.total)
        found = {
            word: others
            for word in words
            if word in self.common
            and len(others := {key: of for key, of in self.common[word].items() if key not in left_out}) <= most
        }
        common = {word: weights for word, weights in self.common.items() if word not in found}
        values = self.values | dict.fromkeys(found, value(most, self.total))
        return Vocabulary(self.articles | found, common, values, self.total)


def most_of_rare(total: int) -> int:
    """The number of articles, of this total, up to which a word is rare."""
    return min(max(total // SHARE, COMMON_FROM), MOST_ARTICLES)


def value(number: int, total: int) -> float:
    """The value of a word that a number of all articles have."""
    # A small archive has no common words.
    return log(max(total, 2 * most_of_rare(total)) / max(number, 1)) ** 2


def look_up(words: Iterable[str]) -> Vocabulary:
    """Reads the published articles of each word, in one query for every WORDS_AT_ONCE words, and counts all."""
    asked = list(words)
    articles: dict[str, dict[int, int]] = {word: {} for word in asked}
    for first in range(0, len(asked), WORDS_AT_ONCE):
        for word, key, weight in _rows(asked[first : first + WORDS_AT_ONCE]):
            articles[word][key] = weight
    total = Post.objects.listed().count()
    most = most_of_rare(total)
    rare = {word: found for word, found in articles.items() if len(found) <= most}
    common = {word: found for word, found in articles.items() if most < len(found) <= MOST_ARTICLES}
    values = dict.fromkeys(asked, value(most, total) / 3)
    return Vocabulary(rare, common, values | {word: value(len(found), total) for word, found in rare.items()}, total)


def _rows(words: list[str]) -> list[tuple[Any, ...]]:
    """Rows of (word, post, weight)."""
    return fetch(" UNION ALL ".join(_OF_WORD.format(number) for number in range(len(words))), *words)


def words_of(post: Post) -> dict[str, int]:
    """The words that the article is about as it is now, saved or not, with their weights."""
    headings = (str(entry["text"]) for entry in post.toc)
    return subjects(post.title, (tag.name for tag in post.tag_list), post.excerpt, headings)


def store_words(words: Mapping[Post, Mapping[str, int]]) -> None:
    """Stores the words of published articles, and removes those of any others. Writes only what changed."""
    stored: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for key, word, weight in SubjectWord.objects.filter(post__in=words).values_list("post", "word", "weight"):
        stored[key][word] = weight
    wanted = {post.pk: own if post.listed_at else {} for post, own in words.items()}
    changed = [key for key, own in wanted.items() if own != stored[key]]
    if gone := [key for key in changed if stored[key]]:
        SubjectWord.objects.filter(post__in=gone).delete()
    SubjectWord.objects.bulk_create(
        (SubjectWord(word=word, post_id=key, weight=weight) for key in changed for word, weight in wanted[key].items()),
        update_conflicts=True,  # another worker may store them too
        unique_fields=("word", "post"),
        update_fields=("weight",),
    )
