"""The page of an article: what its template shows, for readers and for the preview at the desk."""

from typing import Any

from blog.models import Post
from blog.models.selections import further_reading
from blog.sharing import sharing


def article_page(post: Post) -> dict[str, Any]:
    """The context of `blog/post_detail.html`; the post itself may be unsaved as long as it has a key."""
    return {
        "post": post,
        **further_reading(post)._asdict(),
        "sharing": sharing(post),
    }
