"""Tells readers that an article is paid for, or that it has affiliate links."""

import re
from typing import Protocol

PAID = "この記事は、広告主から対価を受けて掲載しています。"
WORDS = "この先には広告リンクがあります。リンク先で購入されると、当サイトが報酬を受け取ることがあります。"
NOTE = f'<p class="affiliate-note">{WORDS}</p>\n'
SAID = "アフィリエイト"
# What writers set by hand under their links. Known lines only: another may say more.
_LINE = (
    "※ ?(?:上記リンクはAmazonアソシエイトリンクです。?"
    "|本ページのリンクにはアフィリエイトリンクが含まれます。購入によりサイト運営をサポートいただけます。)"
)
_SET = rf'(?:{_LINE}|<em class="note">{_LINE}</em>)'
_BY_HAND = re.compile(rf"(?<!<blockquote>\n)<p>{_SET}</p>\n?|(?:<br>)?\n{_SET}(?=</p>)|(?<=<p>){_SET}(?:<br>)?\n")
_SPONSORED = re.compile(r'<a [^>]*rel="[^"]*\bsponsored\b[^"]*"')
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_VOID = frozenset(["br", "col", "hr", "img", "input", "wbr"])


class ShownArticle(Protocol):
    """The fields of an article that `shown_html` reads."""

    body_html: str
    is_sponsored: bool


def shown_html(post: ShownArticle) -> str:
    """The HTML of the body, with affiliate links disclosed. A sponsored article says so on top instead."""
    return post.body_html if post.is_sponsored else with_disclosure(post.body_html)


def with_disclosure(html: str) -> str:
    """Puts one sentence before the block of the first affiliate link, unless the text says so before it.

    A known line that says the same after the link is left out: readers are told once.
    `html` is what `blog.text.html` finished: well-formed, with affiliate links marked `rel="sponsored"`.
    """
    link = _SPONSORED.search(html) if "sponsored" in html else None
    if link is None or SAID in html[: link.start()]:
        return html
    block = _start_of_block(html, link.start())
    return f"{html[:block]}{NOTE}{_BY_HAND.sub('', html[block:])}"


def _start_of_block(html: str, place: int) -> int:
    """Where the outermost element around the place begins."""
    depth = start = 0
    for tag in _TAG.finditer(html, 0, place):
        if tag[2] in _VOID:
            continue
        if tag[1]:
            depth -= 1
        else:
            start = tag.start() if depth == 0 else start
            depth += 1
    return start if depth else place
