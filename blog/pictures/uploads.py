"""Takes in pictures that are uploaded or imported. A stored picture is encoded anew and named by its content."""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.db.models import Q

from blog.delivery.bodies import is_disk_full
from blog.models import FormerFile, Image
from blog.pictures.encoding import FORMATS, Encoded, ImageRejected, encode_exported, reencode
from blog.text.japanese import normalise


def store_image(
    data: bytes, *, added: Callable[[Image], object] = lambda image: None, name: str = "", **texts: str
) -> Image:
    """Returns the Image of these bytes: an existing one, as `find_image` finds it, or a new one. Raises ImageRejected.

    Only a new row gets the texts (`alt`, `caption`, `credit`); an existing one keeps those that editors wrote. `added`
    is called with a new one, in its transaction, which begins after all that takes long.
    """
    if image := find_image(data):
        return image
    encoded = reencode(data)
    with transaction.atomic():
        image, is_new = add_image(encoded, data, name=name, **texts)
        if is_new:
            added(image)
    return image


def find_image(data: bytes) -> Image | None:
    """Finds the Image whose upload or whose served file has these bytes."""
    digest = hashlib.sha256(data).hexdigest()
    stored = [_path(digest, extension) for _, extension, _ in FORMATS.values()]
    return Image.objects.filter(Q(source_digest=digest) | Q(file__in=stored)).order_by("pk").first()


def add_image(encoded: Encoded, data: bytes, *, name: str = "", **texts: str) -> tuple[Image, bool]:
    """Stores `encoded`, made from the upload `data`, as an Image. Returns it and whether it is new: another request may
    have stored the same upload meanwhile.
    """
    name = normalise(PurePath(name).name)[:255]
    return _create(encoded, hashlib.sha256(data).hexdigest(), original_name=name, **texts)


def restore_image(
    data: bytes, *, source_digest: str, encode: Callable[[bytes], Encoded] = encode_exported, **texts: str
) -> Image:
    """Makes again an Image that `store_image` once made, from its file. Raises ImageRejected.

    `encode` keeps the bytes that we made; `source_digest` is that of the upload.
    """
    existing = Image.objects.filter(source_digest=source_digest).first()
    return existing or _create(encode(data), source_digest, **texts)[0]


def _create(encoded: Encoded, source_digest: str, **texts: str) -> tuple[Image, bool]:
    path = _path(hashlib.sha256(encoded.data).hexdigest(), encoded.extension)
    if FormerFile.objects.filter(name=path).exists():  # texts name it, and mean the picture that took its place
        raise ImageRejected(FORMER)
    path = _stored(path, encoded.data)
    image, is_new = Image.objects.get_or_create(source_digest=source_digest, defaults={"file": path, **texts})
    if image.file.name == path:
        # The file may have been that of a picture that was just being deleted. From now on the row keeps it.
        _stored(path, encoded.data)
    return image, is_new


def exchange_file(image: Image, encoded: Encoded, data: bytes, *, name: str = "") -> None:
    """Gives the row the file `encoded`, made from the upload `data`, and none of the renditions of the old one.

    Raises ImageRejected, also for bytes that are a picture of the library already, or were another one.
    """
    if known := find_image(data):
        raise ImageRejected(SAME_FILE if known == image else f"この画像は、別の画像「{known}」として登録されています。")
    path = _path(hashlib.sha256(encoded.data).hexdigest(), encoded.extension)
    if known := Image.objects.filter(file=path).first():
        raise ImageRejected(SAME_FILE if known == image else f"この画像は、別の画像「{known}」として登録されています。")
    if FormerFile.objects.filter(name=path).exclude(image=image).exists():
        raise ImageRejected(FORMER)
    image.file = _stored(path, encoded.data)
    image.source_digest, image.renditions = hashlib.sha256(data).hexdigest(), None
    image.original_name = normalise(PurePath(name).name)[:255] or image.original_name
    image.save()
    _stored(path, encoded.data)  # as in `_create`


SAME_FILE = "いまの画像と同じファイルです。"
FORMER = "この画像は、差し替える前のファイルとして残っています。使うときは、その画像の「差し替え」で元に戻します。"
NOT_WRITABLE = "画像を保存する場所に書き込めません。何も保存していません。管理者に知らせてください。"
DISK_IS_FULL = "画像を保存する場所がいっぱいです。何も保存していません。管理者に知らせてください。"


def _stored(path: str, data: bytes) -> str:
    """Stores the bytes for good, and returns their path. It replaces what a crash cut short.

    What is there becomes younger, so that nobody removes it as the file of a picture that was deleted before.
    """
    storage = Image._meta.get_field("file").storage
    is_folder = isinstance(storage, FileSystemStorage)  # a bucket replaces what it has, and keeps what it has taken
    try:
        if is_folder and storage.exists(path) and storage.size(path) != len(data):
            storage.delete(path)
        name = path if is_folder and storage.exists(path) else storage.save(path, ContentFile(data))
        if is_folder:
            stored, now = Path(storage.path(name)), time.time()
            os.utime(stored, (now, now))  # the system's own times are some milliseconds late
            _sync(stored)
            _sync(stored.parent)
        return name
    except OSError as error:
        with suppress(OSError):
            storage.delete(path)  # the beginning of a picture is none
        if is_disk_full(error):
            raise ImageRejected(DISK_IS_FULL) from error
        if is_folder:
            raise ImageRejected(NOT_WRITABLE) from error
        raise


def _sync(place: Path) -> None:
    """Makes a file, or what a folder lists, outlast a power cut."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _path(digest: str, extension: str) -> str:
    return f"images/{digest[:32]}.{extension}"
