"""What a body may cost. Everything here is counted, not timed: the same text is refused everywhere or nowhere."""

MAX_CHARS = 1_000_000
# Real articles come out a half longer than they went in, the tersest Markdown (`- [ ] a`) twelve times as long.
MAX_HTML_MULTIPLE, MAX_HTML_CONSTANT = 20, 1_000_000


class BodyRefused(ValueError):
    """No HTML is made of this text; the message is a sentence for the writer."""


def check_source(source: str) -> None:
    if len(source) > MAX_CHARS:
        raise BodyRefused(f"本文が長すぎます（{len(source):,}字）。{MAX_CHARS:,}字までにしてください。")


def check_html(html: str, source: str) -> None:
    limit = MAX_HTML_CONSTANT + MAX_HTML_MULTIPLE * len(source)
    if len(html) > limit:
        raise BodyRefused(
            f"本文をHTMLにすると大きくなりすぎます（{len(html):,}字、この本文では{limit:,}字まで）。"
            "表や脚注、入れ子のタグを減らしてください。"
        )
