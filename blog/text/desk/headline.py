"""Warns if the excerpt or the first block repeats the headline."""

import html
import re
from collections.abc import Iterator
from math import ceil

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Edit, Finding, World
from blog.text.desk.prose import found, shortened
from blog.text.desk.reading import Reading
from blog.text.headlines import REACH, opens, standfirst
from blog.text.japanese import plain_text
from blog.text.keys import exact_key, title_key

LEAST = 8  # word characters; a shorter heading may name what the title names without repeating it
CERTAIN = 15  # word characters; a shorter text repeats the title only if it is half of it or more
ALIKE = 0.9  # of an excerpt
_YEAR = re.compile("^20[0-9]{2}年(?:版|最新版)?")
MOST = 150  # characters of a headline


_LOOKED_AT = 6  # blocks, in which a standfirst may stand again
_SAYS_TITLE = (
    "リード文がタイトルと同じことを言うので、記事のページには出ません。タイトルの次に読む一文を書いてください。"
)
_SAYS_OPENING = "リード文が本文の書き出しと同じなので、記事のページには出ません。本文にない一文を書いてください。"


def head_repeat(article: Reading, world: World) -> Iterator[Finding]:
    """Finds the headline also as a part of the title, since old titles have a year before it and a stock tail after it.

    The fix drops the first block if the title has all its words.
    """
    draft = article.draft
    title, excerpt = article.title_key, title_key(draft.excerpt)
    lead = standfirst(draft.excerpt, draft.title)
    if _repeats(draft.excerpt, title) or _begins_alike(excerpt, title) or (draft.excerpt.strip() and not lead):
        yield Finding("head_repeat", 0, shortened(draft.excerpt), _SAYS_TITLE)
    elif opens(lead, _opening(article)):
        yield Finding("head_repeat", 0, shortened(draft.excerpt), _SAYS_OPENING)
    first = _first(article)
    if first is None:
        return
    what = "見出し" if first.kind is Kind.HEADING else "段落"
    if first is headline_again(article):
        yield found("head_repeat", first, f"最初の{what}がタイトルの繰り返しです。", fix=_drop(article, first))


def _opening(article: Reading) -> str:
    """The first texts as HTML, in which `opens` looks for the standfirst."""
    blocks = [block for block in article.blocks[:_LOOKED_AT] if block.kind in (Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM)]
    return "\n".join(html.escape(plain_text(block.text[:REACH])) for block in blocks)


def headline_again(article: Reading) -> Block | None:
    """The first heading or paragraph, if it repeats the headline."""
    first = _first(article)
    return first if first and _repeats(first.text, article.title_key) else None


def dropped_headline(article: Reading) -> Block | None:
    """The repeated headline, if the fix of `head_repeat` drops it."""
    again = headline_again(article)
    return again if again and _drop(article, again) else None


def _first(article: Reading) -> Block | None:
    first = next((block for block in article.blocks if block.kind is not Kind.RULE), None)
    return first if first and first.kind in (Kind.PARAGRAPH, Kind.HEADING) else None


def _repeats(text: str, title: str) -> bool:
    """Whether the text is the headline: a good part of the title, or the title and a little more."""
    if not title or len(text) > MOST + len(title):
        return False
    key = title_key(text)
    if len(key) < LEAST:
        return key == title
    if key in title:
        return len(key) >= min(CERTAIN, len(title) / 2)
    return title in key and len(title) >= 0.75 * len(key)


def _begins_alike(excerpt: str, title: str) -> bool:
    """Whether the title, without its year, begins with nearly all of the excerpt."""
    begin = excerpt[: ceil(ALIKE * len(excerpt))]
    return len(excerpt) >= CERTAIN and _YEAR.sub("", title).startswith(begin)


def _drop(article: Reading, first: Block) -> tuple[Edit, ...]:
    """Removes the block, unless it says more than the title or nothing would be left."""
    if exact_key(first.text).casefold() not in exact_key(article.draft.title).casefold() or first is article.blocks[-1]:
        return ()
    after = article.blocks[article.blocks.index(first) + 1]
    return (Edit("body", first.start, after.start),)
