"""Pieces of pages that show an article."""

import re

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from blog.addresses import absolute_url
from blog.models import Author, Category, Post, Tag
from blog.models.post import headline_of
from blog.search.snippets import SnippetPart
from blog.text import finishing
from blog.text.headlines import opens, with_breaks
from blog.text.phrases import BOUND
from blog.views.search.hits import HitHeadline

register = template.Library()

MARK, END = mark_safe("<mark>"), mark_safe("</mark>")
NOTHING = mark_safe("")  # which need not be escaped, as "" would be
_MINUS = re.compile(r"(?<!\S)-(?=\S)")
PR_LABEL = mark_safe('<span class="pr">PR</span> ')


@register.simple_tag
def post_link(post: Post, rel: str = "") -> SafeString:
    """The title as a link to the article, after the PR label if it is sponsored.

    Pages show dozens, and an include would take ten times as long as a tag.
    """
    return _link(post, headline(post), format_html(' rel="{}"', rel) if rel else NOTHING)


@register.simple_tag
def found_link(post: Post, found: HitHeadline) -> SafeString:
    """`post_link` with the words of a search marked."""
    return _link(post, _set(*map(marked, found)))


@register.filter
def minus_bound(question: str) -> str:
    """The question of a search, in which no line ends between a minus and the word that it leaves out."""
    return _MINUS.sub(f"-{BOUND}", question)


@register.simple_tag
def section_link(post: Post) -> SafeString:
    """The section of the article as a link; a tag, since an include would take ten times as long here too."""
    return format_html('<a class="label" href="{}">{}</a>', post.category.get_absolute_url(), post.category.name)


@register.simple_tag
def headline(post: Post) -> SafeString:
    """The title of the article in its parts."""
    labels, head, deck = headline_of(post)
    return _set("　".join(labels), head, deck)


@register.simple_tag
def standfirst_of(post: Post) -> str:
    """The standfirst over the article's own text, or "" where the text opens with it."""
    return "" if opens(post.standfirst, post.body_html) else post.standfirst


@register.simple_tag
def vertical_headline(post: Post) -> SafeString:
    """`headline` for vertical lines."""
    return mark_safe(finishing.upright(headline(post)))  # noqa: S308  escaped in it


def _set(label: str, head: str, deck: str) -> SafeString:
    """Sets a headline. The spaces part what copies and machines read as one line."""
    head = breakable(head)
    if not (label or deck):  # most headlines; a list has fifty
        return head
    before = format_html('<span class="headline__label">{}</span> ', label) if label else NOTHING
    after = format_html(' <span class="headline__deck">{}</span>', breakable(deck)) if deck else NOTHING
    return format_html("{}{}{}", before, head, after)


def breakable(text: str) -> SafeString:
    """Escapes a text that was set in phrases, and marks where its lines may end.

    Firefox gives a block no lines of equal length if a <wbr> stands in it directly, outside of an inline element.
    """
    html = with_breaks(conditional_escape(text))
    return mark_safe(f"<span>{html}</span>" if "<wbr>" in html else html)  # noqa: S308  escaped in it


def _link(post: Post, title: SafeString, rel: SafeString = NOTHING) -> SafeString:
    label = PR_LABEL if post.is_sponsored else NOTHING
    return format_html('{}<a href="{}" class="headline"{}>{}</a>', label, post.get_absolute_url(), rel, title)


@register.simple_tag
def marked(parts: list[SnippetPart]) -> SafeString:
    """The text, with the words that were searched for marked."""
    return format_html_join(
        "", "{}{}{}", ((MARK, part.text, END) if part.is_marked else ("", part.text, "") for part in parts)
    )


@register.simple_tag
def paid_sentence() -> str:
    """The sentence under the title of a sponsored article."""
    return finishing.PAID


@register.simple_tag
def labelled_paid_sentence() -> SafeString:
    """`paid_sentence` after the PR label."""
    return format_html("{}{}", PR_LABEL, finishing.PAID)


register.filter("shown_html", finishing.shown_html)


@register.filter
def upright(text: str) -> SafeString:
    """The text, or a piece of the page, with its figures upright, for vertical lines."""
    return mark_safe(finishing.upright(conditional_escape(text)))  # noqa: S308  escaped in it


@register.filter
def lying(name: str) -> SafeString:
    """The name of a section with its Latin words on their side, for where it stands upright."""
    return mark_safe(finishing.lying(conditional_escape(name)))  # noqa: S308  escaped in it


@register.filter
def kind_of_list(item: Author | Category | Tag) -> str:
    """The word for what the item is: section, tag or author."""
    return str(item._meta.verbose_name)


@register.simple_tag
def follow_ups(post: Post) -> SafeString:
    """How many more articles of its thread a list leaves out, as a link to the list of all."""
    return format_html('<a href="{}#thread">続報ほか{}本</a>', post.get_absolute_url(), post.others_in_thread)


@register.inclusion_tag("includes/share.html")
def share(post: Post) -> dict[str, str]:
    """Copies the address of the article, or hands it to another app of the device."""
    title = f"{post.labelled_title}｜{settings.SITE_NAME}"
    return {"title": title, "url": absolute_url(post.get_absolute_url())}
