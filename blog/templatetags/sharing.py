"""Where readers pass an article on."""

from django import template

from blog.models import Post
from blog.wire.sharing import Sharing, sharing

register = template.Library()


@register.inclusion_tag("includes/share.html")
def share(post: Post) -> dict[str, Sharing]:
    return {"sharing": sharing(post)}
