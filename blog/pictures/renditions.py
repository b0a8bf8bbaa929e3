"""Makes renditions: smaller copies of a picture in WebP for small screens, and a JPEG for social networks.

No reader has to wait for one.
"""

import hashlib
from collections.abc import Callable, Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django_tasks import task

from blog.models import Image
from blog.pictures.encoding import JPEG_LIMIT, ImageRejected, Rendition, encode_renditions

JPEG_MAGIC = b"\xff\xd8"


def make_renditions(image: Image) -> None:
    """Stores the renditions of the image and their names in its row. Raises ImageRejected for a damaged file.

    None is wider than the picture, and one in WebP with no fewer bytes than the original is left out. An animation has
    none of these. The last one is the JPEG for social networks, unless they take the picture itself. A file's name
    is the hash of its bytes.
    """
    store_renditions(image, encode_renditions(read_original(image)))


@task()
def render_image(pk: int) -> None:
    """Calls `make_renditions`, unless the picture was deleted meanwhile."""
    for image in Image.objects.filter(pk=pk):
        make_renditions(image)


def read_original(image: Image) -> bytes:
    with image.file.storage.open(image.file.name) as file:
        return file.read()


def store_renditions(image: Image, renditions: Iterable[Rendition]) -> None:
    """Stores the files and saves their names in the row of the image, unless it got another file meanwhile."""
    made = [[width, _store(image.file.storage, data)] for width, data in renditions]
    with transaction.atomic():
        if Image.objects.select_for_update().filter(pk=image.pk, file=image.file.name).exists():
            image.renditions = made
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
    if image.renditions is None or (image.needs_share_file and image.share_file is None and image.height <= JPEG_LIMIT):
        return False
    return all(storage.exists(name) for _, name in image.renditions)


def _store(storage: Storage, data: bytes) -> str:
    extension = "jpg" if data.startswith(JPEG_MAGIC) else "webp"
    name = f"renditions/{hashlib.sha256(data).hexdigest()[:32]}.{extension}"
    return name if storage.exists(name) else storage.save(name, ContentFile(data))
