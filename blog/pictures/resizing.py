"""Encodes the renditions of a picture.

No model is imported here: a process that only encodes begins at once.
"""

import io
import logging
from collections.abc import Iterator

from PIL import Image as PILImage
from PIL import ImageCms

from blog.pictures.encoding import WEBP_LIMIT, Encoded, encode_archived, open_picture
from blog.sizes import RENDITION_WIDTHS, SHARE_WIDTH, height_at

logger = logging.getLogger(__name__)

JPEG_LIMIT = 65_500  # pixels in height, of its encoder
SHARE_BYTES = 600_000  # the strictest of the networks
SHARE_QUALITIES = (85, 70, 50, 30)
PAPER = "white"  # behind transparent pixels of the JPEG
Rendition = tuple[int, bytes]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def encode_renditions(original: bytes) -> list[Rendition]:
    """Returns the renditions that `make_renditions` stores. Raises ImageRejected."""
    with open_picture(original) as picture:
        needs_share = picture.format != "JPEG" or picture.width > SHARE_WIDTH
        is_animated = getattr(picture, "is_animated", False)
        is_lossless = picture.format == "PNG"
        widest = min(picture.width, RENDITION_WIDTHS[-1])
        full = picture.size
        picture.draft(None, (widest, 1))  # lets a JPEG from a camera be decoded no larger than it will be shown
        pixels = _in_srgb(picture)
    made = [] if is_animated else list(_encoded(pixels, full, is_lossless=is_lossless))
    shown = [(width, data) for width, data in made if len(data) < len(original)]
    return [*shown, *_share(pixels, full)] if needs_share else shown


def encode_for_page(data: bytes) -> tuple[Encoded, list[Rendition]]:
    """Encodes an imported picture and its renditions. Raises ImageRejected."""
    encoded = encode_archived(data)
    return encoded, encode_renditions(encoded.data)


def _encoded(pixels: PILImage.Image, full: tuple[int, int], *, is_lossless: bool) -> Iterator[Rendition]:
    widest = min(full[0], RENDITION_WIDTHS[-1])
    for width in [*(width for width in RENDITION_WIDTHS if width < widest), widest]:
        height = height_at(width, *full)
        if height > WEBP_LIMIT:
            return
        if width < pixels.width:
            yield width, _webp(_resized(pixels, width, height))
        elif is_lossless:  # a diagram, whose flat areas may need fewer bytes without loss
            yield width, min(_webp(pixels), _webp(pixels, lossless=True), key=len)
        else:
            yield width, _webp(pixels)


def _share(pixels: PILImage.Image, full: tuple[int, int]) -> Iterator[Rendition]:
    width = min(full[0], SHARE_WIDTH)
    height = height_at(width, *full)
    if height > JPEG_LIMIT:
        return
    flat = PILImage.new("RGB", pixels.size, PAPER)
    flat.paste(pixels, mask=pixels.getchannel("A") if pixels.mode == "RGBA" else None)
    small = _resized(flat, width, height) if flat.size != (width, height) else flat
    for quality in SHARE_QUALITIES:
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= SHARE_BYTES:
            break
    yield width, out.getvalue()


def _resized(pixels: PILImage.Image, width: int, height: int) -> PILImage.Image:
    return pixels.resize((width, height), PILImage.Resampling.LANCZOS, reducing_gap=3)


def _webp(picture: PILImage.Image, *, lossless: bool = False) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", lossless=lossless, quality=80, method=4)
    return out.getvalue()


def _in_srgb(picture: PILImage.Image) -> PILImage.Image:
    """Converts the pixels to RGB or RGBA in the colour space of screens."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits of grey, which `convert` would cut off at 255
        picture = picture.point(lambda value: value / 256).convert("L")
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    pixels = picture.convert("RGBA" if has_alpha else "RGB")
    pixels.info = {}
    if profile and picture.mode in ("RGB", "RGBA"):
        try:
            return ImageCms.profileToProfile(pixels, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB)
        except (ImageCms.PyCMSError, OSError):
            logger.info("a colour profile cannot be read; its picture is taken for sRGB")
    return pixels
