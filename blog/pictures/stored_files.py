"""Deletes files from the storage that no row and no text refers to.

A file is stored before its row, and a row is deleted before its file, so that a crash in between may leave a file too
many, but never one too few. `tidy` removes such files.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from blog.delivery.purging import purge
from blog.models import Autosave, FormerFile, Image, Page, Permalink, Post

FOLDERS = ("images", "renditions", "cards")
# The hash of the file's bytes, or of what a card shows; a storage adds letters to a name that is taken.
OWN_NAME = re.compile(r"[0-9a-f]{32}(?:_[0-9A-Za-z]{7})?\.(?:jpg|png|webp)")
YOUNG = timedelta(days=1)  # a file this young may still get its row


def delete_images(images: QuerySet[Image]) -> None:
    """Deletes the pictures and, after the commit, their files, except those that another row or a text refers to."""
    names = {name for image in images for name in (image.file.name, *(name for _, name in image.renditions or ()))}
    images.delete()
    remove_files.enqueue(sorted(names), timezone.now().isoformat())


@task()
def remove_files(names: list[str], released_at: str) -> None:
    """Removes the files, which a row let go then. One that was uploaded since is left to that upload."""
    for _ in remove_unnamed(names, datetime.fromisoformat(released_at)):
        pass


def tidy(*, dry_run: bool = False) -> Iterator[str]:
    """Removes the files older than YOUNG that nothing refers to, and yields each name. An OSError ends it."""
    for folder in FOLDERS:
        names = set(_own_files(folder))
        names.difference_update(named_files())
        old = timezone.now() - YOUNG
        if dry_run:
            yield from (name for name in sorted(names) if not _is_shown(name) and _is_older(name, old))
        else:
            yield from remove_unnamed(sorted(names), old)


def named_files() -> Iterator[str]:
    """Yields the name of every file that a row has."""
    for file, renditions in Image.objects.values_list("file", "renditions").iterator():
        yield file
        yield from (name for _, name in renditions or ())
    yield from FormerFile.objects.filter(is_kept=True).values_list("name", flat=True).iterator()
    yield from Post.objects.exclude(card="").values_list("card", flat=True).iterator()


def remove_unnamed(names: Iterable[str], before: datetime) -> Iterator[str]:
    """Removes those of the files that no row names and no text shows, and yields the name of each one removed.

    They were stored `before` that time: an upload that finds its file there makes it younger, and may have no row yet.
    """
    is_any_left = False
    for name in names:
        if not _is_shown(name) and not _has_row(name) and _is_older(name, before):
            default_storage.delete(name)
            is_any_left = True
            yield name
    if is_any_left:
        with transaction.atomic():
            purge()  # a proxy that does not serve the folder of pictures itself keeps them for a year


def remove_former(name: str) -> None:
    """Removes the former file of a replaced picture, unless it is kept or a row has it again. Texts may name it."""
    former = FormerFile.objects.filter(name=name, is_kept=False).first()
    if former and not _has_row(name) and _is_older(name, former.replaced_at):
        default_storage.delete(name)
        with transaction.atomic():
            purge()  # a proxy may have asked for it since the page that showed it was forgotten


def _own_files(folder: str) -> Iterator[str]:
    try:
        files = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    yield from (f"{folder}/{file}" for file in files if OWN_NAME.fullmatch(file))


def _is_older(name: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < moment
    except FileNotFoundError:
        return False


def _has_row(name: str) -> bool:
    images = Image.objects.filter(Q(file=name) | Q(renditions__icontains=name))
    kept = FormerFile.objects.filter(name=name, is_kept=True)
    return images.exists() or kept.exists() or Post.objects.filter(card=name).exists()


def _is_shown(name: str) -> bool:
    """Whether a text contains the address of the file; pending versions and autosaves count too."""
    url = default_storage.url(name)
    stored = Q(body__contains=url) | Q(body_html__contains=url)
    return (
        Post.objects.filter(stored | Q(pending_revision__snapshot__body__icontains=url)).exists()
        or Page.objects.filter(stored).exists()
        or Permalink.objects.filter(target=url).exists()
        or Autosave.objects.filter(fields_json__contains=url).exists()
    )
