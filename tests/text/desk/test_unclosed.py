"""What a text opens and does not close: code, which shows the rest as code, and comments and tags, which hide it."""

import pytest

from blog.text.desk import check
from blog.text.markdown import render_markdown
from tests.cost import cpu_seconds, least_cpu_seconds
from tests.text.desk.texts import END, KNOWING, LONG, OTHER, draft, fixed, found

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
    f"- `図`\n  <!-- 項目を足す\n\n{END}",
    f"- `<!--`\n  <!-- `-->` <!-- 項目を足す\n\n{END}",
    f"- <!-- `-->`\n  電力\n  <!-- 項目を足す\n\n{END}",
    f"- 電力\n  > `図`\n  > <!-- 出典\n\n{END}",
    f"- <!-- 項目を足す\n\n{END} -->",
    f"- <!-- 項目を\n\n  足す\n\n{END}\n\n- <!-- 図 -->",
    f"- ~~~\n  電力\n- <!-- 項目を足す\n\n{END}",
    f'<p title="図">\n<!-- 出典\n\n{END}',
    f"1. 電力\n\n    <!-- 項目を足す\n\n{END}",
    f"10. 電力\n\n    <!-- 項目を足す\n\n{END}",
    f"- 電力\n  - 費用\n\n    <!-- 項目を足す\n\n{END}",
    f"> - <!-- 引用の出典\n\n{END}",
    f"> 電力\n>\n> - 費用\n>\n>   <!-- 引用の出典\n\n{END}",
    f"- > <!-- 引用の出典\n\n{END}",
    f"- - <!-- 項目を足す\n\n{END}",
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
    "1. 電力\n\n    <!-- 図\n\n    出典 -->",
    "- 電力\n\n      <!-- 字下げした見本",
    "> - <!-- 引用の\n>\n>   出典 -->",
    "- > <!-- 引用の\n  > 出典 -->",
    "> - ~~~\n>   <!-- 見本\n>   ~~~",
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


OPEN_TAGS = (
    f"{OTHER}\n\n<?php echo $a;\n\n{END}",
    f"{OTHER}\n<?\n\n{END}",
    f"{OTHER}\n\n<?php echo $a;\n{END}",
    f"{OTHER}\n\n<?php\n\n{END}\n\necho 1; ?>",
    f"{OTHER}\n\n<!DOCTYPE html\n\n{END}",
    f"{OTHER}\n\n<!doctype html\n\n{END}\n\n> 引用",
    f"{OTHER}\n\n   <!x\n\n{END}",
    f"{OTHER}\n\n<![CDATA[ 電力\n\n{END}",
    f'{OTHER}\n\n<p title="図>電力</p>\n\n{END}',
    f"{OTHER}\n\n<div lang='ja>\n\n{END}",
    f'<div>\n<a title = "図>電力</a>\n</div>\n\n{END}',
    f'<!-- 図 --> <span title="図>\n\n{END}',
    f'- <p title="図>電力</p>\n\n{END}',
    f'- 電力\n  <p title="図>費用</p>\n\n{END}',
    f'> <p title="図>電力</p>\n\n{END}',
    f'> > <div lang="ja>\n\n{END}',
    f"> <div>図 <!-- 出典\n\n{END}",
    f"- <div>\n  図 <!-- 出典\n\n{END}",
    f'- <!-- 図 --><p title="図>\n\n{END}',
    f'> <!-- 図\n>\n> --><p title="図>\n\n{END}',
    f'> <div>図</div>\n>\n> <p title="図>\n\n{END}',
    f'1. 電力\n\n    <p title="図>費用</p>\n\n{END}',
    f'- 電力\n\n    <p title="図\n    の>費用</p>\n\n{END}',
    f"- - 電力\n\n    <div lang='ja>\n\n{END}",
    f'> <p\n> title="図>電力</p>\n\n{END}',
    f'> - <p title="図\n>   の>電力</p>\n\n{END}',
    f'> - 電力\n>\n>   <p\n>   title="図>費用</p>\n\n{END}',
    f'<span title="a>b">\n<b title="図>電力</b>\n\n{END}',
    f'<pre>\n</style><p title="図>\n\n{END}',
    f'> <!x ?><p title="図\n> 電力<p title="\n\n{END}',
)
CLOSED_TAGS = (
    "<?php echo $a; ?>",
    "<?php\necho $a;\n?>",
    "<!DOCTYPE html>",
    "<!DOCTYPE html\n  PUBLIC>",
    "<![CDATA[ 電力 ]]>",
    "<!電力",
    "<! 電力",
    "文の中の<?php と<!x はそのまま見える。",
    "`<?php`から始める。",
    "```\n<?php\n```",
    "    <?php",
    "- <?php echo $a;",
    '- <p title="図">電力</p>',
    *("- - - <b title='", "- `図` <p title='", "- - <?`", "- <p title='`'>\n  `</p>", "- <?\n  `図`\n  >"),
    '- <a href="/a>電力</a>',
    "> <div>図</div>\n>\n> 文の中の<!-- 記号はそのまま見える。",
    "- <pre>",
    *("- 電力\n\n  <?php x", "1. 電力\n\n   <!x", "- 電力\n\n  <pre>\n  費用"),
    '> <p\n> title="図">電力</p>',
    '1. 電力\n\n    <p title="図\n    の">費用</p>',
    '- 電力\n\n      <p title="字下げした見本',
    '-      <p title="字下げした見本',
    "> <!x",
    '<p title="図">電力</p>',
    "<p title='図\n電力'>電力</p>",
    '<p title=図>電力の"費用"</p>',
    '<p title="it\'s">電力</p>',
    '<p>a = "電力</p>',
    '<p title="a>b" lang="ja">電力</p>',
    "<div",
    '文の中の<a href="/a>電力</a>はそのまま見える。',
    *('<img src="/a.png" alt="図>', '<a href="/a>', "<a href='/a>", '<span 図="図>">\n<a href="/a>電力</a>'),
    *('<iframe src="https://example.com/></iframe>', '<script async src="/a.js></script>'),
    *('<textarea title="図></textarea>', '<div>\n<title lang="ja>\n</div>'),
    *('<video src="/a.mp4>', '<ruby title="図>漢</ruby>', '<audio src="/a.mp3></audio>'),
    *("<script>\nvar a=1;\n</style>", "<pre>\nls\n</script>"),
    '- <!-- 図 -->\n  電力の<a href="/a>費用</a>',
    "> <!-- 引用の\n>\n> 出典 -->",
    '> <div>図</div>\n>\n> 電力の<a href="/a>費用</a>',
)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("body", OPEN_TAGS)
def test_open_tag_that_hides_what_follows_is_found_and_left_to_the_editor(body, line_end):
    assert END not in render_markdown(body).html
    (finding,) = found(body.replace("\n", line_end), "fence")
    assert finding.excerpt in body.split("\n")[finding.line - 1]
    assert finding.excerpt.startswith("<")
    assert finding.fix == ()


@pytest.mark.parametrize("body", CLOSED_TAGS)
def test_tag_that_hides_nothing_else_passes(body):
    assert found(f"{body}\n\n{END}", "fence") == []
    assert END in render_markdown(f"{body}\n\n{END}").html


@pytest.mark.parametrize("name", ["pre", "script", "STYLE", "textarea"])
def test_element_of_raw_text_without_its_end_is_found(name):
    body = f"<{name}>\n**{OTHER}\n\n{END}**"
    assert f"<p>{END}" not in render_markdown(body).html
    (finding,) = found(f"{LONG}\n\n{body}", "fence")
    assert (finding.line, finding.excerpt) == (3, f"<{name}>")
    assert found(f"<{name} lang='ja'>\n{OTHER}\n</{name}>\n\n{END}", "fence") == []


@pytest.mark.parametrize("opening", ["<?php", "<!DOCTYPE", "<![CDATA[", "<pre>"])
def test_message_names_what_is_open(opening):
    (finding,) = found(f"{opening}\n\n{END}", "fence")
    assert opening in finding.message


def test_comment_with_a_wrong_end_is_told_as_what_readers_see():
    body = f"<!-- あとで書く --!>\n\n**{END}**"
    assert f"**{END}**" in render_markdown(body).html
    (finding,) = found(body, "fence")
    assert "「--!>」" in finding.message
    assert "見えません" not in finding.message


@pytest.mark.parametrize(
    "unit",
    [
        *("- <!--\n\n", "  - <!--\n\n", "- ```\n", "- ```\n\n", "> <!--\n", "<p title='<!--'\n\n"),
        *("<p title='", "<p title=", "<?", "<? \n", "<!x", "<!x\n\n", "<pre>\n\n", "<!----", "<![CDATA[\n"),
        *("> <a>\n", "> <p title='\n", "- <div>\n  ", "> <div>\n>\n", "> <?\n", "> <!-- -->\n", "<b a ", "<b a=' "),
        *("> - ", "- - - <p a=''>\n", "> - <!-- -->\n", "- <p a=''>\n  > ", "1. <!--\n\n   "),
        *(
            "- - - <?`\n",
            "- - - <b a='\n",
            "- - - <?\n`\n",
            "- <?\n  >\n",
            "- - ><?\n    >\n",
            "> <?\n>\n\n",
            "> - - <?\n>\n\n",
        ),
    ],
)
def test_endless_openings_are_read_once(unit):
    with cpu_seconds(2, f"the openings of {unit!r}"):
        found(f"{unit * (200_000 // len(unit))}  -->", "fence")


@pytest.mark.parametrize("unit", ["- - - <?`\n", "- - - <b a='\n", "- - - <?\n`\n"])
def test_items_in_items_that_hide_nothing_cost_little_more_than_text(unit):
    hostile, plain = (draft(text * 2_000) for text in (unit, unit.replace("<", "a")))
    assert least_cpu_seconds(lambda: check(hostile, KNOWING), 5) < 2 * least_cpu_seconds(
        lambda: check(plain, KNOWING), 5
    )
