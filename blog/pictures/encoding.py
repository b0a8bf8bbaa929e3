"""Decodes, checks and encodes anew the bytes of pictures that are uploaded or imported, and encodes their renditions.

The bytes decide which format a file has, not its name or the browser. A stored picture has no metadata (a phone writes
the place into it) and is upright. No model is imported here: an import encodes in threads.
"""

import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings
from PIL import Image as PILImage
from PIL import ImageCms, ImageOps

from blog.sizes import RENDITION_WIDTHS, SHARE_WIDTH, height_at

logger = logging.getLogger(__name__)

MAX_BYTES = settings.PICTURE_MAX_BYTES
MAX_PIXELS = 40_000_000
WEBP_LIMIT = 16_383  # pixels in width and in height, which the format can hold
MAX_FRAMES = 300
MAX_ANIMATED_PIXELS = 4 * MAX_PIXELS
DECODED = ("JPEG", "PNG", "WEBP", "GIF")
# How each format is stored: (Pillow's name, extension, options of the encoder). Pillow calls a JPEG with several
# views, as phones make it, an MPO.
FORMATS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("JPEG", "jpg", {"quality": 88, "optimize": True, "progressive": True}),
    "MPO": ("JPEG", "jpg", {"quality": 88, "optimize": True, "progressive": True}),
    "PNG": ("PNG", "png", {}),  # `optimize` takes four times as long to save an eighth
    "WEBP": ("WEBP", "webp", {"quality": 88, "method": 4}),
    "GIF": ("WEBP", "webp", {"lossless": True, "method": 4}),
}
# The keys of Pillow's `info` for a picture that `reencode` wrote; texts, comments, places and cameras have others.
JPEG_INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
OWN_INFO = JPEG_INFO | {"icc_profile", "transparency", "background", "duration", "loop", "timestamp"}
OWN_SEGMENTS = {"APP0", "APP2"}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXEL_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


class ImageRejected(ValueError):
    """The bytes are not a picture that we accept; the message tells the editor why, in Japanese."""


class Encoded(NamedTuple):
    data: bytes
    extension: str


def reencode(data: bytes) -> Encoded:
    """Encodes a picture as it will be served. Raises ImageRejected, and decodes nothing larger than MAX_PIXELS."""
    if len(data) > MAX_BYTES:
        raise ImageRejected(f"画像は{MAX_BYTES // 2**20}MBまでです。")
    with open_picture(data) as picture:
        return _encode(picture)


def encode_archived(data: bytes) -> Encoded:
    """Does what `reencode` does, but keeps the bytes of a PNG that has only pixels. Raises ImageRejected.

    Such a PNG is decoded all the same. Encoding it again would take several times the work, for the same pixels.
    """
    if len(data) > MAX_BYTES or not _is_bare_png(data):
        return reencode(data)
    with open_picture(data) as picture:
        picture.load()
    return Encoded(data, "png")


def encode_exported(data: bytes) -> Encoded:
    """Keeps the bytes that `reencode` made, and encodes others. Raises ImageRejected.

    Encoding a photograph twice would change it, so an export and an import would not give the same picture.
    """
    return _as_encoded(data) or reencode(data)


def _is_bare_png(data: bytes) -> bool:
    """Whether the PNG has only chunks for its pixels, each undamaged, with nothing between or after them."""
    if not data.startswith(PNG_SIGNATURE):
        return False
    position, kind = len(PNG_SIGNATURE), b""
    while kind != b"IEND" and position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if kind not in PIXEL_CHUNKS or end > len(data):
            return False
        if zlib.crc32(data[position + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            return False
        position = end
    return kind == b"IEND" and position == len(data)


def _as_encoded(data: bytes) -> Encoded | None:
    """Returns the same bytes if they hold only a picture, as `reencode` makes it, else None. Raises ImageRejected."""
    with open_picture(data) as picture:
        picture.load()
        segments = {segment for segment, _ in getattr(picture, "applist", ())}
        private = getattr(picture, "private_chunks", ())
        is_own = picture.info.keys() <= OWN_INFO and segments <= OWN_SEGMENTS and not private and not picture.getexif()
        name, extension, _ = FORMATS[picture.format]
        return Encoded(data, extension) if is_own and name == picture.format else None


@contextmanager
def open_picture(data: bytes) -> Iterator[PILImage.Image]:
    """Opens the picture without decoding it. Raises ImageRejected, also for decoding errors inside the block."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PILImage.DecompressionBombWarning)
            with PILImage.open(io.BytesIO(data), formats=DECODED) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ImageRejected(_too_large())
                if FORMATS[picture.format][0] == "WEBP" and max(picture.size) > WEBP_LIMIT:
                    raise ImageRejected(f"GIFとWebPは、縦横とも{WEBP_LIMIT:,}ピクセルまでです。")
                yield picture
    except (PILImage.DecompressionBombError, PILImage.DecompressionBombWarning):
        raise ImageRejected(_too_large()) from None
    except ImageRejected:
        raise
    # Pillow's decoders raise these for damaged files, its EXIF reader and writer the last three too.
    except (
        OSError,
        ValueError,
        SyntaxError,
        IndexError,
        TypeError,
        EOFError,
        KeyError,
        OverflowError,
        RuntimeError,
        AttributeError,
        struct.error,
    ) as error:
        logger.info("A picture was refused", exc_info=error)  # a mistake of ours may be among these
        raise ImageRejected("画像として読めません。JPEG、PNG、WebP、GIFのいずれかを選んでください。") from error


def _encode(picture: PILImage.Image) -> Encoded:
    name, extension, options = FORMATS[picture.format]
    frames = getattr(picture, "n_frames", 1)
    if (
        name == "WEBP"
        and frames > 1
        and (frames > MAX_FRAMES or frames * picture.width * picture.height > MAX_ANIMATED_PIXELS)
    ):
        raise ImageRejected("アニメーションが長すぎます。")
    out = io.BytesIO()
    if name == "WEBP" and frames > 1:
        picture.save(out, name, save_all=True, **options)
        return Encoded(out.getvalue(), extension)
    upright = ImageOps.exif_transpose(picture)
    profile = picture.info.get("icc_profile")
    if name == "JPEG" and upright.mode not in ("RGB", "L"):
        # A profile made for CMYK would be wrong for the RGB it becomes.
        upright, profile = upright.convert("RGB"), None
    elif name == "WEBP" and upright.mode not in ("RGB", "RGBA"):
        upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    upright.save(out, name, **options, **({"icc_profile": profile} if profile else {}))
    return Encoded(out.getvalue(), extension)


def _too_large() -> str:
    return f"画像は{MAX_PIXELS // 10_000:,}万画素までです。"


JPEG_LIMIT = 65_500  # pixels in height, of its encoder
SHARE_BYTES = 600_000  # the strictest of the networks
SHARE_QUALITIES = (85, 70, 50, 30)
BEHIND_TRANSPARENT = "white"  # behind transparent pixels of the JPEG
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
    made = [] if is_animated else list(_in_widths(pixels, full, is_lossless=is_lossless))
    shown = [(width, data) for width, data in made if len(data) < len(original)]
    return [*shown, *_share(pixels, full)] if needs_share else shown


def encode_for_page(data: bytes) -> tuple[Encoded, list[Rendition]]:
    """Encodes an imported picture and its renditions. Raises ImageRejected."""
    encoded = encode_archived(data)
    return encoded, encode_renditions(encoded.data)


def _in_widths(pixels: PILImage.Image, full: tuple[int, int], *, is_lossless: bool) -> Iterator[Rendition]:
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
    flat = PILImage.new("RGB", pixels.size, BEHIND_TRANSPARENT)
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
