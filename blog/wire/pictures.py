"""The picture that stands for a page where it is shared."""

from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static

from blog.addresses import absolute_url
from blog.models import Image, Post
from blog.pictures.cards import SIZE as CARD_SIZE
from blog.pictures.cards import card_of


class SharePicture(NamedTuple):
    """Absolute address, size in pixels, alternative text."""

    url: str
    width: int
    height: int
    alt: str


def share_picture(post: Post) -> SharePicture:
    """The share image, else the lead image, else the post's card, else the site's."""
    if image := post.share_image or post.lead_image:
        return network_picture(image)
    return card_picture(post) or site_picture()


def pictures_of(post: Post) -> list[SharePicture]:
    """The lead and the share image, or else the card; none if that is not drawn yet."""
    stored = [stored_picture(image) for image in (post.lead_image, post.share_image) if image]
    return stored or list(filter(None, [card_picture(post)]))


def stored_picture(image: Image) -> SharePicture:
    return SharePicture(absolute_url(image.file.url), image.width, image.height, image.alt)


def network_picture(image: Image) -> SharePicture:
    """The picture as social networks take it: a JPEG of moderate size. They refuse WebP, and originals of megabytes."""
    if image.share_file is None:
        return stored_picture(image)
    name, width, height = image.share_file
    return SharePicture(absolute_url(image.file.storage.url(name)), width, height, image.alt)


def card_picture(post: Post) -> SharePicture | None:
    """The post's social card; None as long as no card shows the post as it is."""
    card = card_of(post)
    return SharePicture(absolute_url(default_storage.url(card)), *CARD_SIZE, post.labelled_title) if card else None


def site_picture() -> SharePicture:
    return SharePicture(absolute_url(static("img/share.png")), *CARD_SIZE, settings.SITE_NAME)
