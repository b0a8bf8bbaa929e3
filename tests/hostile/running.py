"""What in a page would run, as a parser sees it."""

import re
import unicodedata
from html.parser import HTMLParser

FORBIDDEN = {"applet", "base", "embed", "frame", "frameset", "iframe", "math", "object", "style", "template", "xmp"}
ADDRESSES = {"action", "background", "cite", "data", "formaction", "href", "poster", "src", "srcset", "xlink:href"}
INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]")
HIDDEN = re.compile(r"[\s\x00-\x20\xad\u200b-\u200f\u2028-\u202e\u2060\ufe0e\ufeff]")
OWN_SCRIPTS = ("/static/", "/admin/jsi18n/")
HARMLESS = ("http:", "https:", "mailto:", "/", "#", "?", "")


class Running(HTMLParser):
    """`found` names each element, attribute and address that a browser would run, and `says` holds all that the page
    says. The site's own scripts are known by their addresses, its data by their type.
    """

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.data: list[str] = []
        self._text: list[str] = []
        self._values: list[str] = []  # of attributes
        self._in_data = self._in_foreign_script = False
        self.feed(page)
        self.close()
        self.says = visible("".join(self._text) + "\n".join(self._values))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN:
            self.found.append(f"<{tag}>")
        if tag == "script":
            self._in_data = attributes.get("type") == "application/ld+json"
            if not self._in_data and not attributes.get("src", "").startswith(OWN_SCRIPTS):
                self.found.append(f"<script {attributes}>")
                self._in_foreign_script = True
        if tag == "meta" and "http-equiv" in attributes:
            self.found.append(f"<meta {attributes}>")
        self._values += attributes.values()
        for name, value in attributes.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}={value}")
            if name in ADDRESSES and not _is_harmless(value):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_data = self._in_foreign_script = False

    def handle_data(self, data: str) -> None:
        (self.data if self._in_data else self._text).append(data)
        if self._in_foreign_script:
            self.found.append(f"script: {data}")


def _is_harmless(address: str) -> bool:
    plain = INVISIBLE.sub("", address).lower()
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", plain)
    return scheme is None or scheme[0] in HARMLESS


def visible(text: str) -> str:
    """The signs of a text that a reader sees; a page may break its lines anywhere."""
    return HIDDEN.sub("", unicodedata.normalize("NFKC", text))
