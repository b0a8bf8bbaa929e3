import pytest

from blog.text.finishing import absolute_links
from blog.text.markdown import render_markdown

BASE = "https://site.example/2026/04/01/%E9%87%91%E5%88%A9/"


@pytest.mark.parametrize(
    ("href", "whole"),
    [
        ("/about/?a=1&amp;b=2#c", "https://site.example/about/?a=1&amp;b=2#c"),
        ("#fn-1", f"{BASE}#fn-1"),
        ("", BASE),
        ("../x/", "https://site.example/2026/04/01/x/"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("https://other.example/#/x", "https://other.example/#/x"),
        ("http://[", "http://["),
    ],
)
def test_address_is_resolved_against_the_page(href, whole):
    assert absolute_links(f'<p><a href="{href}">x</a></p>', BASE) == f'<p><a href="{whole}">x</a></p>'


@pytest.mark.parametrize(
    ("srcset", "whole"),
    [
        ("/a.png 1x, /b.png 2x", "https://site.example/a.png 1x, https://site.example/b.png 2x"),
        ("/a.png, /b,c.png 2x", "https://site.example/a.png, https://site.example/b,c.png 2x"),
        ("data:image/png;base64,AA== 1x", "data:image/png;base64,AA== 1x"),
    ],
)
def test_every_address_of_a_srcset_is_resolved(srcset, whole):
    assert absolute_links(f'<img srcset="{srcset}">', BASE) == f'<img srcset="{whole}">'


def test_rendered_article_keeps_no_relative_address():
    source = (
        '[a](/x/) [b](#c) ![d](/media/d.png "e") 注[^1] <a href="/y" title="1 > 0">z</a>\n\n'
        '`<a href="/code">`\n\n[^1]: [f](g/)\n'
    )
    whole = absolute_links(render_markdown(source).html, BASE)
    for part in whole.split("<")[1:]:
        for name in ("href", "src"):
            if f'{name}="' in part.partition(">")[0]:
                assert f'{name}="https://site.example/' in part
