"""The articles that a search found, as a page shows them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from blog.models import Post
from blog.models.post.headline import headline_of
from blog.search.finding import Found
from blog.search.query import Query
from blog.search.showing.snippets import Part, Words, marked, snippet
from blog.text.japanese import plain_text
from blog.text.words.tokens import fold

BLOCK_END = re.compile(r"</(?:h[1-6]|p|li|d[dt]|t[dh]|figcaption)>")
LINE_END = "␤"


class HitHeadline(NamedTuple):
    """The parts of a title, split at the words."""

    labels: tuple[str, ...]
    head: list[Part]
    deck: list[Part]


class Hit(NamedTuple):
    """An article: its headline, and its standfirst or a stretch of its text with the words, both split at the words."""

    post: Post
    headline: HitHeadline
    text: list[Part]


class Hits:
    """What was found, with what a paginator needs: `count()` and slices."""

    def __init__(self, found: Found, query: Query) -> None:
        self.found = found
        also = ([fold(name) for name in found.also.get(term.text, ())] for term in query.wanted)
        self.words = Words([*term.spellings, *names] for term, names in zip(query.wanted, also, strict=True))
        self.number = len(query.wanted)

    def count(self) -> int:
        return self.found.total

    def __getitem__(self, page: slice) -> list[Hit]:
        keys = self.found.keys[page]
        posts = Post.objects.published().for_row().in_bulk(list(keys))
        shown = [posts[key] for key in keys if key in posts]
        bodies = self._bodies(post.pk for post in shown if not self._is_explained(post))
        return [self._hit(post, bodies.get(post.pk, "")) for post in shown]

    def _is_explained(self, post: Post) -> bool:
        """Whether title and standfirst tell by themselves why the article was found."""
        matches = [*self.words.find(post.title), *self.words.find(post.excerpt)]
        return len({match.word for match in matches}) == self.number

    def _bodies(self, keys: Iterable[int]) -> dict[int, str]:
        wanted = list(keys)
        return dict(Post.objects.filter(pk__in=wanted).values_list("pk", "body_html")) if wanted else {}

    def _hit(self, post: Post, body: str) -> Hit:
        text = snippet(lines_of(body), self.words) if body else []
        labels, head, deck = headline_of(post)
        headline = HitHeadline(labels, marked(head, self.words), marked(deck, self.words))
        return Hit(post, headline, text or marked(post.standfirst, self.words))


def lines_of(html: str) -> str:
    """The running text, with a line for each heading, paragraph and item, which `plain_text` would join."""
    lines = plain_text(BLOCK_END.sub(rf"\g<0>{LINE_END}", html)).split(LINE_END)
    return "\n".join(filter(None, map(str.strip, lines)))
