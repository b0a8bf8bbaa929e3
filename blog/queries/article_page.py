"""The context of an article's page, for readers and for previews."""

from typing import Any

from blog.models import Post
from blog.queries.age import age_of
from blog.queries.further_reading import further_reading
from blog.queries.threads import timeline
from blog.text.headings import contents


def article_page(post: Post, *, chosen: dict[int, str] | None = None) -> dict[str, Any]:
    """Returns the context of `blog/post_detail.html`. The post may have unsaved changes, but needs a primary key.

    `chosen` maps the keys of related posts to their reasons and replaces the stored choice.
    """
    thread = timeline(post)
    further = further_reading(post, chosen=chosen, listed=[other.pk for other in thread.posts])
    age = age_of(post, thread=thread.posts)
    return {
        "post": post,
        "trail": [(post.category.name, post.category.get_absolute_url())] if post.category_id else [],  # of a preview
        "contents": contents(post.toc),
        "thread": thread,
        "age": age,
        **further._asdict(),
    }
