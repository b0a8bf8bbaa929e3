"""What the page hides is not in the Markdown for machines either."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blog.text.markdown import render_markdown
from blog.text.markup import without_comments
from blog.wire.machines.hidden import without_hidden
from tests.cost import cpu_seconds


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("前\n\n<? 秘密 ?>\n\n後", "前\n\n\n\n後"),
        ("前<? 秘密\n秘密 ?>後", "前後"),
        ("前<? 続く\n\n後?>", "前<? 続く\n\n後?>"),
        ("<? 秘密", ""),
        ("<?php 秘密\n\n秘密 ?>\n\n後", "\n\n後"),
        ("<!x 秘密>後", "後"),
        ("前<!x>後", "前<!x>後"),
        ("<!DOCTYPE 秘密>\n後", "\n後"),
        ("前<!DOCTYPE 秘密>後", "前後"),
        ("<![CDATA[ 秘密 ]]>後", "後"),
        ("前<![CDATA[ 秘密 ]]>後", "前後"),
        ("<div>\n<!編集部 秘密>\n</ 秘密>\n</div>", "<div>\n\n\n</div>"),
        ("<div>\n`<!-- 秘密 -->`\n</div>", "<div>\n``\n</div>"),
        ("- <? 秘密\n\n後", "- \n\n後"),
        ("- 項\n\n  <? 秘密\n\n  秘密 ?>\n\n後", "- 項\n\n  \n\n後"),
        ("1. 項\n\n    <? 秘密 ?>\n\n後", "1. 項\n\n    \n\n後"),
        ("> <? 秘密\n> 秘密 ?>\n\n後", "> \n\n後"),
        ("> 引用<? 秘密 ?>文", "> 引用文"),
        ("- <!-- 秘密\n\n秘密", "- "),
        ("`<?php 例 ?>`", "`<?php 例 ?>`"),
        ("```php\n<?php 例\n```", "```php\n<?php 例\n```"),
        ("- ```php\n  <?php 例\n  ```", "- ```php\n  <?php 例\n  ```"),
        ("    <?php 例", "    <?php 例"),
        ("[//]: # (秘密)\n\n後", "\n\n後"),
        ('[//]: <#> "秘密"\n[a]: /a/ "題"\n\n[a]', '\n[a]: /a/ "題"\n\n[a]'),
        ("[comment]: <> (秘密)\n\n後", "\n\n後"),
        (r"[//]: # (秘密\))", ""),
        ("> [//]: # (秘密)\n\n後", "> \n\n後"),
        ("> 引用\n>\n> [//]: # (秘密)", "> 引用\n>\n> "),
        ("- [//]: # (秘密)\n\n後", "- \n\n後"),
        ("- ```\n  [//]: # (例)\n  ```", "- ```\n  [//]: # (例)\n  ```"),
        ("前\n\n[メモ]: /x (秘密)\n\n後", "前\n\n\n\n後"),
        ("[秘密]: <https://a.example/秘密>\n  '秘密'\n[a]: /a\n\n[後][A]", "\n[a]: /a\n\n[後][A]"),
        ("[a  b]: /a\n\n後![図][A\nb]", "[a  b]: /a\n\n後![図][A\nb]"),
        ("[ a ]: /例\n\n[例][a]後", "[ a ]: /例\n\n[例][a]後"),
        ("[a b]: /例\n\n> [例][a\n> b]後", "[a b]: /例\n\n> [例][a\n> b]後"),
        ("[a|b]: /例\n\n|例|後|\n|-|-|\n|[a\\|b]|後|", "[a|b]: /例\n\n|例|後|\n|-|-|\n|[a\\|b]|後|"),
        ("[メモ]: /x (秘密)\n[メモ]: /y (秘密)\n\n後", "\n\n\n後"),
        ("前\n[メモ]: /例 後", "前\n[メモ]: /例 後"),
        ("前\n[メモ]: /例", "前\n[メモ]: /例"),
        ("[メモ]: /例 後", "[メモ]: /例 後"),
        ("前[^1]\n\n[^1]: 注", "前[^1]\n\n[^1]: 注"),
        ("前[^A]\n\n[^a]: 注", "前[^A]\n\n[^a]: 注"),
        ("前<? 続く<![CDATA[ 秘密 ]]>後", "前<? 続く後"),
        ("[//]: # (<? x ?> 秘密)\n\n後", "\n\n後"),
        ("- ~~~\n  <? 例 ?>\n  ~~~", "- ~~~\n  <? 例 ?>\n  ~~~"),
        ("`<? 例 ?>` <? `秘密?>`後", "`<? 例 ?>` `後"),
        ("", ""),
    ],
)
def test_what_the_page_hides_goes_and_the_rest_stays(body, kept):
    assert without_hidden(body) == kept
    shown = render_markdown(body).html
    assert "秘密" not in shown
    assert ("後" in shown, "例" in shown) == ("後" in kept, "例" in kept)


@pytest.mark.parametrize("body", ["[ a ]: /x\n\n[a]", "[a b]: /x\n\n> [a\n> b]", "[a|b]: /x\n\n|h|\n|-|\n|[a\\|b]|"])
def test_links_whose_addresses_are_written_otherwise_stay_links(body):
    assert 'href="/x"' in render_markdown(without_hidden(body)).html


PIECES = st.sampled_from(
    [
        "<? ",
        "?>",
        "<?",
        "<!x ",
        ">",
        "<![CDATA[",
        "]]>",
        "<!-- 図 -->",
        "<div>",
        "</ ",
        "`",
        "秘密",
        "\n",
        "\n\n",
        "文。",
    ]
)


@example("<!-- 図 --><!編 秘密>")
@given(st.lists(PIECES, max_size=30).map("".join).filter(lambda body: "```" not in body))  # the language of code stays
def test_no_more_words_stay_than_the_page_shows(body):
    shown = re.sub("<[^>]*>", "", render_markdown(body).html)
    assert without_comments(without_hidden(body)).count("秘密") <= shown.count("秘密")


@pytest.mark.parametrize(
    "unit",
    [
        "<? ",
        "<?\n\n",
        "> <?\n>",
        "<![CDATA[",
        "</ ",
        "<div>\n<?>",
        "`<?`",
        "[^a]: \n\n",
        "[^a]:\n",
        "[//]: # (\n",
        "[a]: /a\n",
        "[a]: /a (\n",
        "[a",
        '[//]: # "\\',
        "<!A ",
    ],
)
def test_endless_openings_are_read_once(unit):
    with cpu_seconds(2, f"the openings of {unit!r}"):
        without_hidden(unit * 40_000)
