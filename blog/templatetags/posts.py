"""Pieces of pages that show an article."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from blog.models import Post
from blog.wire.sharing import Sharing, sharing

register = template.Library()

PR_LABEL = mark_safe('<span class="pr">PR</span> ')


@register.simple_tag
def post_link(post: Post, rel: str = "") -> SafeString:
    """The title as a link to the article, after the PR label if it is sponsored.

    Pages show dozens, and an include would take ten times as long as a tag.
    """
    label, rel = PR_LABEL if post.is_sponsored else "", format_html(' rel="{}"', rel) if rel else ""
    return format_html('{}<a href="{}"{}>{}</a>', label, post.get_absolute_url(), rel, post.title)


@register.simple_tag
def follow_ups(post: Post) -> SafeString:
    """How many more articles of its thread a list leaves out, as a link to the list of all; "" if there are none."""
    if not post.others_in_thread:
        return mark_safe("")
    return format_html('<a href="{}#thread">続報ほか{}本</a>', post.get_absolute_url(), post.others_in_thread)


@register.inclusion_tag("includes/share.html")
def share(post: Post) -> dict[str, Sharing]:
    """The links by which readers share the article."""
    return {"sharing": sharing(post)}
