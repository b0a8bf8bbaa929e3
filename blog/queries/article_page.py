"""The page of an article: what its template shows, for readers and for the preview at the desk."""

from typing import Any

from blog.models import Post
from blog.queries.further_reading import further_reading


def article_page(post: Post, *, chosen: dict[int, str] | None = None) -> dict[str, Any]:
    """The context of `blog/post_detail.html`; the post itself may be unsaved as long as it has a key.

    `chosen` are the keys of related posts with their reasons, where they are not yet the stored ones.
    """
    return {
        "post": post,
        **further_reading(post, chosen=chosen)._asdict(),
    }
