"""Where a line of the Markdown ends, readers see a space or none."""

import pytest

from blog.text.markdown import render_markdown


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("一文。\n次の文、\n**強**い。\nAI", "<p>一文。次の文、<strong>強</strong>い。AI</p>"),
        ("見出しのような行\n本文", "<p>見出しのような行\n本文</p>"),
        ("one.\ntwo", "<p>one.\ntwo</p>"),
        ("一行。  \n次の行", "<p>一行。<br>\n次の行</p>"),
    ],
)
def test_line_that_ends_a_sentence_leaves_no_space(source, rendered):
    assert render_markdown(source).html.strip() == rendered


def test_lines_of_code_stay_lines():
    for source in ("```\n値。\n次\n```", "<pre>値。\n次</pre>"):
        assert "値。\n次" in render_markdown(source).html
