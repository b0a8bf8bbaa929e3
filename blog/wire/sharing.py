"""Links by which readers share an article: plain links, without scripts of other sites."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings

from blog.addresses import absolute_url
from blog.models import Post


class ShareTarget(NamedTuple):
    name: str
    address: str
    #: The names of its parameters for our URL and for the title. A target without the second reads it from our page.
    url: str
    text: str = ""


TARGETS = (
    ShareTarget("X", "https://x.com/intent/post", "url", "text"),
    ShareTarget("Facebook", "https://www.facebook.com/sharer/sharer.php", "u"),
    ShareTarget("LINE", "https://social-plugins.line.me/lineit/share", "url", "text"),
    ShareTarget("はてなブックマーク", "https://b.hatena.ne.jp/add", "url", "title"),
)


class Sharing(NamedTuple):
    title: str
    url: str
    #: (name, address) of each target
    links: list[tuple[str, str]]


def sharing(post: Post) -> Sharing:
    """Returns the title and URL to share, and the links to each target."""
    title = f"{post.labelled_title}｜{settings.SITE_NAME}"
    url = absolute_url(post.get_absolute_url())
    links = []
    for target in TARGETS:
        query = {target.url: url} | ({target.text: title} if target.text else {})
        links.append((target.name, f"{target.address}?{urlencode(query)}"))
    return Sharing(title, url, links)
