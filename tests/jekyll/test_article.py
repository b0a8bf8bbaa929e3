from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from blog.jekyll.article import read_article
from blog.jekyll.config import Section, SiteConfig
from blog.jekyll.reading import Document, FileError, FileName, parse_moment
from blog.jekyll.yaml_text import parse_mapping

TOKYO = ZoneInfo("Asia/Tokyo")
NAME = FileName(date(2026, 4, 1), "article")
CONFIG = SiteConfig(author="既定", sections={"市場": Section("市場", "markets", "", 0)})
WHOLE = """\
title: 題
date: 2026-04-01
categories: [市場]
tags: [AI]
author: 筆者
excerpt: a
description: b
image: /c.png
"""


def read(text: str):
    return read_article(Document(parse_mapping(text, first_line=2), "", 1), NAME, CONFIG)


def codes(text: str) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.line) for finding in read(text).findings]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-11-30 02:31:43 +0000", datetime(2025, 11, 30, 2, 31, 43, tzinfo=UTC)),
        ("2025-11-30 02:31:43 +09:00", datetime(2025, 11, 29, 17, 31, 43, tzinfo=UTC)),
        ("2025-11-30T02:31:43Z", datetime(2025, 11, 30, 2, 31, 43, tzinfo=UTC)),
        ("2025-11-30T02:31:43.123-05:30", datetime(2025, 11, 30, 8, 1, 43, 123000, tzinfo=UTC)),
        ("2025-11-30 02:31 JST", datetime(2025, 11, 29, 17, 31, tzinfo=UTC)),
        ("2025-11-30 02:31:43", datetime(2025, 11, 29, 17, 31, 43, tzinfo=UTC)),
        ("2025-11-30", datetime(2025, 11, 29, 15, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_every_form(written, moment):
    assert parse_moment(written, TOKYO) == moment


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("date: 2026-04-01\n", None, "no title"),
        ("a: b\ntitle: ''\n", 3, "no title"),
        ("title: [a]\n", 2, "no title"),
        ("title: a\ndate: soon\n", 3, "date cannot be read: 'soon'"),
        ("title: a\ndate:\n", 3, "date cannot be read"),
        ("title: a\nlast_modified_at: soon\n", 3, "last_modified_at cannot be read"),
        (f"title: a\nauthor: {'b' * 101}\n", 3, "author is longer"),
        (f"title: a\ncategories: [{'b' * 101}]\n", 3, "categories is longer"),
    ],
)
def test_what_an_article_cannot_do_without_is_refused_with_its_line(text, line, reason):
    with pytest.raises(FileError, match=reason) as error:
        read(text)

    assert error.value.line == line


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("colour: red\n", ("unknown_key", 10)),
        ("image: /d.png\n", ("duplicate_key", 10)),
        ("guid: [a]\n", ("not_text", 10)),
        ("pillar_article: {title: a}\n", ("not_an_article", 10)),
        (f"tags: [{'a' * 101}]\n", ("long_tag", 10)),
        (f"tags: [{', '.join(map(str, range(101)))}]\n", ("many_tags", 10)),
    ],
)
def test_odd_values_are_noted_with_their_line(text, finding):
    assert finding in codes(WHOLE + text)


def test_the_first_category_is_the_section_and_the_others_become_tags():
    article = read("title: a\ncategories: [市場, 技術, AI]\ntags: [AI, LLM]\n")

    assert (article.section, article.tags) == ("市場", ["AI", "LLM", "技術"])
    assert ("several_categories", 3) in [(finding.code, finding.line) for finding in article.findings]


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ('["技術: LLM", "Google AI", C++, C#, 生成AI・活用]', ["技術: LLM", "Google AI", "C++", "C#", "生成AI・活用"]),
        ("[LLM, AI, LLM, '', ~]", ["LLM", "AI"]),
        ("[2026, yes, 1.10]", ["2026", "yes", "1.10"]),
        ("Google AI、LLM", ["Google AI", "LLM"]),
        ("[か\u3099]", ["が"]),
        ("[[a], {b: c}, d]", ["d"]),
    ],
)
def test_tags_are_the_writers_in_their_order(written, tags):
    assert read(f"title: a\ntags: {written}\n").tags == tags


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("robots: noindex", "noindex", True),
        ("robots: 'NOINDEX, follow'", "noindex", True),
        ("robots: [noindex]", "noindex", True),
        ("robots: index", "noindex", False),
        ("sitemap: false", "in_sitemap", False),
        ("sitemap: true", "in_sitemap", True),
        ("published: false", "is_draft", True),
        ("published: 'false'", "is_draft", True),
        ("published: true", "is_draft", False),
        ("redirect_from: /a/", "redirect_from", ["/a/"]),
        ("redirect_from: [/a/, /b/]", "redirect_from", ["/a/", "/b/"]),
        ("image: {path: /a.png, width: 1}", "share_image", "/a.png"),
        ("related_articles: [{slug: a, title: b, reason: c}, d]", "related", [("a", "c"), ("d", "")]),
        ("pillar_article: {slug: a, title: b}", "pillar", "a"),
        ("reading_time: 12", "reading_time", "12"),
    ],
)
def test_values_are_read(text, field, value):
    article = read(f"title: a\n{text}\n")
    assert (article.values[field] if field in article.values else getattr(article, field)) == value
