"""Renders articles in other processes, which know neither the settings nor the pictures of this site."""

from blog.text.bounds import BodyRefused
from blog.text.markdown import RenderedArticle, as_article, render_markdown


class _ShowsPicture(Exception):
    """The text shows a picture of this site."""


def render_apart(title: str, body: str, sponsored_hosts: tuple[str, ...], media_url: str) -> RenderedArticle | None:
    """Renders an article as a save does. Returns None for what only a save can do: show a picture, or refuse a text."""

    def know_picture(address: str) -> None:
        if address.startswith(media_url):
            raise _ShowsPicture

    try:
        return as_article(title, render_markdown(body, sponsored_hosts=sponsored_hosts, find_picture=know_picture))
    except (BodyRefused, _ShowsPicture):
        return None
