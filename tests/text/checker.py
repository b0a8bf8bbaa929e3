"""A reader of rendered HTML that trusts nobody."""

import re
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "wbr"}


class Checker(HTMLParser):
    """Fails on what a reader's browser must never get, and on a tag that is not closed in order."""

    def __init__(self, rendered: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.feed(rendered)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attrs):
        assert tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "base",
            "meta",
            "link",
        }
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in {"style", "srcdoc", "srcset", "target", "name", "action", "formaction"}
            if name in {"href", "src"}:
                scheme = re.match(r"[\x00-\x20]*([a-z][a-z0-9+.\s-]*):", value, re.IGNORECASE)
                assert not scheme or scheme[1].lower() in {"http", "https", "mailto", "tel"}, value
            if name == "id":
                self.ids.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open
        assert self.open.pop() == tag
