"""Which files in the storage belong to something, and how those that belong to nothing go.

A file is there before its row, and its row is gone before the file is: a crash between the two leaves a file too many
and never one too few. `tidy` removes what was left.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from blog.database import hold_uploads
from blog.models import Autosave, Image, Page, Permalink, Post

FOLDERS = ("images", "renditions", "cards")
# By the hash of its bytes, or of what it shows; a storage adds letters to a name that is taken.
OWN_NAME = re.compile(r"[0-9a-f]{32}(?:_[0-9A-Za-z]{7})?\.(?:jpg|png|webp)")
YOUNG = timedelta(days=1)  # the row of a file this young may still be coming


def delete_images(images: QuerySet[Image]) -> None:
    """Deletes the pictures, and their files once that is committed; what another row names or a text shows stays."""
    names = {name for image in images for name in (image.file.name, *(name for _, name in image.renditions or ()))}
    images.delete()
    # What the storage refuses is logged, and left to `tidy`: the pictures are deleted all the same.
    transaction.on_commit(lambda: list(remove_unnamed(names)), robust=True)


def tidy(*, dry_run: bool = False) -> Iterator[str]:
    """Removes the files that nothing names and that are older than YOUNG; yields the name of each. OSError ends it."""
    for folder in FOLDERS:
        names = set(_own_files(folder))
        for file, renditions in Image.objects.values_list("file", "renditions").iterator():
            names.difference_update([file, *(name for _, name in renditions or ())])
        names.difference_update(Post.objects.exclude(card="").values_list("card", flat=True).iterator())
        old = (name for name in sorted(names) if _is_old(name))
        yield from (name for name in old if not _is_shown(name)) if dry_run else remove_unnamed(old)


def remove_unnamed(names: Iterable[str]) -> Iterator[str]:
    """Removes those of the files that no row names and no text shows; yields the name of each that is gone."""
    for name in names:
        if _is_shown(name):
            continue
        with transaction.atomic():
            hold_uploads()  # or the same picture, uploaded again, would find its file and lose it
            is_left = not _has_row(name)
            if is_left:
                default_storage.delete(name)
        if is_left:
            yield name


def _own_files(folder: str) -> Iterator[str]:
    try:
        files = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    yield from (f"{folder}/{file}" for file in files if OWN_NAME.fullmatch(file))


def _is_old(name: str) -> bool:
    try:
        return default_storage.get_modified_time(name) < timezone.now() - YOUNG
    except FileNotFoundError:
        return False


def _has_row(name: str) -> bool:
    images = Image.objects.filter(Q(file=name) | Q(renditions__icontains=name))
    return images.exists() or Post.objects.filter(card=name).exists()


def _is_shown(name: str) -> bool:
    """Whether a text has the address of the file, a pending version and a draft that is being typed among them."""
    url = default_storage.url(name)
    stored = Q(body__contains=url) | Q(body_html__contains=url)
    return (
        Post.objects.filter(stored | Q(pending_revision__snapshot__body__icontains=url)).exists()
        or Page.objects.filter(stored).exists()
        or Permalink.objects.filter(target=url).exists()
        or Autosave.objects.filter(fields_json__contains=url).exists()
    )
