"""Raw HTML in order."""

import pytest

from blog.text import html_tags


def in_order(html: str) -> str:
    return html_tags.in_order(html, html)


@pytest.mark.parametrize(
    ("written", "ordered"),
    [
        ("<p>a<b>b</b></p>", "<p>a<b>b</b></p>"),
        ("<p>a<b>b<p>c</p>", "<p>a<b>b<p>c</p></b></p>"),
        ("<b><i>a</b>b</i>", "<b><i>a</i></b>b"),
        ("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c"),
        ("<ruby>漢<rt>かん</ruby>字", "<ruby>漢<rt>かん</rt></ruby>字"),
        ("</p></br></b>a<br/>", "a<br>"),
    ],
)
def test_what_is_left_open_is_closed_where_its_element_ends(written, ordered):
    assert in_order(written) == ordered


@pytest.mark.parametrize(
    ("written", "ordered"),
    [
        ("<table><tr><td>a<td>b<tr><th>c</table>d", "<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>d"),
        ("<table>a<tr>b</table>", "<table><td>a</td><tr><td>b</td></tr></table>"),
        ("<table><td><table><td>a</table>b", "<table><td><table><td>a</td></table>b</td></table>"),
        ("<td>a</td><tr>b", "ab"),
    ],
)
def test_text_of_a_table_is_in_its_cells(written, ordered):
    assert in_order(written) == ordered


@pytest.mark.parametrize(
    ("written", "ordered"),
    [
        ("a < b <3", "a &lt; b &lt;3"),
        ("<!-- <b> -->a<!--><i>", "a<i></i>"),
        ("<!-- <b>", ""),
        ("""<a href='x"y' title = "</a>" rel=c lang>d""", '<a href="x&quot;y" title="</a>" rel="c" lang="">d</a>'),
        ('<b lang="<i>', '<b lang="<i>"></b>'),
    ],
)
def test_tags_begin_and_end_where_html_says(written, ordered):
    assert in_order(written) == ordered
