"""Changes of rendered HTML that are made when it is shown; the stored HTML stays as it is."""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Protocol
from urllib.parse import urljoin

from blog.text.headings import without_related

PAID = "この記事は、広告主から対価を受けて掲載しています。"
AFFILIATE = "この先には広告リンクがあります。リンク先で購入されると、当サイトが報酬を受け取ることがあります。"
AFFILIATE_NOTE = f'<p class="affiliate-note">{AFFILIATE}</p>\n'
AFFILIATE_WORD = "アフィリエイト"
# What writers set by hand under their links. Known lines only: another may say more.
_KNOWN_LINE = (
    "※ ?(?:上記リンクはAmazonアソシエイトリンクです。?"
    "|本ページのリンクにはアフィリエイトリンクが含まれます。購入によりサイト運営をサポートいただけます。)"
)
_BY_WRITERS = rf'(?:{_KNOWN_LINE}|<em class="note">{_KNOWN_LINE}</em>)'
_BY_HAND = re.compile(
    rf"(?<!<blockquote>\n)<p>{_BY_WRITERS}</p>\n?|(?:<br>)?\n{_BY_WRITERS}(?=</p>)|(?<=<p>){_BY_WRITERS}(?:<br>)?\n"
)
_SPONSORED = re.compile(r'<a [^>]*rel="[^"]*\bsponsored\b[^"]*"')
_ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_VOID = frozenset(["br", "col", "hr", "img", "input", "wbr"])


class ShownArticle(Protocol):
    """The fields of an article that `shown_html` reads."""

    body_html: str
    is_sponsored: bool


def shown_html(post: ShownArticle) -> str:
    """The HTML of the body without a list of related articles at its end, and with affiliate links disclosed.

    A sponsored article says so on top instead.
    """
    html = without_related(post.body_html)
    return html if post.is_sponsored else with_disclosure(html)


def with_disclosure(html: str) -> str:
    """Puts one sentence before the block of the first affiliate link, unless the text says so before it.

    A known line that says the same after the link is left out: readers are told once.
    `html` is what `blog.text.html` finished: well-formed, with affiliate links marked `rel="sponsored"`.
    """
    link = _SPONSORED.search(html) if "sponsored" in html else None
    if link is None or AFFILIATE_WORD in html[: link.start()]:
        return html
    block = _start_of_block(html, link.start())
    return f"{html[:block]}{AFFILIATE_NOTE}{_BY_HAND.sub('', html[block:])}"


def _start_of_block(html: str, place: int) -> int:
    """Where the outermost element around the place begins."""
    depth = start = 0
    for tag in _ANY_TAG.finditer(html, 0, place):
        if tag[2] in _VOID:
            continue
        if tag[1]:
            depth -= 1
        else:
            start = tag.start() if depth == 0 else start
            depth += 1
    return start if depth else place


# What is set across, or is no text, is matched first and left alone. Figures that belong to Latin words, decimals or
# ranges lie with them: GPT-5, Gemini 3, 3.5, 2026-04.
_FIGURES = re.compile(
    r"""
      <svg\b.*?</svg> | <pre\b.*?</pre> | <table\b.*?</table> | <code\b.*?</code>
    | <sup\ class="footnote-ref">.*?</sup>
    | <[^>]*> | &[#\w]+;
    | (?<![0-9A-Za-z])(?<![0-9A-Za-z][-.,:/ ])(?P<figures>[0-9]{1,4})(?![-.,:/]?[0-9A-Za-z])(?!\ [A-Za-z])
    """,
    re.VERBOSE | re.DOTALL,
)
_MARKUP = re.compile(r"<[^>]*>")
_STRONG = re.compile(
    r"(?P<begin><p>)?<strong>(?P<words>(?:(?!</?strong>|</p>).)*+)</strong>(?P<end></p>|<br>)?", re.DOTALL
)
MOST_DOTTED = 24  # characters; dots at the side of more are not read as emphasis
_LATIN = "[A-Za-zÀ-ÖØ-öø-ɏ]+"
_LATIN_WORDS = re.compile(rf"(?P<words>{_LATIN}(?:(?:[ .-]|&amp;|&\#x27;)+{_LATIN})*)|&[#\w]+;")
MOST_UPRIGHT = 3  # letters


def upright(html: str) -> str:
    """Sets one or two figures side by side in the width of a character, and three or four below each other.

    `html` is what `blog.text.html` finished, or escaped text.
    """
    return _FIGURES.sub(_set_figures, html)


def bold(html: str) -> str:
    """Marks strong words that stay bold, since there would be too many dots: long ones, and a line of its own, which
    writers set in the place of a heading.
    """
    return _STRONG.sub(_thicken, html)


def _thicken(strong: re.Match[str]) -> str:
    begin, words, end = strong["begin"] or "", strong["words"], strong["end"] or ""
    if begin and end:
        return f'{begin}<strong class="bold line">{words}</strong>{end}'
    seen = unescape(_MARKUP.sub("", words))
    return f'{begin}<strong class="bold">{words}</strong>{end}' if len(seen) > MOST_DOTTED else strong[0]


def lying(html: str) -> str:
    """Lays the Latin words of an upright name on their side, but for short ones of capitals: AI, ESG.

    `html` is escaped text.
    """
    return _LATIN_WORDS.sub(_lay_words, html)


def _lay_words(token: re.Match[str]) -> str:
    words = token["words"]
    seen = unescape(words or "")
    if not words or (len(seen) <= MOST_UPRIGHT and seen.isupper()):
        return token[0]
    return f'<span class="lying">{words}</span>'


def _set_figures(token: re.Match[str]) -> str:
    figures = token["figures"]
    if not figures:
        return token[0]
    return f'<span class="{"tcy" if len(figures) < 3 else "upright"}">{figures}</span>'


# A tag is matched too, and left alone: a word stands only in text.
_PLACEHOLDER = re.compile(r"<[^>]*>|\{\{\s*([a-z]+)\s*\}\}")


def with_words(html: str, words: Mapping[str, str]) -> str:
    """Replaces each `{{ name }}` in the text by the HTML that `words` has for the name; others stay."""
    if "{{" not in html:
        return html
    return _PLACEHOLDER.sub(lambda match: words.get(match[1], match[0]) if match[1] else match[0], html)


# In our HTML every `<` of the text is escaped and every value stands in double quotes, so these find tags and nothing
# else. Attributes are consumed one after the other: `alt='src='` is a value, not a name.
_TAG_WITH_VALUES = re.compile(r'<[a-z][a-z0-9]* (?:[^"<>]++|"[^"]*")*+>')
_ATTRIBUTE = re.compile(r'([^\s"=<>]+)="([^"]*)"')
_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])(\s[^,]*)?")  # one address of a srcset, with its descriptor


def absolute_links(html: str, base: str) -> str:
    """Returns `html` with every address resolved against `base`, the absolute URL of the page it comes from.

    `html` must be well-formed with double-quoted attributes, as `render_markdown` makes it.
    """

    def resolve(url: str) -> str:
        try:
            return urljoin(base, url)
        except ValueError:
            return url  # an address like `http://[` leads nowhere on any page

    def replace(attribute: re.Match[str]) -> str:
        whole, name, value = attribute[0], attribute[1], unescape(attribute[2])
        if name in ("href", "src", "cite", "poster"):
            value = resolve(value)
        elif name == "srcset":
            value = _CANDIDATE.sub(lambda candidate: resolve(candidate[1]) + (candidate[2] or ""), value)
        else:
            return whole
        return f'{name}="{escape(value)}"'

    return _TAG_WITH_VALUES.sub(lambda tag: _ATTRIBUTE.sub(replace, tag[0]), html)
