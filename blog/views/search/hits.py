"""The articles that a search found, as a page shows them."""

import re
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from blog.models import Post
from blog.models.post import headline_of
from blog.models.taxonomy import load_tags
from blog.search.finding import Found
from blog.search.index import BODY, lines_above
from blog.search.query import Query
from blog.search.snippets import LENGTH, SnippetPart, Words, marked, snippet
from blog.text.headlines import says_the_same
from blog.text.japanese import ELLIPSIS, truncate_japanese, visible_text
from blog.text.phrases import plain
from blog.text.words import fold_term

BLOCK_END = re.compile(r"</(?:h[1-6]|p|li|d[dt]|t[dh]|figcaption|caption|summary|pre)>")
LINE_END = "␤"


class HitHeadline(NamedTuple):
    """The parts of a title, split at the words."""

    label: list[SnippetPart]
    head: list[SnippetPart]
    deck: list[SnippetPart]


class ShownHit(NamedTuple):
    """An article, all split at the words: its headline, its standfirst or a stretch of its text, and, where these have
    none of the words, its tags with them.
    """

    post: Post
    headline: HitHeadline
    text: list[SnippetPart]
    tags: list[list[SnippetPart]]


class Hits:
    """What was found, with what a paginator needs: `count()` and slices."""

    def __init__(self, found: Found, query: Query) -> None:
        self.found = found
        spellings = [
            [*term.spellings, *(fold_term(name) for name in found.also.get(term.text, ()))] for term in query.wanted
        ]
        self.words = Words(spellings)
        self.terms = [Words([one]) for one in spellings]  # two terms may have a spelling in common

    def count(self) -> int:
        return self.found.total

    def __getitem__(self, page: slice) -> list[ShownHit]:
        keys = self.found.keys[page]
        posts = Post.objects.published().for_row().order_by().in_bulk(list(keys))
        return self._with_tags(self._with_texts([self._hit(posts[key]) for key in keys if key in posts]))

    def _hit(self, post: Post) -> ShownHit:
        labels, head, deck = headline_of(post)
        headline = HitHeadline(*(marked(text, self.words) for text in ("　".join(labels), head, deck)))
        return ShownHit(post, headline, marked(post.standfirst, self.words), [])

    def _with_texts(self, hits: list[ShownHit]) -> list[ShownHit]:
        """Shows of the text what has the words, where headline and standfirst do not tell why the article was found. If
        any text is read for that, an article without a standfirst is shown with its text too.
        """
        wanted = [hit.post.pk for hit in hits if not self._tells_all(hit.post)]
        wanted += [hit.post.pk for hit in hits if not hit.text] if wanted else []
        posts = Post.objects.published().filter(pk__in=wanted) if wanted else Post.objects.none()
        texts = {post.pk: "\n".join((*lines_above(post), lines_of(post.body_html))) for post in posts.only(*BODY)}
        return [self._with_text(hit, texts[hit.post.pk]) if hit.post.pk in texts else hit for hit in hits]

    def _tells_all(self, post: Post) -> bool:
        labels, head, deck = headline_of(post)
        texts = [plain(text) for text in (*labels, head, deck, post.standfirst)]
        return all(any(term.find(text) for text in texts) for term in self.terms)

    def _with_text(self, hit: ShownHit, lines: str) -> ShownHit:
        """Shows of these lines what has the words, but not a first line that says no more than the title above it."""
        first, _, rest = lines.partition("\n")
        if not hit.text and rest and says_the_same(first, hit.post.title) and self._tells_all(hit.post):
            lines = rest
        return hit._replace(text=snippet(lines, self.words) or hit.text or [SnippetPart(_beginning(lines))])

    def _with_tags(self, hits: list[ShownHit]) -> list[ShownHit]:
        """Adds the tags that have the words to hits in which nothing else that is shown has any."""
        others = [hit.post for hit in hits if not has_mark(chain(*hit.headline, hit.text))]
        if not others:
            return hits
        load_tags(others)
        names = {post.pk: [marked(tag.name, self.words) for tag in post.tag_list] for post in others}
        return [hit._replace(tags=[*filter(has_mark, names.get(hit.post.pk, []))]) for hit in hits]


def _beginning(lines: str) -> str:
    text = truncate_japanese(lines, LENGTH)
    return text if len(text) == len(lines) or text.endswith(ELLIPSIS) else text + ELLIPSIS


def has_mark(parts: Iterable[SnippetPart]) -> bool:
    return any(part.is_marked for part in parts)


def lines_of(html: str) -> str:
    """The running text, with a line for each heading, paragraph and item, which `visible_text` would join."""
    lines = visible_text(BLOCK_END.sub(rf"\g<0>{LINE_END}", html)).split(LINE_END)
    return "\n".join(filter(None, map(str.strip, lines)))
