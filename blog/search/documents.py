"""What of an article can be found."""

from collections.abc import Iterable
from typing import NamedTuple

from blog.models import Post
from blog.text.japanese import plain_text
from blog.text.tokens import fold


class SearchDocument(NamedTuple):
    """The folded texts of an article. No term reaches from one into the next: lines end between them."""

    title: str
    head: str  # tags and excerpt
    body: str  # what a reader sees of it


def document_of(post: Post, tags: Iterable[str]) -> SearchDocument:
    """Makes the document of a post with the tags of these names; only its title, excerpt and HTML are read."""
    return SearchDocument(
        title=fold(post.title),
        head="\n".join(fold(text) for text in (*tags, post.excerpt)),
        body=fold(plain_text(post.body_html)),
    )
