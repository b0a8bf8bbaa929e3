"""Which languages are coloured, and that no text makes one of them expensive."""

import pytest
from pygments.lexers import get_all_lexers

from blog.text.highlight import LANGUAGES, MAX_COLOURED_CHARS, MAX_COLOURED_LINES, code_block, is_coloured
from blog.text.markdown import render_markdown
from tests.cost import cpu_seconds

# What lexers were found slow on, out of all pairs of the signs of programming languages.
UNITS = (
    *("(", "{", "<", '"', "'", "\\", "$", "&", "@", ":", ".", "_", "あ", "a ", "a.", "a::", "0::", ": ", "<!--", "/*"),
    *('\\"', "'\\", 'R"(', '"""', "#/*", "@!", "[ ", "$&a;", "?_", "```tnt\n"),
)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_text_makes_a_language_on_the_list_expensive(language):
    for unit in UNITS:
        code = (unit * MAX_COLOURED_CHARS)[:MAX_COLOURED_CHARS] if "\n" not in unit else unit * MAX_COLOURED_LINES
        assert is_coloured(code, language)
        with cpu_seconds(at_most=5, what=repr(unit)):
            code_block(code, language)


@pytest.mark.parametrize(("chars", "coloured"), [(MAX_COLOURED_CHARS, 1), (3_000, 2), (800, 27)])
def test_colouring_takes_no_more_than_most_of_what_an_article_may(chars, coloured):
    code = "x = 1 " * 1_000
    rendered = render_markdown(f"```python\n{code[: chars - 1]}\n```\n\n" * 40).html
    assert rendered.count("<pre") == 40
    assert sum("<span" in block for block in rendered.split("<pre")) == coloured


@pytest.mark.parametrize(
    "name",
    ["py", "Python", "js", "ts", "c++", "c#", "golang", "rs", "sh", "shell", "yml", "dockerfile", "jl", "r", "md"],
)
def test_names_that_writers_use_are_known(name):
    assert "<span" in code_block("x = 1 # a\n- a: [b](c)\nFROM a\n", name)


@pytest.mark.parametrize("language", ["tnt", "devicetree", "basemake", "desktop", "lilypond", "php", "http", "text"])
def test_language_that_is_not_on_the_list_is_plain(language):
    assert "<span" not in render_markdown(f'<pre><code class="language-{language}">!</code></pre>').html
    assert "<span" not in render_markdown(f"```{language}\n!\n```").html


def test_code_of_other_languages_inside_one_on_the_list_is_not_handed_on():
    rendered = render_markdown("````markdown\n```tnt\n!\n```\n````").html
    assert "!" in rendered


def test_every_language_on_the_list_is_one_of_pygments():
    assert {alias for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases} >= LANGUAGES


@pytest.mark.parametrize(
    "code",
    ["x" * (MAX_COLOURED_CHARS + 1), "x\n" * (MAX_COLOURED_LINES + 1), f"x{' ' * 100}x"],
    ids=["long", "lines", "desert"],
)
def test_code_that_is_too_large_or_empty_is_plain(code):
    assert "<span" not in code_block(code, "python")
    assert code in code_block(code, "python")
