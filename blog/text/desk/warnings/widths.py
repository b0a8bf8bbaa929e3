"""Warns of mixed full and half width."""

import re
from collections.abc import Iterator

from blog.text.desk.findings import Finding, World
from blog.text.desk.reading import Reading
from blog.text.desk.warnings.prose import PROSE, found, own_words

_WIDE = "Ａ-Ｚａ-ｚ０-９"
_BRACKETS = r"（[^（）()\n]*\)|\([^（）()\n]*）"
_ODD = re.compile(rf"(?P<word>[A-Za-z0-9][{_WIDE}]|[{_WIDE}][A-Za-z0-9])|(?P<kana>[ｦ-ﾟ]+)|(?P<bracket>{_BRACKETS})")
# Few articles hold any of it. The pattern begins with a sign, so that `re` skips the text between.
_MAY_BE_ODD = re.compile(rf"[{_WIDE}ｦ-ﾟ（(](?:(?<=[{_WIDE}ｦ-ﾟ])|(?<=（)[^（）()\n]*\)|(?<=\()[^（）()\n]*）)")
_MESSAGES = {
    "word": "1つの語に全角と半角の英数字が交じっています。",
    "kana": "半角のカタカナがあります。",
    "bracket": "括弧の全角と半角が対になっていません。",
}
# Newspapers write one digit wide and more narrow, so each kind is compared with itself. The 4 of GPT-4 is no digit by
# itself, and what is mixed within a word is found as such.
_BEFORE, _AFTER = f"(?<![A-Za-z0-9{_WIDE}])", f"(?![A-Za-z0-9{_WIDE}])"
_KINDS = (
    ("英字", re.compile(f"{_BEFORE}[Ａ-Ｚａ-ｚ]+{_AFTER}"), re.compile("[A-Za-z]{2}")),
    ("数字", re.compile(f"{_BEFORE}[０-９]{{2,}}{_AFTER}"), re.compile("[0-9]{2}")),
    ("数字", re.compile(f"{_BEFORE}[０-９]{_AFTER}"), re.compile("(?<![!-~])[0-9](?![!-~])")),
)


def width(article: Reading, world: World) -> Iterator[Finding]:
    """Finds words, kana and brackets of the wrong width, and wide letters and digits in an article that has narrow ones
    too. Quotations are left out.
    """
    if not _MAY_BE_ODD.search(article.draft.body):
        return
    blocks = [block for block in article.article if block.kind in PROSE and not block.text.isascii()]
    texts = [own_words(block.text) for block in blocks]
    whole = "\n".join(texts)
    both_ways = [(name, wide) for name, wide, narrow in _KINDS if wide.search(whole) and narrow.search(whole)]
    for block, text in zip(blocks, texts, strict=True):
        for match in _ODD.finditer(text):
            yield found("width", block, _MESSAGES[match.lastgroup or "word"], at=match.start())
        for name, wide in both_ways:
            for match in wide.finditer(text):
                yield found("width", block, f"同じ記事に全角と半角の{name}があります。", at=match.start())
