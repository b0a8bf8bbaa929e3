"""The limits of a body's text and of its HTML. They count and never time: all machines refuse the same texts."""

MAX_CHARS = 1_000_000
# Rendered, real articles are half as long again as their Markdown, the tersest (`- [ ] a`) twelve times as long.
MAX_HTML_MULTIPLE, MAX_HTML_CONSTANT = 20, 1_000_000
# Each costs nh3 about 8 µs, however little is in it. Of 400 real articles the fullest has 2,241 in 39,000 characters.
MAX_ELEMENTS_CONSTANT, CHARS_PER_ELEMENT = 20_000, 80


class BodyRefused(ValueError):
    """The text is not rendered; the message tells the writer why, in a sentence."""


def check_source(source: str) -> None:
    """Raises BodyRefused for a text longer than MAX_CHARS."""
    if len(source) > MAX_CHARS:
        raise BodyRefused(f"本文が長すぎます（{len(source):,}字）。{MAX_CHARS:,}字までにしてください。")


def check_html(html: str, source: str) -> None:
    """Raises BodyRefused for HTML that is too long for its source."""
    limit = MAX_HTML_CONSTANT + MAX_HTML_MULTIPLE * len(source)
    if len(html) > limit:
        raise BodyRefused(
            f"本文をHTMLにすると大きくなりすぎます（{len(html):,}字、この本文では{limit:,}字まで）。"
            "表や脚注、入れ子のタグを減らしてください。"
        )


def check_elements(count: int, source: str) -> None:
    """Raises BodyRefused for more elements of HTML, or marks of list items, than a text of this length may have."""
    limit = MAX_ELEMENTS_CONSTANT + len(source) // CHARS_PER_ELEMENT
    if count > limit:
        raise BodyRefused(
            f"本文の項目やタグが多すぎます（{count:,}個、この本文では{limit:,}個まで）。"
            "箇条書きや段落、入れ子の記号を減らすか、記事を分けてください。"
        )
