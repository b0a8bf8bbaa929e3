"""The site's Markdown: the pure renderer with what it must be told about this site."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from blog.models.image import Image
from blog.text.bounds import BodyRefused
from blog.text.html import EVERY_HOST, PictureFacts
from blog.text.markdown import RenderedMarkdown, render_markdown


def image_size(src: str) -> PictureFacts | None:
    """What there is to know of one of our own pictures, by its URL."""
    name = src.removeprefix(settings.MEDIA_URL)
    image = Image.objects.filter(file=name).first() if name != src else None
    return PictureFacts(image.width, image.height, image.srcset, image.credit) if image else None


def render_body(source: str, *, is_sponsored: bool = False) -> RenderedMarkdown:
    """Every link that leaves the site is a sponsored one in an article that is.

    Raises ValidationError for a text that no HTML is made of, with a sentence for the writer.
    """
    hosts = (EVERY_HOST,) if is_sponsored else settings.SPONSORED_HOSTS
    try:
        return render_markdown(source, sponsored_hosts=hosts, image_size=image_size)
    except BodyRefused as refused:
        raise ValidationError(str(refused), code="body_refused") from refused


def clean_body(item: Any) -> None:
    """Renders the article or page, so that a text no HTML is made of is an error of its `body`."""
    try:
        item.render()
    except ValidationError as error:
        raise ValidationError({"body": error}) from error


def markdownify(source: str) -> str:
    """What django-markdownx calls for a preview: the very HTML the page will have."""
    return render_body(source).html
