"""Writing front matter, and editing it without a change to other lines."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blog.jekyll.files.emit import edit, emit
from blog.jekyll.files.yaml_text import parse_mapping
from blog.text.japanese import normalise

SOURCE = """\
# 編集メモ
layout: post
title:   '題'   # 仮
tags:
    - 'AI'
    - 'LLM'
excerpt: >-
  前の
  リード。

comparison: {a: 1, b: [x]}
related_articles:
  - slug: "2026-01-01-a"
    title: "古い"
description: 説明
# 終わり
"""


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"title": "新しい"}, "'題'   # 仮", "'新しい'   # 仮"),
        ({"title": "it's"}, "'題'", "'it''s'"),
        ({"title": "二\n行"}, "'題'", '"二\\n行"'),
        ({"description": "平文"}, "description: 説明", "description: 平文"),
        ({"description": "a: b"}, "description: 説明", 'description: "a: b"'),
        ({"description": None}, "description: 説明\n", ""),
        ({"excerpt": "後。"}, "前の\n  リード。\n\n", "後。\n"),
        ({"excerpt": "一。\n二。"}, ">-\n  前の\n  リード。\n\n", "|-\n  一。\n  二。\n"),
        ({"excerpt": None}, "excerpt: >-\n  前の\n  リード。\n\n", ""),
        ({"tags": ["C#", "a, b"]}, "- 'AI'\n    - 'LLM'", "- 'C#'\n    - 'a, b'"),
        ({"tags": []}, "tags:\n    - 'AI'\n    - 'LLM'", "tags: []"),
        ({"related_articles": None}, 'related_articles:\n  - slug: "2026-01-01-a"\n    title: "古い"\n', ""),
        (
            {"related_articles": [{"slug": "b", "reason": "理由"}]},
            '- slug: "2026-01-01-a"\n    title: "古い"',
            '- slug: "b"\n    reason: "理由"',
        ),
        ({"guid": "urn:x"}, "# 終わり\n", '# 終わり\nguid: "urn:x"\n'),
        ({"published": "false"}, "# 終わり\n", "# 終わり\npublished: false\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edit_changes_its_own_lines_only(changes, old, new, newline):
    assert SOURCE.count(old) == 1
    assert edit(SOURCE.replace("\n", newline), changes) == SOURCE.replace(old, new).replace("\n", newline)


def test_of_a_key_that_stands_twice_the_one_that_counts_is_edited_and_both_are_removed():
    source = "image: a\ntitle: t\nimage: b\n"
    assert edit(source, {"image": "c"}) == "image: a\ntitle: t\nimage: c\n"
    assert edit(source, {"image": None}) == "title: t\n"


def test_a_key_without_a_value_gets_one():
    assert edit("title: t\nexcerpt:\ntags: []\n", {"excerpt": "e"}) == 'title: t\nexcerpt: "e"\ntags: []\n'


@pytest.mark.parametrize(
    "source",
    [
        "{title: t, excerpt: e, odd: [1, {a: b}]}\n",
        "title: &same t\nexcerpt: *same\n",
        "title: &same\n  - a\nexcerpt: *same\n",
        "? title\n: t\nexcerpt: >+\n  e\n\n",
        '"title": t\n\'excerpt\': "e"',
        "  title: t\n  excerpt: e\n  odd:\n    - x: 1\n",
        "title: !!str t\nexcerpt: |2\n    e\n",
    ],
)
@pytest.mark.parametrize("changes", [{"title": "新"}, {"title": None}, {"more": ["a"]}, {"title": "a", "excerpt": "b"}])
def test_no_other_value_is_lost_however_the_yaml_is_written(source, changes):
    wanted = {key: value for key, value in (parse_mapping(source).values | changes).items() if value is not None}
    assert parse_mapping(edit(source, changes)).values == wanted


texts = st.text(max_size=30).map(normalise)
values = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
)


@settings(max_examples=100)
@example({"NULL": "a", "null": "b", "~": "c", "Nullable": "d"}, {"Null": "e"})
@given(st.dictionaries(texts.filter(bool), values, max_size=4), st.dictionaries(texts.filter(bool), values, max_size=3))
def test_what_is_written_is_read_back(written, changes):
    source = emit(written)
    assert parse_mapping(source).values == written
    assert parse_mapping(edit(source, changes)).values == written | changes
