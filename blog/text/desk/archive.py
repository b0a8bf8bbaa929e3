"""Warnings about titles and paragraphs that other articles have too."""

from collections.abc import Iterator

from blog.text.desk.blocks import Kind
from blog.text.desk.findings import Finding, World
from blog.text.desk.prose import found, shortened
from blog.text.desk.reading import Reading, is_link_only, is_small_print
from blog.text.keys import paragraph_keys


def title_used(article: Reading, world: World) -> Iterator[Finding]:
    key = article.title_key
    if key and (path := world.titles.get(key)):
        yield Finding("title_used", 0, shortened(article.draft.title), f"同じタイトルの記事があります：{path}")


def stands_elsewhere(article: Reading, world: World) -> Iterator[Finding]:
    """Leaves out small print, links and trailing sections, which stand under many articles on purpose."""
    if not world.paragraphs:
        return
    blocks = [block for block in article.article if block.kind in (Kind.PARAGRAPH, Kind.ITEM)]
    for block, key in zip(blocks, paragraph_keys([block.text for block in blocks]), strict=True):
        if not key or is_small_print(block.text) or is_link_only(block.text):
            continue
        if path := world.paragraphs.get(key):
            yield found("stands_elsewhere", block, f"この段落は別の記事にもあります：{path}")
