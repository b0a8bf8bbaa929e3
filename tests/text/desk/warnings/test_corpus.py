"""The warnings on 400 real articles, counted once more by plainer rules; without CORPUS_DIR these are skipped.

The recounts know no Markdown: they go over lines and over stretches between blank lines.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from blog.text.desk import Draft, Finding, HouseWords, World, apply, check, mentions
from blog.text.desk.findings import WARNINGS
from tests.text.desk.warnings.breaks import Breaks, bare


@dataclass(frozen=True)
class Article:
    draft: Draft
    lines: list[str]  # of the body, without blank ones and rules
    stretches: list[str]  # of the body, between blank lines and before each mark
    tails: tuple[str, ...]
    elsewhere: frozenset[str]  # the titles and long stretches, bare, that other articles have too
    breaks: Breaks
    findings: list[Finding]


@pytest.fixture(scope="module")
def articles(corpus: Path) -> list[Article]:
    drafts = list(_drafts(corpus))
    tails = _tails([draft.title for draft in drafts])
    titles = Counter(key for draft in drafts for key in mentions(draft).titles)
    paragraphs = Counter(key for draft in drafts for key in mentions(draft).paragraphs)
    world = World(
        own_origin="https://magazine.example",
        titles={key: "/another/" for key, articles in titles.items() if articles > 1},
        paragraphs={key: "/another/" for key, articles in paragraphs.items() if articles > 1},
        words=HouseWords(tails=tails),
    )
    every = Counter(text for draft in drafts for text in _bare_texts(draft))
    elsewhere = frozenset(text for text, articles in every.items() if articles > 1)
    return [_article(draft, tails, elsewhere, world) for draft in drafts]


def _article(draft: Draft, tails: tuple[str, ...], elsewhere: frozenset[str], world: World) -> Article:
    return Article(
        draft,
        [line for line in _body(draft).split("\n") if line.strip()],
        _stretches(draft),
        tails,
        elsewhere,
        Breaks(draft.body),
        [finding for finding in check(draft, world) if finding.code in WARNINGS],
    )


def _body(draft: Draft) -> str:
    body = re.sub(r"^```.*?^```$", "code", draft.body, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^---$", "", body, flags=re.MULTILINE)


def _stretches(draft: Draft) -> list[str]:
    return re.split(rf"\n\s*\n|\n(?={MARK})", _body(draft).strip())


def _bare_texts(draft: Draft) -> set[str]:
    return {bare(draft.title), *(text for stretch in _stretches(draft) if len(text := bare(stretch)) >= 40)}


# Of a heading, a list, a table, a conflict, the old site's end.
MARK = r"\s*(?:#+ |[-*] |\d+\. |\||-{3}|<{3}|>{3}|={3})"


def _drafts(corpus: Path) -> Iterator[Draft]:
    for post in json.loads((corpus / "expected.json").read_text("utf-8"))["posts"]:
        source = (corpus / "_posts" / post["file"]).read_text("utf-8")
        year, month, day = map(int, post["permalink"].split("/")[1:4])
        yield Draft(
            title=post["title"],
            excerpt=post["excerpt"] or "",
            body=source.split("\n---\n", 1)[1],
            day=date(year, month, day),
        )


def _tails(titles: list[str]) -> tuple[str, ...]:
    """What stands behind the question mark of ten titles or more."""
    behind = Counter(title.rpartition("？")[2] for title in titles if "？" in title)
    return tuple(tail for tail, times in behind.items() if times >= 10 and tail)


def headings(article: Article) -> list[int]:
    lines = [line for line in article.lines if re.match(r"#{1,6} ", line) and "あわせて読みたい" not in line]
    return [len(line) - len(line.lstrip("#")) for line in lines]


def first_levels(article: Article) -> int:
    return headings(article).count(1)


def jumps(article: Article) -> int:
    """The headline once more is no heading of the article."""
    begins_with_headline = article.lines and bare(article.lines[0]) in bare(article.draft.title)
    of_article = headings(article)[bool(begins_with_headline and re.match("#+ ", article.lines[0])) :]
    levels = [1, *(max(level, 2) for level in of_article)]
    return sum(below > above + 1 for above, below in pairwise(levels))


def odd_asterisks(article: Article) -> int:
    return sum(stretch.count("**") % 2 for stretch in article.stretches)


def long_stretches(article: Article) -> int:
    texts = (stretch for stretch in article.stretches if not re.match(f"{MARK}|>", stretch))
    return sum(len(text) > 1_000 for text in texts)


def wide_titles(article: Article) -> int:
    """The two bytes of a Japanese letter in the old encoding are as wide as two Latin ones."""
    return len(article.draft.title.encode("cp932", "replace")) > 64


def false_years(article: Article) -> int:
    stamp = re.match(r"【?(20\d\d)年", article.draft.title)
    if not stamp or article.draft.title[stamp.end()] in "のにはま0123456789":
        return 0
    return int(stamp[1]) != article.draft.day.year


def used_titles(article: Article) -> int:
    return bare(article.draft.title) in article.elsewhere


def stretches_of_others(article: Article) -> int:
    """Calls to action and books, with a link below, and links by themselves stand under many articles."""
    followed = zip(article.stretches, [*article.stretches[1:], ""], [*article.stretches[2:], "", ""], strict=True)
    return sum(
        bare(stretch) in article.elsewhere
        and not re.match(r"#|\*?※|[-* ]*\[", stretch)
        and not re.search("utm_medium=cta|amazon", below + next_below)
        for stretch, below, next_below in followed
    )


def wide_figures(article: Article) -> int:
    """Where narrow ones stand too. Quotations and links are left out."""
    lines = [re.sub("「[^「」]*」", "", line) for line in article.lines if "](" not in line]
    has_narrow = any(re.search("(?<![!-~])[0-9](?![!-~])", line) for line in lines)
    return sum(len(re.findall("[０-９]+", line)) for line in lines) if has_narrow else 0


def tails_behind_an_end(article: Article) -> int:
    """The tail follows a sign, a question, a verb or a list of names."""
    heads = (article.draft.title.removesuffix(tail) for tail in article.tails if article.draft.title.endswith(tail))
    return any(
        head[-1] in "？！。」』】…うくすつむる" or head.endswith(("か", "とは")) or re.search("（.*[・、].*）$", head)
        for head in heads
    )


def stock_excerpts(article: Article) -> int:
    """The excerpt says what the article does, or what it is, or stops where the body goes on."""
    excerpt = article.draft.excerpt.strip()
    if excerpt.startswith("タイトル：") or re.search("(?:^|。)(?:本記事|この記事|本稿)[^。]*。?$", excerpt):
        return 1
    if re.search("(?:解説|考察|深掘り)(?:します|していきます)?。?$|[をに](?:探り|迫り|お届けし)ます。?$", excerpt):
        return 1
    text = excerpt.removesuffix("...")
    rest = article.draft.body.partition(text[-20:])[2] if text[-1:] not in "。？！…」）" else ""
    return rest[:1] not in ("", "\n", "。", "？", "！")


def question_and_tail(article: Article) -> int:
    return any(article.draft.title.endswith("？" + tail) for tail in article.tails)


def repeated_headlines(article: Article) -> int:
    title = bare(article.draft.title)
    first = bare(article.lines[0])
    excerpt = bare(article.draft.excerpt)
    in_title = [text for text in (first, excerpt) if len(text) > 14 and text in title]
    return len(in_title) or int(len(first) > 14 and first == excerpt)


def foreign_signs(article: Article) -> int:
    found = 0
    for text in (article.draft.title, article.draft.excerpt, *article.lines):
        visible = re.sub(r"\]\([^)]*\)", "]", text)
        scripts = [unicodedata.name(char, "REPLACEMENT").split()[0] for char in visible]
        kinds = ["f" if script in FOREIGN else "j" if script in JAPANESE else " " for script in scripts]
        found += len(re.findall("(?<=j)f+|f+(?=j)", "".join(kinds))) + visible.count("\ufffd")
    return found


FOREIGN = ("HANGUL", "CYRILLIC", "DEVANAGARI", "ETHIOPIC", "ARABIC", "THAI", "HEBREW", "BENGALI", "TAMIL", "TELUGU")
JAPANESE = ("HIRAGANA", "KATAKANA", "CJK", "LATIN")


def marked_texts(article: Article) -> int:
    fields = sum(
        re.search(r"^#+ |\*\*|`|\]\(", text) is not None for text in (article.draft.title, article.draft.excerpt)
    )
    glued = sum(re.match(r"#+(?:\*\*|(?<=##)[^ #])", line) is not None for line in article.lines)
    in_lines = sum(re.search(r"[。！？] ?##+ \S", line) is not None for line in article.lines)
    return fields + glued + in_lines + sum('["](' in line for line in article.lines)


def empty_sections(article: Article) -> int:
    levels = [len(line) - len(line.lstrip("#")) if re.match(r"#{1,6} ", line) else 9 for line in article.lines]
    if article.lines and bare(article.lines[0]) in bare(article.draft.title):  # the headline, which is no section
        levels[0] = 9
    return sum(level < 9 and below <= max(level, 2) for level, below in zip(levels, [*levels[1:], 0], strict=True))


def cut_paragraphs(article: Article) -> int:
    return len(article.breaks.cut)


def paragraphs_begun_inside(article: Article) -> int:
    return len(article.breaks.inside)


def pictures(article: Article) -> int:
    return article.draft.body.count("![") + article.draft.body.count("<img")


RECOUNTS: dict[str, Callable[[Article], int]] = {
    "h1": first_levels,
    "jump": jumps,
    "bold": odd_asterisks,
    "cut_inside": cut_paragraphs,
    "starts_inside": paragraphs_begun_inside,
    "run_on": long_stretches,
    "title_long": wide_titles,
    "year": false_years,
    "head_repeat": repeated_headlines,
    "foreign": foreign_signs,
    "markup": marked_texts,
    "empty_section": empty_sections,
    "title_used": used_titles,
    "title_suffix": tails_behind_an_end,
    "excerpt_template": stock_excerpts,
    "stands_elsewhere": stretches_of_others,
    "width": wide_figures,
    "alt": pictures,
    "external_image": pictures,
}


def test_counts_agree_with_plainer_ones(articles):
    ours = Counter(finding.code for article in articles for finding in article.findings)
    bearing = Counter(code for article in articles for code in {finding.code for finding in article.findings})
    plain = {code: sum(recount(article) for article in articles) for code, recount in RECOUNTS.items()}
    table = [f"{code:18}{ours[code]:6}{bearing[code]:6}{plain.get(code, ''):>6}" for code in WARNINGS]
    sys.stdout.write("\n".join(["", "code            found  in articles  plainly", *table, ""]))
    apart = {code: (ours[code], number) for code, number in plain.items() if abs(ours[code] - number) > 0.02 * number}
    assert apart == {}


def test_every_title_with_a_question_and_a_stock_tail_is_found(articles):
    missed = [
        article.draft.title
        for article in articles
        if question_and_tail(article) and not any(finding.code == "title_suffix" for finding in article.findings)
    ]
    assert missed == []
    assert sum(map(question_and_tail, articles)) > 100


def test_fixes_take_away_nothing_but_marks_and_headlines_that_stand_in_the_title(articles):
    for article in articles:
        fixed = _fixed(_fixed(article.draft))  # the first heading may be another once the headline is gone
        before, after, title = bare(article.draft.body), bare(fixed.body), bare(article.draft.title)
        assert before.endswith(after), article.draft.title
        assert before.removesuffix(after) in title
        assert (bare(fixed.title), bare(fixed.excerpt)) == (title, bare(article.draft.excerpt))
        assert _fixed(fixed) == fixed, article.draft.title


def _fixed(draft: Draft) -> Draft:
    findings = [finding for finding in check(draft, World()) if finding.code in WARNINGS]
    return apply(draft, [edit for finding in findings for edit in finding.fix])
