"""The context of an article's page, for readers and for previews."""

from typing import Any

from blog.models import Post
from blog.queries.further_reading import further_reading


def article_page(post: Post, *, chosen: dict[int, str] | None = None) -> dict[str, Any]:
    """Returns the context of `blog/post_detail.html`. The post may have unsaved changes, but needs a primary key.

    `chosen` maps the keys of related posts to their reasons and replaces the stored choice.
    """
    return {
        "post": post,
        **further_reading(post, chosen=chosen)._asdict(),
    }
