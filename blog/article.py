"""The page of an article: what its template shows, for readers and for the preview at the desk."""

from typing import Any

from blog.models import Post
from blog.models.selections import neighbours, related_posts
from blog.sharing import sharing


def article_page(post: Post) -> dict[str, Any]:
    """The context of `blog/post_detail.html`; the post itself may be unsaved as long as it has a key."""
    older, newer = neighbours(post)
    return {
        "post": post,
        "older": older,
        "newer": newer,
        "related": related_posts(post, seen=(older, newer)),
        "sharing": sharing(post),
        "pillar": post.pillar if post.pillar and post.pillar.is_public else None,
    }
