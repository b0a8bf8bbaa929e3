"""The titles under which imported files link to articles. Some are what a headline was before it was lengthened."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from blog.jekyll.files.front_matter import FileError, decode, split_document
from blog.jekyll.files.tree import POST_SUFFIXES
from blog.jekyll.files.yaml_text import parse_mapping
from blog.models import Post, PostSource, RelatedPost

MOST_FILES = 500


def linked_titles(posts: Collection[Post]) -> dict[int, set[str]]:
    """The titles of each article in the files of those that name it as related or as their pillar, by its key."""
    own = dict(PostSource.objects.filter(post__in=posts).values_list("name", "post"))
    linking = set(RelatedPost.objects.filter(target__in=posts).values_list("post", flat=True)[:MOST_FILES])
    linking |= set(Post.objects.filter(pillar__in=posts).values_list("pk", flat=True)[:MOST_FILES])
    found: dict[int, set[str]] = defaultdict(set)
    for raw in PostSource.objects.filter(post__in=linking).values_list("raw", flat=True).iterator():
        for stem, title in _links(bytes(raw)):
            for name in (f"{stem}{suffix}" for suffix in POST_SUFFIXES):
                if name in own:
                    found[own[name]].add(title)
    return found


def _links(raw: bytes) -> Iterator[tuple[str, str]]:
    try:
        values = parse_mapping(split_document(decode(raw)).front_matter).values
    except FileError:
        return
    related = values.get("related_articles")
    for item in (*(related if isinstance(related, list) else ()), values.get("pillar_article")):
        if isinstance(item, dict) and isinstance(item.get("slug"), str) and isinstance(item.get("title"), str):
            yield item["slug"], item["title"]
