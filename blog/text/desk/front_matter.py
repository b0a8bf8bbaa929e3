"""Warnings about title and excerpt, and about titles and paragraphs that other articles have too."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from blog.text.desk.blocks import Kind
from blog.text.desk.findings import Finding, World
from blog.text.desk.prose import found, shortened
from blog.text.desk.reading import Reading, is_link_only, is_small_print
from blog.text.japanese import width
from blog.text.keys import paragraph_keys, title_key

# A page of results shows about so much of a title, in full-width characters. A half-width one counts for a half.
TITLE_WIDTH = 32

_PART_MARKS = "｜|：:—―"
_FINISHED = re.compile(
    r"(?:[。！？!?…」』】]|か|とは|[うくぐすつぬぶむる])$"
    r"|（[^（）]*[・、][^（）]*）$"  # a list of keywords; a single word in brackets may explain the one before
)

_YEAR = r"((?:19|20)\d\d)年"
# A sentence to whose end something was glued that goes on in the middle of one.
_GLUED = re.compile(r"[。！？!?][」』）)]*(?=[のがをにでと（(｜|])")
SHARED = 5  # titles; a tail of fewer may be what they mean to say

# 「2026年の投資」 and 「2030年に」 are about a year. In front of a whole headline it is a stamp, as in 【2026年版】.
_STAMP = re.compile(
    rf"[【\[［]?{_YEAR}(?:\d{{1,2}}月)?度?(?:版|最新|決定版)"
    rf"|^[【\[［]?{_YEAR}(?![のにはがをからまで以前後代度上下春夏秋冬末初問\d]|中[にはの])"
)
_FIRST_MONTH_OF_NEXT_EDITIONS = 11
_OPENING = 600  # characters
_LEAST_HEADLINE = 8  # word characters

_LABEL = re.compile(r"(?:タイトル|要約|概要|リード文?|抜粋|説明文)[ 　]?[:：]")
_ANNOUNCES = re.compile(
    r"^(?:本記事|この記事|本稿|当記事)(?:で)?は"
    r"|(?:解説|考察|深掘り)(?:し|いたし)?(?:ます|ていきます)?[。！]?$"
    r"|(?:可能性|未来|全貌|真相|真意|現実|本質|ジレンマ|方向性|展望|行方)[をに](?:探り|迫り|お届けし)ます[。！]?$"
)
_ENDS = "。．.！？!?…♪）)」』】"
_LEAST, _TAIL = 25, 20  # characters


def title_long(article: Reading, world: World) -> Iterator[Finding]:
    """Measures the whole title, with its label and deck: results, feeds and shares show it in one piece."""
    title = article.draft.title
    em = width(title)
    if em > TITLE_WIDTH:
        advice = f"検索結果や共有で切れないよう、{TITLE_WIDTH}字以内を目安にしてください。"
        yield Finding("title_long", 0, shortened(title), f"タイトルが全角{em:.0f}字分あります。{advice}")


def title_suffix(article: Reading, world: World) -> Iterator[Finding]:
    """Finds a tail of the house's list after a title that was complete without it: 「…とは？の最新動向」."""
    title = article.draft.title.strip()
    for tail in sorted(filter(None, world.words.tails), key=len, reverse=True):
        head = title.removesuffix(tail).rstrip()
        if head and head != title and (tail[0] in _PART_MARKS or _FINISHED.search(head[-200:])):
            message = f"タイトルの末尾の「{tail}」は決まり文句です。完結したタイトルの後に付いています。"
            yield Finding("title_suffix", 0, shortened(tail), message)
            return


def shared_tails(titles: Iterable[str]) -> list[tuple[str, int]]:
    """The tails after a finished sentence in SHARED titles or more, with the number of titles, commonest first."""
    tails = Counter(title[end[-1].end() :].strip() for title in titles if (end := list(_GLUED.finditer(title))))
    return [(tail, number) for tail, number in tails.most_common() if number >= SHARED]


def year(article: Reading, world: World) -> Iterator[Finding]:
    """Finds a year that is not the article's. In the last months of a year, an edition of the next one is right."""
    title, day = article.draft.title, article.draft.day
    if day is None:
        return
    for stamp in _STAMP.finditer(title):
        stated = int(stamp[1] or stamp[2])
        is_edition = stamp[0].endswith("版") and day.month >= _FIRST_MONTH_OF_NEXT_EDITIONS
        if stated == day.year or (is_edition and stated == day.year + 1):
            continue
        if stamp[1] or _stands_in_title_only(article, stated):
            message = f"タイトルに{stated}年とありますが、記事は{day.year}年のものです。"
            yield Finding("year", 0, shortened(title), message)
            return


def _stands_in_title_only(article: Reading, year: int) -> bool:
    """Whether the opening of the article does not name the year. An article about the fair of 2025年 names it again.

    It is enough if the excerpt or the first block begins with the headline without the year.
    """
    draft = article.draft
    headline = article.title_key.partition(f"{year}年")[2]
    for opening in (draft.excerpt, *(block.text for block in article.blocks[:1])):
        key = title_key(opening[:_OPENING])
        if len(key) >= _LEAST_HEADLINE and key in headline:
            return True
    return str(year) not in draft.excerpt + draft.body[:_OPENING]


def excerpt_template(article: Reading, world: World) -> Iterator[Finding]:
    """Finds excerpts with a label left over, cut from the body in mid-sentence, or with a stock announcement."""
    excerpt = article.draft.excerpt.strip()
    end = shortened(excerpt[-30:])
    if label := _LABEL.match(excerpt):
        message = f"リード文の頭に「{label[0].strip()}」が残っています。"
        yield Finding("excerpt_template", 0, shortened(excerpt), message)
    elif _is_cut_off(excerpt, article.draft.body):
        message = "リード文が本文の途中までの切り抜きです。文の終わりまで書いてください。"
        yield Finding("excerpt_template", 0, end, message)
    elif _ANNOUNCES.search(_last_sentence(excerpt)):
        message = "リード文が「〜を解説します」のような決まった形の予告です。記事が伝える事実や結論を書いてください。"
        yield Finding("excerpt_template", 0, end, message)


def _last_sentence(text: str) -> str:
    return text[text.rstrip("。！").rfind("。") + 1 :]


def _is_cut_off(excerpt: str, body: str) -> bool:
    """Whether the excerpt is a stretch of the body that ends in mid-sentence."""
    text = excerpt.removesuffix("...").removesuffix("…").rstrip()
    if len(text) < _LEAST or (text == excerpt and text[-1] in _ENDS):
        return False
    at = body.find(text[-_TAIL:])
    return at >= 0 and body[at + _TAIL : at + _TAIL + 1] not in ("", "\r", "\n", *_ENDS)


def title_used(article: Reading, world: World) -> Iterator[Finding]:
    key = article.title_key
    if key and (path := world.titles.get(key)):
        yield Finding("title_used", 0, shortened(article.draft.title), f"同じタイトルの記事があります：{path}")


def stands_elsewhere(article: Reading, world: World) -> Iterator[Finding]:
    """Leaves out small print, links and trailing sections, which stand under many articles on purpose."""
    if not world.paragraphs:
        return
    blocks = [block for block in article.article if block.kind in (Kind.PARAGRAPH, Kind.ITEM)]
    for block, key in zip(blocks, paragraph_keys([block.text for block in blocks]), strict=True):
        if not key or is_small_print(block.text) or is_link_only(block.text):
            continue
        if path := world.paragraphs.get(key):
            yield found("stands_elsewhere", block, f"この段落は別の記事にもあります：{path}")
