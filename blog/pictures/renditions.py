"""Makes renditions: smaller copies of a picture in WebP, for small screens. No reader has to wait for one."""

import hashlib
import io
import logging
from collections.abc import Callable, Iterable, Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django_tasks import task
from PIL import Image as PILImage
from PIL import ImageCms

from blog.models import Image
from blog.models.image import RENDITION_WIDTHS
from blog.pictures.uploads import Encoded, ImageRejected, encode_archived, open_picture

logger = logging.getLogger(__name__)

WEBP_LIMIT = 16_383  # pixels in height, by the format
Rendition = tuple[int, bytes]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def make_renditions(image: Image) -> None:
    """Stores the renditions of the image and their names in its row. Raises ImageRejected for a damaged file.

    None is wider than the picture, and one with no fewer bytes than the original is left out. An animation has none.
    A file's name is the hash of its bytes.
    """
    store_renditions(image, encode_renditions(read_original(image)))


@task()
def render_image(pk: int) -> None:
    """Does what `make_renditions` does, for a picture that may be gone by now."""
    for image in Image.objects.filter(pk=pk):
        make_renditions(image)


def read_original(image: Image) -> bytes:
    with image.file.storage.open(image.file.name) as file:
        return file.read()


def encode_renditions(original: bytes) -> list[Rendition]:
    """Returns the renditions that `make_renditions` stores. Raises ImageRejected."""
    with open_picture(original) as picture:
        return [(width, data) for width, data in _encoded(picture) if len(data) < len(original)]


def encode_for_page(data: bytes) -> tuple[Encoded, list[Rendition]]:
    """Encodes an imported picture and its renditions. Raises ImageRejected."""
    encoded = encode_archived(data)
    return encoded, encode_renditions(encoded.data)


def store_renditions(image: Image, renditions: Iterable[Rendition]) -> None:
    """Stores the files and saves their names in the row of the image."""
    image.renditions = [[width, _store(image.file.storage, data)] for width, data in renditions]
    image.save(update_fields=["renditions"])


def render_images(*, made: Callable[[Image], None], broken: Callable[[Image, str], None]) -> None:
    """Makes all missing renditions. It may be stopped: each picture is complete when `made` is called with it.

    It calls `broken` with each picture that is damaged or gone, and the reason.
    """
    for image in Image.objects.order_by("pk"):
        try:
            if not is_complete(image):
                make_renditions(image)
                made(image)
        except (ImageRejected, OSError) as error:
            broken(image, str(error))


def is_complete(image: Image) -> bool:
    """Whether the storage has all its renditions. Raises FileNotFoundError if it lacks the picture itself."""
    storage = image.file.storage
    if not storage.exists(image.file.name):
        raise FileNotFoundError(f"{image.file.name} is not in the storage")
    return image.renditions is not None and all(storage.exists(name) for _, name in image.renditions)


def _encoded(picture: PILImage.Image) -> Iterator[tuple[int, bytes]]:
    if getattr(picture, "is_animated", False):
        return
    widest = min(picture.width, RENDITION_WIDTHS[-1])
    is_lossless = picture.format == "PNG"
    picture.draft(None, (widest, 1))  # lets a JPEG from a camera be decoded no larger than it will be shown
    pixels = _in_srgb(picture)
    for width in [*(width for width in RENDITION_WIDTHS if width < widest), widest]:
        height = max(1, round(pixels.height * width / pixels.width))
        if height > WEBP_LIMIT:
            return
        if width < pixels.width:
            yield width, _webp(pixels.resize((width, height), PILImage.Resampling.LANCZOS, reducing_gap=3))
        elif is_lossless:  # a diagram, whose flat areas may need fewer bytes without loss
            yield width, min(_webp(pixels), _webp(pixels, lossless=True), key=len)
        else:
            yield width, _webp(pixels)


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


def _store(storage: Storage, data: bytes) -> str:
    name = f"renditions/{hashlib.sha256(data).hexdigest()[:32]}.webp"
    return name if storage.exists(name) else storage.save(name, ContentFile(data))
