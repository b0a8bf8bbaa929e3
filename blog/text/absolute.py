"""Makes the addresses in rendered HTML absolute, for readers who see it elsewhere than on its own page."""

import re
from html import escape, unescape
from urllib.parse import urljoin

# In our HTML every `<` of the text is escaped and every value stands in double quotes, so these find tags and nothing
# else. Attributes are consumed one after the other: `alt='src='` is a value, not a name.
TAG = re.compile(r'<[a-z][a-z0-9]* (?:[^"<>]++|"[^"]*")*+>')
ATTRIBUTE = re.compile(r'([^\s"=<>]+)="([^"]*)"')
CANDIDATE = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])(\s[^,]*)?")  # one address of a srcset, with its descriptor


def absolute_links(html: str, base: str) -> str:
    """Returns `html` with every address resolved against `base`, the absolute URL of the page it comes from.

    `html` must be well-formed with double-quoted attributes, as `render_markdown` makes it.
    """

    def resolve(url: str) -> str:
        try:
            return urljoin(base, url)
        except ValueError:
            return url  # an address like `http://[` leads nowhere on any page

    def replace(attribute: re.Match[str]) -> str:
        whole, name, value = attribute[0], attribute[1], unescape(attribute[2])
        if name in ("href", "src", "cite", "poster"):
            value = resolve(value)
        elif name == "srcset":
            value = CANDIDATE.sub(lambda candidate: resolve(candidate[1]) + (candidate[2] or ""), value)
        else:
            return whole
        return f'{name}="{escape(value)}"'

    return TAG.sub(lambda tag: ATTRIBUTE.sub(replace, tag[0]), html)
