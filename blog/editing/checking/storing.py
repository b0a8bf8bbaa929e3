"""The desk check of an article as it stands in memory: fills the world that the pure check needs."""

from blog.models import Post
from blog.text.desk import Draft, Finding, World, check
from blog.text.lines import with_lf


def check_post(post: Post) -> list[Finding]:
    """The findings for the texts of `post`, saved or not."""
    draft = Draft(post.title, post.excerpt, post.description, with_lf(post.body), day=post.url_date)
    return check(draft, World())
