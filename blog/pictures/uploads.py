"""Pictures on their way in: whatever is uploaded or imported is decoded, checked and encoded anew.

A file is what its bytes say, never what its name or the browser claims. What is stored carries no metadata (a phone
writes the place into it), stands upright, and is named by its content.
"""

import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.db.models import Q
from PIL import Image as Picture
from PIL import ImageOps

from blog.models import Image
from blog.pictures.structure import MAX_PARTS, Structure, structure
from blog.text.japanese import normalise

MAX_BYTES = 20 * 2**20
MAX_PIXELS = 40_000_000
MAX_FRAMES = 300
MAX_ANIMATED_PIXELS = 4 * MAX_PIXELS
MAX_SCANS = 50  # of a JPEG, each a pass over all pixels; what is not made to be slow has about ten
MAX_EXIF_BYTES = 2**16  # what a JPEG has room for; entries may all point to the same bytes, and each is copied
DECODED = ("JPEG", "PNG", "WEBP", "GIF")
# What each format is stored as: (Pillow's name, extension, options of the encoder). A JPEG of several views, as
# phones make it, calls itself MPO once it is open.
FORMATS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("JPEG", "jpg", {"quality": 88, "optimize": True, "progressive": True}),
    "MPO": ("JPEG", "jpg", {"quality": 88, "optimize": True, "progressive": True}),
    "PNG": ("PNG", "png", {}),  # `optimize` takes four times as long to save an eighth
    "WEBP": ("WEBP", "webp", {"quality": 88, "method": 4}),
    "GIF": ("WEBP", "webp", {"lossless": True, "method": 4}),
}
# What Pillow tells of a picture that `reencode` wrote; a text, a comment, a place or a camera is none of these.
JPEG_INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
OWN_INFO = JPEG_INFO | {"icc_profile", "transparency", "background", "duration", "loop", "timestamp"}
OWN_SEGMENTS = {"APP0", "APP2"}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXEL_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


class ImageRejected(ValueError):
    """The bytes are no picture we take; the message is for the editor, in Japanese."""


class Encoded(NamedTuple):
    data: bytes
    extension: str


def reencode(data: bytes) -> Encoded:
    """The picture as it will be served. Raises ImageRejected; decodes nothing larger than MAX_PIXELS."""
    if len(data) > MAX_BYTES:
        raise ImageRejected(f"画像は{MAX_BYTES // 2**20}MBまでです。")
    with open_picture(data) as picture:
        return _encode(picture)


def encode_archived(data: bytes) -> Encoded:
    """As `reencode`, but a PNG that is its pixels and nothing else stays as it is. Raises ImageRejected.

    It is decoded all the same. Encoded again it would be the same pixels, for several times the work.
    """
    if len(data) > MAX_BYTES or not _is_bare_png(data):
        return reencode(data)
    with open_picture(data) as picture:
        picture.load()
    return Encoded(data, "png")


def encode_exported(data: bytes) -> Encoded:
    """What `reencode` made stays as it is: a photograph encoded again would be another one. Raises ImageRejected."""
    return _as_encoded(data) or reencode(data)


def _is_bare_png(data: bytes) -> bool:
    """Whether there are only chunks of pixels, whole and in one row, and nothing behind the last."""
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
    """The bytes themselves if nothing but a picture is in them, as in what `reencode` makes. Raises ImageRejected."""
    with open_picture(data) as picture:
        picture.load()
        segments = {segment for segment, _ in getattr(picture, "applist", ())}
        private = getattr(picture, "private_chunks", ())
        is_own = picture.info.keys() <= OWN_INFO and segments <= OWN_SEGMENTS and not private and not picture.getexif()
        name, extension, _ = FORMATS[picture.format]
        return Encoded(data, extension) if is_own and name == picture.format else None


@contextmanager
def open_picture(data: bytes) -> Iterator[Picture.Image]:
    """The picture, not yet decoded. Raises ImageRejected for what fails inside the block, too."""
    _check_structure(structure(data))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Picture.DecompressionBombWarning)
            with Picture.open(io.BytesIO(data), formats=DECODED) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ImageRejected(_too_large())
                yield picture
    except (Picture.DecompressionBombError, Picture.DecompressionBombWarning):
        raise ImageRejected(_too_large()) from None
    except ImageRejected:
        raise
    # Pillow's decoders raise these for damaged files; its EXIF reader adds SyntaxError and struct.error by subclass.
    except (
        OSError,
        ValueError,
        SyntaxError,
        IndexError,
        TypeError,
        EOFError,
        KeyError,
        OverflowError,
    ) as error:
        raise ImageRejected("画像として読めません。JPEG、PNG、WebP、GIFのいずれかを選んでください。") from error


def _check_structure(found: Structure) -> None:
    """Raises ImageRejected for what would take a decoder long."""
    if found.pixels > MAX_PIXELS:
        raise ImageRejected(_too_large())
    if found.frames > MAX_FRAMES or (found.frames > 1 and found.frames * found.pixels > MAX_ANIMATED_PIXELS):
        raise ImageRejected("アニメーションが長すぎます。")
    if found.parts > MAX_PARTS or found.scans > MAX_SCANS or found.exif_bytes > MAX_EXIF_BYTES:
        raise ImageRejected("ファイルの作りが複雑すぎます。画像編集ソフトで保存し直したものを選んでください。")


def store_image(data: bytes, *, name: str = "", alt: str = "", caption: str = "", credit: str = "") -> Image:
    """The Image of these bytes: the one that is there already, or a new one. Raises ImageRejected.

    They are there as they were uploaded or as they are served. The texts are given to a new row only; what an editor
    wrote on an existing one stays.
    """
    return find_image(data) or add_image(reencode(data), data, name=name, alt=alt, caption=caption, credit=credit)


def find_image(data: bytes) -> Image | None:
    """The Image that has these bytes, as they were uploaded or as they are served."""
    digest = hashlib.sha256(data).hexdigest()
    stored = [_path(digest, extension) for _, extension, _ in FORMATS.values()]
    return Image.objects.filter(Q(source_digest=digest) | Q(file__in=stored)).order_by("pk").first()


def add_image(encoded: Encoded, data: bytes, *, name: str = "", **texts: str) -> Image:
    """A new Image of what `data` was encoded to."""
    name = normalise(PurePath(name).name)[:255]
    return _create(encoded, hashlib.sha256(data).hexdigest(), original_name=name, **texts)


def restore_image(
    data: bytes, *, source_digest: str, encode: Callable[[bytes], Encoded] = encode_exported, **texts: str
) -> Image:
    """The Image that `store_image` once made, from its file, which `encode` leaves as it is. Raises ImageRejected."""
    existing = Image.objects.filter(source_digest=source_digest).first()
    return existing or _create(encode(data), source_digest, **texts)


def _create(encoded: Encoded, source_digest: str, **texts: str) -> Image:
    path = _stored(_path(hashlib.sha256(encoded.data).hexdigest(), encoded.extension), encoded.data)
    image = Image.objects.get_or_create(source_digest=source_digest, defaults={"file": path, **texts})[0]
    if image.file.name == path:
        # It may have been there as the file of a picture that was being deleted. The row keeps it from now on.
        _stored(path, encoded.data)
    return image


def _stored(path: str, data: bytes) -> str:
    """Where these bytes are in the storage, there already or now; what a crash left of them gives way to the whole."""
    storage = Image._meta.get_field("file").storage
    if storage.exists(path) and storage.size(path) == len(data):
        return path
    storage.delete(path)
    return storage.save(path, ContentFile(data))


def _path(digest: str, extension: str) -> str:
    return f"images/{digest[:32]}.{extension}"


def _encode(picture: Picture.Image) -> Encoded:
    name, extension, options = FORMATS[picture.format]
    frames = getattr(picture, "n_frames", 1)
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
