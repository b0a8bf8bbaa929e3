"""Exports the site as a Jekyll tree.

The export writes every article, then rehearses an import of the tree into an empty site with the importer's own rules.
If the import would give an article another address, date or guid, or lose an old address, the export adds a key to the
file. So a file holds only the keys that it needs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from blog.database import consistent_reads
from blog.jekyll.config import DEFAULT_AUTHOR
from blog.jekyll.edits import unfixed
from blog.jekyll.exporting.folder import replaced_folder
from blog.jekyll.exporting.pictures import ExportedPictures
from blog.jekyll.exporting.post_file import PostFileWriter, edit_file, file_stem
from blog.jekyll.exporting.rehearsal import Rehearsal
from blog.jekyll.exporting.static_pages import write_pages
from blog.jekyll.files.emit import emit
from blog.jekyll.files.file_name import parse_file_name
from blog.jekyll.files.front_matter import FileError, decode, split_document
from blog.jekyll.files.tree import PAGES, POST_SUFFIXES
from blog.jekyll.files.yaml_text import Value, parse_mapping
from blog.jekyll.tables.amendments import AMENDMENTS, amendment_rows
from blog.jekyll.tables.front_picks import FRONT_PAGE, front_rows
from blog.jekyll.tables.house_words import HOUSE_WORDS, word_rows
from blog.jekyll.tables.site_data import NAMED, REDIRECTS, TAG_GROUPS, named_rows, redirect_rows, tag_group_rows
from blog.models import Author, BatchPost, Category, Permalink, Post, PostSource
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
        return _Export(folder, original=original).run()


class _Export:
    def __init__(self, folder: Path, *, original: bool) -> None:
        self.folder = folder
        fixes = BatchPost.objects.filter(outcome=BatchPost.Outcome.FIXED) if original else BatchPost.objects.none()
        self.to_unfix = set(fixes.values_list("post", flat=True))
        self.posts = folder / "_posts"
        self.names = file_names()
        self.told: set[tuple[int, str, str]] = set()
        self.stored_bodies: set[str] = set()
        self.left_behind: list[str] = []
        self.result = Exported()
        self.pictures = ExportedPictures(folder)
        self.writer = PostFileWriter(
            {pk: file_stem(name) for pk, name in self.names.items()},
            self.pictures.path,
            ZoneInfo(settings.TIME_ZONE),
        )

    def run(self) -> Exported:
        self.posts.mkdir()
        (self.folder / "_config.yml").write_text(config_text(), encoding="utf-8", newline="")
        for post in every_post():
            self.write(post)
        self.write_site()
        while self.complete():
            pass
        self.result.images = self.pictures.write()
        self.result.problems += self.pictures.problems + self.left_behind
        return self.result

    def write(self, post: Post) -> None:
        data, is_stored_body = self.writer.write(unfixed(post) if post.pk in self.to_unfix else post)
        if post.pending_revision_id:
            self.left_behind.append(f"{self.names[post.pk]}: only what is public was exported, not its pending version")
        if is_stored_body:
            self.stored_bodies.add(self.names[post.pk])
        self.file(post.pk).write_bytes(data)
        self.pictures.note_links(data.decode())
        self.result.posts += 1

    def write_site(self) -> None:
        """Writes the data of the site, except for the pictures."""
        for body in write_pages(self.folder):
            self.pictures.note_links(body)
        for model, table in NAMED.items():
            table.write(self.folder, named_rows(model, self.pictures.path))
        TAG_GROUPS.write(self.folder, tag_group_rows())
        posts = Post.objects.filter(url_date__isnull=False).only("url_date", "slug")
        FRONT_PAGE.write(self.folder, front_rows(self.writer.stems))
        AMENDMENTS.write(self.folder, amendment_rows(self.writer.stems))
        HOUSE_WORDS.write(self.folder, word_rows())
        REDIRECTS.write(self.folder, redirect_rows({post.path for post in posts.iterator()}))

    def file(self, pk: int) -> Path:
        return self.posts / self.names[pk]

    def complete(self) -> bool:
        """Rehearses an import and adds the keys that files lack. Returns False once no file lacks one."""
        rehearsal = Rehearsal(self.folder, self.stored_bodies)
        self.result.problems = rehearsal.failures
        aliases = every_alias()
        changed = self.result.as_imported = 0
        sources = dict(PostSource.objects.values_list("post", "digest"))
        for post in Post.objects.only("pk", "slug", "url_date", "published_at", "guid").iterator():
            if said := rehearsal.outcome(self.names[post.pk]):
                if said.changes_slug(post):
                    self.result.problems.append(
                        f"{self.names[post.pk]}: its slug does not fit into the name of a file, and comes back cut"
                    )
                missing = said.missing(post, aliases[post.pk] | aliases[post.path])
                # A key that did not help (an address that no import accepts) is not written again, or this never ends.
                if new := {key: value for key, value in missing.items() if (post.pk, key, str(value)) not in self.told}:
                    self.tell(post.pk, new)
                    changed += 1
                elif missing:
                    self.result.problems.append(f"{self.names[post.pk]}: {', '.join(missing)} will not come back")
                elif sources.get(post.pk) == said.digest:
                    self.result.as_imported += 1
        return bool(changed)

    def tell(self, pk: int, changes: dict[str, Value]) -> None:
        self.told.update((pk, key, str(value)) for key, value in changes.items())
        path = self.file(pk)
        raw = path.read_bytes()
        if "redirect_from" in changes:
            before = parse_mapping(split_document(decode(raw)).front_matter).values.get("redirect_from")
            known = [item for item in (before if isinstance(before, list) else [before]) if isinstance(item, str)]
            changes["redirect_from"] = list(dict.fromkeys([*known, *changes["redirect_from"]]))
        path.write_bytes(edit_file(raw, changes))


def every_post() -> Iterator[Post]:
    """All posts with the rows that their files need, in few queries and bounded memory."""
    posts = Post.objects.select_related(
        "author", "category", "share_image", "lead_image", "pillar__source", "source"
    ).order_by("pk")
    posts = posts.defer("body_html", "toc", "pillar__body", "pillar__body_html", "pillar__toc", "pillar__source__raw")
    return posts.iterator(chunk_size=CHUNK)


def every_alias() -> Mapping[int | str, set[str]]:
    """The old paths that lead to a post, by the key of the post, and those that lead to a path, by that path."""
    aliases: dict[int | str, set[str]] = defaultdict(set)
    rows = Permalink.objects.filter(is_handmade=False)  # those of editors stand in the table of redirects
    for path, post, target in rows.values_list("path", "post", "target").iterator():
        if not target.startswith(settings.MEDIA_URL):
            aliases[post or target].add(path)
    return aliases


def file_names() -> dict[int, str]:
    """The file name of each post: that of its import, else one from day and slug. All names differ.

    Articles with an address come first, since the name of their file gives them another address. An import takes the
    slug of a draft from the file name alone, so a draft with a new slug gets a new name.
    """
    names: dict[int, str] = {}
    taken: set[str] = set()
    for is_draft in (False, True):
        posts = Post.objects.filter(url_date__isnull=is_draft).order_by("pk")
        sources = posts.filter(source__isnull=False).values_list("pk", "source__name", "slug")
        kept = {
            pk: name
            for pk, name, slug in sources.iterator()
            if is_file_name(name)
            and file_stem(name) not in taken
            and not (is_draft and parse_file_name(name).slug != slug)
        }
        names |= kept
        taken |= {file_stem(name) for name in kept.values()}
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
    room = MAX_NAME_BYTES - len("2026-04-01-.md")
    slug = post_slug(post_slug(slug).encode("utf-8", "ignore")[:room].decode("utf-8", "ignore")) or "article"
    while (stem := f"{day:%Y-%m-%d}-{slug}") in taken:
        day -= timedelta(days=1)
    return stem


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
    return emit(values)


def old_site() -> tuple[str, str]:
    """Host and base path of the site that most articles came from, by their guids; without any, those of this site.

    The links in the files name that host. A guid that follows from it need not be in a file.
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
