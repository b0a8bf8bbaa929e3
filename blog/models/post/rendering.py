"""Renders the site's Markdown: calls the renderer of `blog.text` with the settings and pictures of this site."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from blog.addresses import PICTURE_ADDRESS
from blog.models.image import FormerFile, Image
from blog.text.bounds import BodyRefused
from blog.text.html import EVERY_HOST, PictureFacts
from blog.text.markdown import RenderedMarkdown, render_markdown


def picture_facts(src: str) -> PictureFacts | None:
    """The facts about one of our own pictures, by its URL; None for any other picture."""
    name = src.removeprefix(settings.MEDIA_URL)
    if name == src:
        return None
    image = Image.objects.filter(file=name).first()
    url = ""
    if image is None and name.startswith("images/"):  # the text may name a file that was replaced since
        former = FormerFile.objects.filter(name=name).select_related("image").first()
        image = former.image if former else None
        url = image.file.url if image else ""
    return PictureFacts(image.width, image.height, image.srcset, image.credit, url) if image else None


def with_current_files(source: str) -> str:
    """Returns the Markdown with the present addresses of pictures whose files were replaced.

    It takes a query for a text that names pictures of this site.
    """
    names = set(PICTURE_ADDRESS.findall(source))
    former = FormerFile.objects.filter(name__in=names).select_related("image") if names else ()
    today = {row.name: row.image.file.url for row in former}
    return PICTURE_ADDRESS.sub(lambda found: today.get(found[1], found[0]), source) if today else source


def render_body(source: str, *, is_sponsored: bool = False) -> RenderedMarkdown:
    """Renders a body. In a sponsored article, every link to another site gets `rel="sponsored"`.

    Raises ValidationError, with a sentence for the writer, for a text that is too long or too deeply nested.
    """
    try:
        return render_markdown(source, sponsored_hosts=sponsored_hosts(is_sponsored), find_picture=picture_facts)
    except BodyRefused as refused:
        raise ValidationError(str(refused), code="body_refused") from refused


def sponsored_hosts(is_sponsored: bool) -> tuple[str, ...]:
    """The hosts to which links count as paid for: every host, in a sponsored article."""
    return (EVERY_HOST,) if is_sponsored else settings.SPONSORED_HOSTS


def clean_body(item: Any) -> None:
    """Renders the article or page; a text that cannot be rendered becomes an error of its field `body`."""
    try:
        item.render()
    except ValidationError as error:
        raise ValidationError({"body": error}) from error


def markdownify(source: str) -> str:
    """Renders a preview for django-markdownx, with the same HTML as the page."""
    return render_body(source).html
