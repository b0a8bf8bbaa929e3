"""Which languages are coloured, and that no text makes one of them expensive."""

import pytest

from blog.text.highlight import MAX_COLOURED_CHARS
from blog.text.markdown import render_markdown


@pytest.mark.parametrize(("chars", "coloured"), [(MAX_COLOURED_CHARS, 1), (3_000, 2), (800, 27)])
def test_colouring_takes_no_more_than_most_of_what_an_article_may(chars, coloured):
    code = "x = 1 " * 1_000
    rendered = render_markdown(f"```python\n{code[: chars - 1]}\n```\n\n" * 40).html
    assert rendered.count("<pre") == 40
    assert sum("<span" in block for block in rendered.split("<pre")) == coloured


@pytest.mark.parametrize("language", ["tnt", "devicetree", "basemake", "desktop", "lilypond", "php", "http", "text"])
def test_language_that_is_not_on_the_list_is_plain(language):
    assert "<span" not in render_markdown(f'<pre><code class="language-{language}">!</code></pre>').html
    assert "<span" not in render_markdown(f"```{language}\n!\n```").html
