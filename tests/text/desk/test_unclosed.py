"""What a text opens and does not close: code blocks, which show the rest as code, and comments, which hide it."""

import pytest

from blog.text.markdown import render_markdown
from tests.cost import cpu_seconds
from tests.text.desk.texts import END, OTHER, fixed, found

CODE = "import math\n\n# 面積を求める\narea = math.pi * 2 ** 2"
OPEN_FENCES = (
    (f"```python\n{CODE}\n\n{OTHER}\n\n## 次\n\n{END}", f"```python\n{CODE}\n```\n\n{OTHER}\n\n## 次\n\n{END}"),
    (f"```\n{CODE}\n\n## 次の見出し\n\n{END}", f"```\n{CODE}\n```\n\n## 次の見出し\n\n{END}"),
    (f"~~~\n{CODE}\n```\n\n{OTHER}", f"~~~\n{CODE}\n```\n~~~\n\n{OTHER}"),
    (f"````\n{CODE}\n```\n\n{OTHER}", f"````\n{CODE}\n```\n````\n\n{OTHER}"),
    (f"```{CODE}", f"```{CODE}\n```"),
    ("```", "```\n```"),
    (f"```\n{CODE}　", f"```\n{CODE}　\n```"),
    (f"```\n{CODE}\n```\n\n```js\nlet a = 1", f"```\n{CODE}\n```\n\n```js\nlet a = 1\n```"),
    (f"- 手順\n\n  ```\n  {CODE[:11]}", f"- 手順\n\n  ```\n  {CODE[:11]}\n  ```"),
    (
        f"```\n{CODE}\n\n---\n\n## 関連記事\n\n- [別](/b/)",
        f"```\n{CODE}\n```\n\n---\n\n## 関連記事\n\n- [別](/b/)",
    ),
)
CLOSED_FENCES = (
    f"```python\n{CODE}\n```",
    f"~~~\n{CODE}\n~~~",
    f"````\n```\n{CODE}\n```\n````",
    f"```\n{CODE}\n``````",
    "```\n```",
    "``` `code` ```",
    "`` ` ``",
    "    ```\n    字下げした見本",
    f"- 手順\n\n  ```\n  {CODE[:11]}\n  ```",
    f"- ```python\n  {CODE[:11]}\n  ```\n- 手順",
    "波ダッシュ~~~ではない。",
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


OPEN_COMMENTS = (
    f"{OTHER}\n\n<!-- あとで書く\n\n{END}",
    f"{OTHER}\n<!-- あとで書く\n{END}",
    f"{OTHER}\n\n<!-- 図1 --> <!-- あとで書く\n\n{END}",
    f"{OTHER}\n\n<!-- あとで書く -- >\n\n{END}",
    f"{OTHER}\n\n   <!--\n電力の費用\n\n{END}",
    f"{OTHER}\n\n<div>\n<!-- 図\n\n-->\n\n</div>\n\n{END}",
    f"{OTHER}\n\n> <!-- 引用の出典\n\n{END}",
    f"{OTHER}\n\n- <!-- 項目を足す\n\n{END}",
    f"{OTHER}\n\n- 電力\n  <!-- 項目を足す\n- 費用\n\n{END}",
    f"- 電力\n    <!-- 項目を足す\n\n{END}",
    f"- <!-- 図 -->\n  <!-- 項目を足す\n\n{END}",
    f"- <!-- 項目を足す\n\n{END} -->",
    f"- <!-- 項目を\n\n  足す\n\n{END}\n\n- <!-- 図 -->",
    f"- ~~~\n  電力\n- <!-- 項目を足す\n\n{END}",
    f'<p title="図">\n<!-- 出典\n\n{END}',
)
CLOSED_COMMENTS = (
    "<!-- あとで書く -->",
    f"<!-- あとで書く\n\n{OTHER}\n\n-->",
    "<!-- 図1 --> <!-- 図2 -->",
    "<!-->",
    "<div>\n<!-- 図 -->\n</div>",
    "> <!-- 引用の出典 -->",
    "- <!-- 項目を\n  足す -->",
    "- <!-- 項目を\n\n  足す -->",
    "1. <!-- 項目を\n\n   足す\n\n   次も -->",
    "- 電力\n  - <!-- 項目を\n\n    足す -->",
    "- <!-- 図 -->\n  <!-- 出典 -->",
    "-      <!-- 字下げした見本",
    "- 電力\n      <!-- 深い字下げ",
    "- ~~~\n  <!-- 見本\n  ~~~",
    "- ```html\n\n  <!-- 見本\n  ```",
    "- 電力\n  ~~~\n  <!-- 見本\n  ~~~",
    "> ~~~\n> <!-- 見本\n> ~~~",
    '<p title="<!--">電力</p>',
    "- <!-- 項目を足す --!>",
    "> <!-- 引用の出典 --!>",
    "<div>\n<!-- 図 --!>\n</div>",
    "文の中の<!-- 記号はそのまま見える。",
    "`<!--`はコメントを始める。",
    "- `<!--`はコメントを始める。",
    "    <!-- 字下げした見本",
    "```\n<!-- 見本\n```",
    "> ```\n> <!-- 見本\n> ```",
    "| 記号 |\n|---|\n| <!-- |",
)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("body", OPEN_COMMENTS)
def test_open_comment_is_found_and_left_to_the_editor(body, line_end):
    assert "".join(END.split()) not in "".join(render_markdown(body).html.split())
    (finding,) = found(body.replace("\n", line_end), "fence")
    assert body.split("\n")[finding.line - 1].endswith(finding.excerpt.split("…")[0])
    assert finding.fix == ()


@pytest.mark.parametrize("end", ["", "\n", "\n\n \n"])
def test_open_comment_above_nothing_hides_nothing(end):
    assert found(f"{OTHER}\n\n<!-- あとで書く{end}", "fence") == []


@pytest.mark.parametrize("body", CLOSED_COMMENTS)
def test_comment_that_hides_nothing_else_passes(body):
    assert found(f"{body}\n\n{END}", "fence") == []
    assert END[:20] in render_markdown(f"{body}\n\n{END}").html


def test_comment_with_a_wrong_end_is_told_as_what_readers_see():
    body = f"<!-- あとで書く --!>\n\n**{END}**"
    assert f"**{END}**" in render_markdown(body).html
    (finding,) = found(body, "fence")
    assert "「--!>」" in finding.message
    assert "見えません" not in finding.message


@pytest.mark.parametrize(
    "unit", ["- <!--\n\n", "  - <!--\n\n", "- ```\n", "- ```\n\n", "> <!--\n", "<p title='<!--'\n\n"]
)
def test_endless_openings_are_read_once(unit):
    with cpu_seconds(2, f"the openings of {unit!r}"):
        found(f"{unit * 40_000}  -->", "fence")
