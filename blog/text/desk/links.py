"""Links and pictures that lead nowhere on our own site. Other sites are not asked."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from blog.text.desk.addresses import Address, addresses
from blog.text.desk.blocks import Kind
from blog.text.desk.findings import Edit, Finding, World
from blog.text.desk.reading import Reading, shown
from blog.text.headings import Outline
from blog.text.japanese import plain_text

_HTML_HEADING = re.compile(r"<h[1-6]\b[^<>]*>([^<>]*)</h", re.IGNORECASE)
_HTML_ID = re.compile(r"\s(?:id|name)=[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_UNSAFE_IN_ADDRESS = re.compile(r"[\s()<>\"%\\?#]")


def links(article: Reading, world: World) -> Iterator[Finding]:
    """Finds links that lead nowhere or where a page was before (`dead_link`), and absent pictures (`missing_image`)."""
    targets: set[str] | None = None
    for address in addresses(article.blocks, world.own_origin):
        if address.path is None:
            continue
        if address.is_picture:
            if address.path not in world.images:
                message = "この画像はサイトにありません。画像を追加し直すか、この行を消してください。"
                yield _finding("missing_image", article, address, message)
        elif not address.path:
            targets = _targets(article) if targets is None else targets
            if not _is_target(address.fragment, targets):
                yield _finding("dead_link", article, address, "リンクの行き先が、この記事の中にありません。")
        elif address.path in world.moved:
            message = "リンク先は別のアドレスに移っています。新しいアドレスに書き換えてください。"
            yield _finding("dead_link", article, address, message, _rewritten(address, world.moved[address.path]))
        elif address.path not in world.paths and not (address.names_picture and address.path in world.images):
            message = "リンク先のページがありません。アドレスを直すか、リンクを外してください。"
            yield _finding("dead_link", article, address, message)


def _finding(code: str, article: Reading, address: Address, message: str, fix: tuple[Edit, ...] = ()) -> Finding:
    return Finding(code, article.line_of(address.start), shown(address.written), message, fix)


def _rewritten(address: Address, target: str) -> tuple[Edit, ...]:
    written = _UNSAFE_IN_ADDRESS.sub(lambda sign: quote(sign[0]), target)
    return (Edit("body", address.start + address.begin, address.start + address.end, written),)


def _is_target(fragment: str, targets: set[str]) -> bool:
    """Whether a link within the page arrives: at its top, at a heading, or at a note."""
    return fragment in targets or fragment == "top" or fragment.startswith(("fn-", "fnref-"))


def _targets(article: Reading) -> set[str]:
    outline = Outline()
    found: set[str] = set()
    for block in article.blocks:
        if block.kind is Kind.HEADING:
            found.add(outline.add(block.level, plain_text(block.text))[1])
        if "<" in block.text and block.kind is not Kind.FENCE:
            found |= {outline.add(2, heading)[1] for heading in _HTML_HEADING.findall(block.text)}
            found.update(_HTML_ID.findall(block.text))
    return (found | outline.renamed.keys()) - {""}
