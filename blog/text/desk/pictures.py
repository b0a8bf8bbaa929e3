"""Warnings about pictures that a reader cannot see or hear of."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from blog.text.desk.addresses import ELSEWHERE
from blog.text.desk.blanks import bare_text
from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Finding, World
from blog.text.desk.prose import found
from blog.text.desk.reading import Reading

_MARKDOWN = re.compile(r"!\[(?P<alt>[^\[\]]*)\](?:\([ \t]*<?(?P<src>[^()<>\s]*))?")
_HTML = re.compile(r"<img\b(?P<attributes>[^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(alt|src)[ \t]*=[ \t]*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))", re.IGNORECASE)
_NO_WORDS = re.compile(
    r"\s*(?:[\w.-]+\.(?:png|jpe?g|gif|webp|avif|svg)|(?:img|dsc|image|screenshot|スクリーンショット|画像|写真|図)[_\-\s]?[\d_\-]*)?\s*",
    re.IGNORECASE,
)


class _Picture(NamedTuple):
    block: Block
    at: int
    src: str
    alt: str
    is_ornament: bool  # HTML says so by an empty alt


def alt(article: Reading, world: World) -> Iterator[Finding]:
    for picture in _pictures(article):
        if not picture.is_ornament and _NO_WORDS.fullmatch(picture.alt):
            message = "画像に代替テキスト（alt）がありません。何が写っているかを言葉で書いてください。"
            yield found("alt", picture.block, message, at=picture.at)


def external_image(article: Reading, world: World) -> Iterator[Finding]:
    """The page's policy shows pictures of our own origin only."""
    for picture in _pictures(article):
        if ELSEWHERE.match(picture.src) and not _is_ours(picture.src, world.own_origin):
            message = "よそのサイトの画像は、記事のページでは表示されません。アップロードして使ってください。"
            yield found("external_image", picture.block, message, at=picture.at)


def _is_ours(src: str, origin: str) -> bool:
    if src.startswith("//"):
        src = origin.partition("//")[0] + src
    return bool(origin) and (src == origin or src.startswith(f"{origin}/"))


def _may_show_any(text: str) -> bool:
    return "![" in text or ("<" in text and "<img" in text.lower())


def _pictures(article: Reading) -> Iterator[_Picture]:
    if not _may_show_any(article.draft.body):
        return
    for block in article.blocks:
        if block.kind in (Kind.FENCE, Kind.CODE) or not _may_show_any(block.text):
            continue
        text = bare_text(block)
        for match in _MARKDOWN.finditer(text):
            yield _Picture(block, match.start(), match["src"] or "", match["alt"], is_ornament=False)
        for match in _HTML.finditer(text):
            attributes = {name.lower(): "".join(value) for name, *value in _ATTRIBUTE.findall(match["attributes"])}
            src, alt = attributes.get("src", ""), attributes.get("alt")
            yield _Picture(block, match.start(), src, alt or "", is_ornament=alt == "")
