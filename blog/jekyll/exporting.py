"""Exports the site as a Jekyll tree.

A file that nobody edited since its import comes out byte for byte. What such a file cannot say (an address that moved,
an old address, the guid) stands in a table of addresses, so that an import into an empty site gives the same content.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db.models import Count
from django.utils import timezone

from blog.addresses import PICTURE_ADDRESS
from blog.database import consistent_reads
from blog.jekyll.config import DEFAULT_AUTHOR
from blog.jekyll.edits import unfixed
from blog.jekyll.folder import replaced_folder
from blog.jekyll.post_files import PostFileWriter, file_stem
from blog.jekyll.reading import FileError, parse_file_name
from blog.jekyll.static_pages import write_pages
from blog.jekyll.tables import ADDRESSES, IMAGES, write_tables
from blog.jekyll.tree import IMAGE_SUFFIXES, PAGES, POST_SUFFIXES
from blog.jekyll.yaml_text import Value, front_matter_text
from blog.models import Author, BatchPost, Category, FormerFile, Image, Permalink, Post
from blog.text.japanese import post_slug

MAX_NAME_BYTES = 255
CHUNK = 200


@dataclass
class Exported:
    posts: int = 0
    as_imported: int = 0
    images: int = 0
    problems: list[str] = field(default_factory=list)


def export_jekyll(target: Path, *, force: bool = False, original: bool = False) -> Exported:
    """Writes the site to `target`, whole or not at all. `force` replaces an existing folder. Raises ExportError.

    `original` leaves out batch fixes: an article that was only fixed is written as the file that it was imported from.

    The export reads one snapshot of the database, so it holds the site as it was at the start.
    """
    with replaced_folder(target, force=force) as folder, consistent_reads():
        return _export(folder, original=original)


def _export(folder: Path, *, original: bool) -> Exported:
    result, pictures, names = Exported(), ExportedPictures(folder), file_names()
    fixes = BatchPost.objects.filter(outcome=BatchPost.Outcome.FIXED) if original else BatchPost.objects.none()
    to_unfix = set(fixes.values_list("post", flat=True))
    stems = {pk: file_stem(name) for pk, name in names.items()}
    writer = PostFileWriter(stems, pictures.path)
    aliases = _aliases()
    addresses: list[list[str]] = []
    (folder / "_posts").mkdir()
    (folder / "_config.yml").write_text(config_text(), encoding="utf-8", newline="")
    for post in every_post():
        old = aliases[post.pk] - {post.path}
        data, is_as_imported = writer.write(unfixed(post) if post.pk in to_unfix else post, old)
        if is_as_imported and post.path:
            addresses.append([post.path, stems[post.pk], post.guid, post.updated_at.isoformat()])
            addresses += [[path, stems[post.pk], "", ""] for path in sorted(old)]
        if post.pending_revision_id:
            result.problems.append(f"{names[post.pk]}: only what is public was exported, not its pending version")
        (folder / "_posts" / names[post.pk]).write_bytes(data)
        pictures.note_links(data.decode())
        result.posts += 1
        result.as_imported += is_as_imported
    ADDRESSES.write(folder, addresses)
    write_pages(folder, pictures.note_links)
    write_tables(folder, stems, pictures.path)
    result.images = pictures.write()
    result.problems += pictures.problems
    return result


def every_post() -> Iterator[Post]:
    """All posts with the rows that their files need, in few queries and bounded memory."""
    posts = Post.objects.select_related(
        "author", "category", "share_image", "lead_image", "pillar__source", "source"
    ).order_by("pk")
    posts = posts.defer("body_html", "toc", "pillar__body", "pillar__body_html", "pillar__toc", "pillar__source__raw")
    return posts.iterator(chunk_size=CHUNK)


def _aliases() -> defaultdict[int, set[str]]:
    """The paths of each post in the ledger, by the key of the post."""
    aliases: defaultdict[int, set[str]] = defaultdict(set)
    for path, post in Permalink.objects.filter(post__isnull=False).values_list("path", "post").iterator():
        aliases[post].add(path)
    return aliases


def config_text() -> str:
    url, baseurl = old_site()
    author = Author.objects.annotate(post_count=Count("posts")).order_by("-post_count", "pk").first()
    values: dict[str, Value] = {
        "title": settings.SITE_NAME,
        "author": author.name if author else DEFAULT_AUTHOR,
        "url": url,
        "baseurl": baseurl,
        "permalink": "/:year/:month/:day/:title/",
        "timezone": settings.TIME_ZONE,
        "encoding": "utf-8",
        "future": "true",
        "include": [PAGES],
        "content_categories": [
            {"name": section.name, "description": section.description, "slug": section.slug}
            for section in Category.objects.all()
        ],
    }
    return front_matter_text(values)


def old_site() -> tuple[str, str]:
    """Host and base path of the site that most articles came from, by their guids; without any, those of this site.

    The links in the files name that host.
    """
    found: Counter[str] = Counter()
    for post in Post.objects.filter(source__isnull=False).only("guid", "url_date", "slug").iterator():
        path = quote(post.path)
        if path and post.guid.startswith(("http://", "https://")) and post.guid.endswith(path):
            found[post.guid.removesuffix(path)] += 1
    if not found:
        return settings.SITE_URL, ""
    base = urlsplit(found.most_common(1)[0][0])
    return f"{base.scheme}://{base.netloc}", base.path


# --- names of files ---


def file_names() -> dict[int, str]:
    """The file name of each post: that of its import, else one from day and slug. All names differ.

    Articles with an address come first, since the name of their file gives them another address. An import takes the
    slug of a draft from the file name alone, so a draft with a new slug gets a new name.
    """
    names: dict[int, str] = {}
    taken: set[str] = set()
    for is_draft in (False, True):
        posts = Post.objects.filter(url_date__isnull=is_draft).order_by("pk")
        imported = posts.filter(source__isnull=False).values_list("pk", "source__name", "slug")
        for pk, name, slug in imported.iterator():
            stem = file_stem(name)
            if is_file_name(name) and stem not in taken and not (is_draft and parse_file_name(name).slug != slug):
                names[pk] = name
                taken.add(stem)
        for pk, day, slug, created in posts.values_list("pk", "url_date", "slug", "created_at").iterator():
            if pk not in names:
                stem = free_stem(day or timezone.localdate(created), slug, taken)
                taken.add(stem)
                names[pk] = f"{stem}.md"
    return names


def is_file_name(name: str) -> bool:
    """Whether an import would find a file of this name in `_posts`."""
    try:
        parse_file_name(name)
    except FileError:
        return False
    fits = len(name.encode("utf-8", "replace")) <= MAX_NAME_BYTES
    return fits and name.isprintable() and not set(name) & set("/\\") and name.lower().endswith(POST_SUFFIXES)


def free_stem(day: date, slug: str, taken: Iterable[str]) -> str:
    """A free file stem. If the name is taken, an earlier day is used, because a draft gets its slug from the name."""
    most = MAX_NAME_BYTES - len("2026-04-01-.md")
    slug = post_slug(post_slug(slug).encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")) or "article"
    while (stem := f"{day:%Y-%m-%d}-{slug}") in taken:
        day -= timedelta(days=1)
    return stem


# --- pictures ---


class ExportedPictures:
    """The pictures of an export. They are at their paths of the old site if they have any, else at their own paths."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self._linked: set[str] = set()
        self._old_paths: dict[str, list[str]] = {}
        rows = Permalink.objects.filter(target__startswith=settings.MEDIA_URL).order_by("path")
        pictures = {path: target for path, target in rows.values_list("path", "target") if is_image_path(path)}
        for path, target in pictures.items():
            if not any(str(parent) in pictures for parent in PurePosixPath(path).parents):  # no file can be a folder
                self._old_paths.setdefault(target.removeprefix(settings.MEDIA_URL), []).append(path)
        # A text may name a file that its picture had before; there, the tree has the picture of today.
        for name, file in FormerFile.objects.order_by("pk").values_list("name", "image__file"):
            self._old_paths.setdefault(file, []).append(f"{settings.MEDIA_URL}{name}")

    def path(self, image: Image) -> str:
        """The path of the picture from the root of the tree."""
        return self._paths(image)[0]

    def note_links(self, body: str) -> None:
        """Notes the pictures that a body shows by their addresses on this site, so that they are written there too."""
        self._linked.update(PICTURE_ADDRESS.findall(body))

    def write(self) -> int:
        """Writes all pictures and the table of their texts. Returns their number.

        A picture whose file is missing is added to `problems`.
        """
        rows = []
        for image in Image.objects.order_by("pk").iterator():
            try:
                paths = self._paths(image)
                for path in paths:
                    self._copy(image, path)
                rows.append([paths[0], *(getattr(image, column) for column in IMAGES.columns[1:])])
            except (FileNotFoundError, SuspiciousFileOperation):
                self.problems.append(f"{image.file.name}: the picture's file is not there")
        return IMAGES.write(self.folder, rows)

    def _paths(self, image: Image) -> list[str]:
        own = f"{settings.MEDIA_URL}images/{PurePosixPath(image.file.name).name}"
        paths = self._old_paths.get(image.file.name, [])
        return [*paths, own] if not paths or image.file.name in self._linked else paths

    def _copy(self, image: Image, path: str) -> None:
        target = self.folder / path.lstrip("/")
        with image.file.open("rb") as source:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as stream:
                shutil.copyfileobj(source, stream)


def is_image_path(path: str) -> bool:
    """Whether a tree may have a picture at this path. Jekyll gives names with some first characters another meaning."""
    segments = path.removeprefix("/").split("/")
    return (
        path.lower().endswith(IMAGE_SUFFIXES)
        and path.isprintable()
        and "\\" not in path
        and all(segment and not segment.startswith((".", "_", "#", "~")) for segment in segments)
        and all(len(segment.encode("utf-8", "replace")) <= 255 for segment in segments)
    )
