"""Comments go as they do on the page; what only looks like one stays."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blog.text.markdown import render_markdown
from blog.text.markup import without_comments


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("前<!-- 秘密 -->後", "前後"),
        ("<!-- 秘密", ""),
        ("本文\n\n<!-- 秘密\n\nまだ秘密", "本文\n\n"),
        ("本文 <!-- 終わらない", "本文 <!-- 終わらない"),
        ("`<!-- 例 -->`", "`<!-- 例 -->`"),
        ("````\n```\n<!-- 例 -->\n````", "````\n```\n<!-- 例 -->\n````"),
        ("<!-- ```\n秘密 -->\n<!-- 秘密 -->", "\n"),
        ("``<!-- 例 -->``", "``<!-- 例 -->``"),
        ("`\n`<!-- 秘密 -->`", "`\n``"),
        ("例```\n```\n```\n<!-- 秘密 -->", "例```\n```\n```\n"),
        ("`\n\n`<!-- 例 -->`", "`\n\n`<!-- 例 -->`"),
        ("<!-- 秘密 -->`<!-- 秘密 -->`", "``"),
    ],
)
def test_comments_go_and_the_rest_stays(body, kept):
    assert without_comments(body) == kept


INFO = re.compile(r"(?m)^`{3,}[^`\n]*$")  # the language of a block of code, which is shown by its colours
PIECES = st.sampled_from(["<!-- 秘密 -->", "秘密", "\n", "\n\n", "`", "```\n", "文。"])


@example("````秘密")
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_more_words_stay_than_the_page_shows(body):
    shown = re.sub("<[^>]*>", "", render_markdown(body).html)
    kept = INFO.sub("", without_comments(body))
    assert kept.count("秘密") <= shown.count("秘密")
