"""Renders Markdown to the HTML that readers get: the page, the preview and the feeds call the same function.

`comrak` parses, `nh3` keeps what an allow-list names, and `blog.text.html` finishes the result. The limits below, in
`blog.text.html_tags` and in `blog.text.bounds` keep the cost of a body in proportion to its length; no real article
reaches them. They count and never time: all machines refuse the same texts.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

import comrak

from blog.text.bounds import check_elements, check_html, check_source
from blog.text.commonmark import PARSING, bounded, extensions_for
from blog.text.headings import without_hand_made
from blog.text.headlines import typeset
from blog.text.html import FindPicture, sanitise
from blog.text.html_tags import SWALLOWING, in_order
from blog.text.japanese import normalise, reading_minutes


class RenderedMarkdown(NamedTuple):
    html: str
    #: One ``{"level": 2 or 3, "id": …, "text": …, "html": …}`` per heading of these levels, in order; plain JSON. The
    #: HTML, the text as the contents set it, is missing in endless headings and where an older version stored them.
    toc: list[dict[str, int | str]]


class RenderedArticle(NamedTuple):
    """The columns of an article that are made from its texts."""

    headline: str  # the title, typeset: see blog.text.headlines
    body_html: str
    toc: list[dict[str, int | str]]
    reading_minutes: int


def as_article(title: str, body: RenderedMarkdown) -> RenderedArticle:
    html = without_hand_made(body.html, body.toc)
    return RenderedArticle(typeset(title), html, body.toc, reading_minutes(body.html))


def render_markdown(
    source: str, *, sponsored_hosts: Iterable[str] = (), find_picture: FindPicture | None = None
) -> RenderedMarkdown:
    """Renders Markdown to safe HTML. The same text always gives the same bytes.

    Links to ``sponsored_hosts`` and to hosts below them get ``rel="sponsored"``; ``"*"`` stands for every host.
    ``find_picture`` gets the ``src`` of each image (percent-encoded as in the HTML); it returns PictureFacts, a plain
    (width, height) in pixels, or None for an unknown picture.
    Raises BodyRefused if the text or its HTML is too long, or has too many elements.
    """
    check_source(source)
    source = bounded(normalise(source))
    raw_html = comrak.render_markdown(
        _RANGE_TILDE.sub(_TILDE_IN_HIDING, source),
        extensions_for(source),
        PARSING,
        _RENDERING,
    )
    raw_html = raw_html.replace(_TILDE_IN_HIDING, "~").replace(quote(_TILDE_IN_HIDING), "~")
    check_html(raw_html, source)
    check_elements(raw_html.count("<") - raw_html.count("</"), source)
    if _RAW_TAG.search(source):
        raw_html = in_order(_SWALLOWING_TAG.sub("&lt;", raw_html), source)
    rendered = RenderedMarkdown(*sanitise(raw_html, sponsored_hosts=sponsored_hosts, find_picture=find_picture))
    check_html(rendered.html, source)
    return rendered


def _rendering() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.unsafe_ = True  # nh3 makes it safe; comrak's own filter would lose ruby
    options.tasklist_classes = True
    return options


_RENDERING = _rendering()

# 3~5年、10~20% are ranges, but comrak would strike out the text between their tildes. Only ~~ strikes. `normalise`
# removes the characters that take their place. Entities and percent signs can bring one of them, but not this pair.
_RANGE_TILDE = re.compile(r"~(?<![~\\]~)(?!~)")
_TILDE_IN_HIDING = "\ufffe\uffff"
# Shown as text, they cannot swallow the article.
# (comrak's `tagfilter` does this too, but takes two minutes for 1 MB of `<!--`.)
_SWALLOWING_TAG = re.compile(rf"<(?=/?(?:{'|'.join(SWALLOWING)})[\s/>])", re.IGNORECASE)
_RAW_TAG = re.compile("<[A-Za-z/!?]")  # without one, all tags are comrak's own, which are in order
