"""What a text opens and does not close: code, which shows the rest as code, and comments and tags, which hide it."""

import pytest

from tests.text.desk.texts import END, OTHER, fixed, found

CODE = "import math\n\n# 面積を求める\narea = math.pi * 2 ** 2"
OPEN_FENCES = (
    (f"```python\n{CODE}\n\n{OTHER}\n\n## 次\n\n{END}", f"```python\n{CODE}\n```\n\n{OTHER}\n\n## 次\n\n{END}"),
    (f"```\n{CODE}\n\n## 次の見出し\n\n{END}", f"```\n{CODE}\n```\n\n## 次の見出し\n\n{END}"),
    (f"~~~\n{CODE}\n```\n\n{OTHER}", f"~~~\n{CODE}\n```\n~~~\n\n{OTHER}"),
    (f"```{CODE}", f"```{CODE}\n```"),
    ("```", "```\n```"),
    (f"- 手順\n\n  ```\n  {CODE[:11]}", f"- 手順\n\n  ```\n  {CODE[:11]}\n  ```"),
    (
        f"```\n{CODE}\n\n---\n\n## 関連記事\n\n- [別](/b/)",
        f"```\n{CODE}\n```\n\n---\n\n## 関連記事\n\n- [別](/b/)",
    ),
)
CLOSED_FENCES = (
    f"```python\n{CODE}\n```",
    f"````\n```\n{CODE}\n```\n````",
    "``` `code` ```",
    f"- 手順\n\n  ```\n  {CODE[:11]}\n  ```",
    f"- ```python\n  {CODE[:11]}\n  ```\n- 手順",
    "> ```\n> 引用の中の見本",
)


@pytest.mark.parametrize(("body", "closed"), OPEN_FENCES)
def test_open_code_block_is_found_and_closed_where_prose_begins_again(body, closed):
    assert len(found(body, "fence")) == 1
    assert fixed(body, "fence") == closed
    assert found(closed, "fence") == []


@pytest.mark.parametrize(("body", "closed"), [row for row in OPEN_FENCES if "\n" in row[0]])
def test_open_code_block_with_line_ends_of_windows_is_closed_in_the_same_place(body, closed):
    assert fixed(body.replace("\n", "\r\n"), "fence") == closed.replace("\n", "\r\n")


@pytest.mark.parametrize("body", CLOSED_FENCES)
def test_closed_code_block_passes(body):
    assert found(body, "fence") == []


OPEN = (
    "<!-- あとで書く",
    "   <!--\n電力の費用",
    '<div title="図',
    "<pre>\n電力",
    "<script>\nlet a",
)
CLOSED = (
    "<!-- あとで書く -->",
    f"<!-- あとで書く\n\n{OTHER}\n\n-->",
    "<div>\n<!-- 図 -->\n</div>",
    "`<!--` は印である。",
    "文の中の <!-- は文字として出る。",
    "```\n<!--\n```",
    "<pre>\n電力\n\n費用\n</pre>",
)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("opening", OPEN)
def test_comment_or_tag_that_hides_what_follows_is_found_and_left_to_the_editor(opening, line_end):
    body = f"{OTHER}\n\n{opening}\n\n{END}".replace("\n", line_end)
    (finding,) = found(body, "fence")
    assert finding.line >= 3
    assert fixed(body, "fence") == body


@pytest.mark.parametrize("text", CLOSED)
def test_what_hides_nothing_else_passes(text):
    assert found(f"{OTHER}\n\n{text}\n\n{END}", "fence") == []
