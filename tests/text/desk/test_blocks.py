"""A body read into blocks, and the sections that trail it."""

import textwrap

import pytest

from blog.text.desk import Draft
from blog.text.desk.blocks import MAX_BLOCKS, Kind, read_blocks
from blog.text.desk.reading import Reading

BODY = textwrap.dedent("""\
    # 題

    最初の段落。
    二行目。
    ---
    ## 見出し ##
    本文
    - 項目
      続き
    - 項目二

      項目二の段落
    1. 番号

    | 名前 | 値 |
    |---|--:|
    | 甲 | 1 |

    ```python
    # 注釈

    - 項目ではない
    ```
    > 引用
    > 続き

        字下げ

    <div>
    # 見出しではない
    </div>

    <!-- 消した

    段落 -->
    {% include note.html %}
    [^1]: 注
    <<<<<<< ours
    甲
    =======
    乙
    >>>>>>> theirs
    ---END---
    """)


def kinds(body: str) -> list[str]:
    return [block.kind for block in read_blocks(body)]


def test_every_kind_of_block_is_read():
    expected = [
        *("heading", "paragraph", "rule", "heading", "paragraph", "item", "item", "paragraph", "item", "table"),
        *("fence", "quote", "code", "html", "html", "template", "definition", "marker", "paragraph", "marker"),
        *("paragraph", "marker", "marker"),
    ]
    assert kinds(BODY) == expected


def test_blocks_know_their_lines_and_places():
    lines = BODY.split("\n")
    for block in read_blocks(BODY):
        assert lines[block.line - 1].endswith(block.text.split("\n")[0]) or block.kind is Kind.HEADING
        assert BODY[block.text_start :].startswith(block.text)
        assert block.start <= block.text_start <= block.end


def test_marks_are_not_part_of_the_text():
    texts = [block.text for block in read_blocks("## 題 #\n- 甲\n10) 乙\n#\n#C# は言語")]
    assert texts == ["題", "甲", "乙", "", "#C# は言語"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("前年の\n2025. 年の話", ["paragraph"]),
        ("前の行\n1. 項目", ["paragraph", "item"]),
        ("段落\n    字下げ", ["paragraph"]),
        ("- 項目\n\n段落\n\n    字下げ", ["item", "paragraph", "code"]),
        ("#題ではない", ["paragraph"]),
        ("* * *\n***\n___", ["rule", "rule", "rule"]),
        ("`````\n```\n段落", ["fence"]),
        ("~~~\n```\n~~~\n段落", ["fence", "paragraph"]),
        ("> 引用\n続き\n\n段落", ["quote", "paragraph"]),
        ("段落\na | b\n--|--\nc | d", ["paragraph", "table"]),
        ("<span>\n段落", ["html"]),
        ("<pre>\n\n# 題\n</pre>\n段落", ["html", "paragraph"]),
        ("<?php\n\n# 題\n?>\n段落", ["html", "paragraph"]),
        ("段落\n<!DOCTYPE\n\n# 題>\n段落", ["paragraph", "html", "paragraph"]),
        ('<img alt="図>\n# 題', ["paragraph", "heading"]),
        ("<ruby>漢<rt>かん</rt></ruby>\n# 題", ["paragraph", "heading"]),
        ("段落\n<video src=/a.mp4>\n# 題", ["paragraph", "heading"]),
        ("<<<<<<<<", ["paragraph"]),
        ("--- end ---", ["marker"]),
        ("", []),
    ],
)
def test_blocks_begin_and_end_as_in_commonmark(body, expected):
    assert kinds(body) == expected


def test_no_more_than_a_bounded_number_of_blocks_is_read():
    assert len(read_blocks("-\n" * (MAX_BLOCKS + 5))) == MAX_BLOCKS


RELATED = "---\n\n## 関連記事\n\n- [別の記事](/2026/01/02/other/)\n- [もう一つ](/2026/01/03/third/)\n\n"
CALL = "---\n\n## ご相談ください\n\nお気軽にどうぞ。\n\n[窓口](/contact/?utm_medium=cta)\n{: .consulting-cta-link}\n\n"


def article(body: str) -> list[str]:
    return [block.text for block in Reading.of(Draft(body=body)).article]


def test_a_section_of_the_article_does_not_trail():
    body = "## 関連記事の探し方\n\n検索窓を使います。\n\n## 本の選び方\n\n- [本](/a/) を読む\n\n---\n\n※ 注です。"
    trailing = {Reading.of(Draft(body=body)).blocks[at].text for at in Reading.of(Draft(body=body)).trailing}
    assert trailing <= {"関連記事の探し方"}
    assert "検索窓を使います。" in article(body)
