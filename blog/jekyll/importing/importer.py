"""From a Jekyll tree to posts.

First every file's front matter is read and every article gets its URL; then each post is saved in a transaction of
its own; then related articles are linked. Killed anywhere, the next run finishes: what is done is known from the
rows, and URLs come out the same because stored posts keep theirs.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone

from blog.editing.fields import FIELDS
from blog.jekyll.config import read_config
from blog.jekyll.edits import edited_fields
from blog.jekyll.front_matter import FileError, parse_document
from blog.jekyll.front_picks import take_front_page
from blog.jekyll.importing.article import Article, parse_file_name, read_article
from blog.jekyll.importing.bodies import Bodies, shown_pictures
from blog.jekyll.importing.linking import link_waiting
from blog.jekyll.importing.links import Links
from blog.jekyll.importing.names import Named, Names
from blog.jekyll.importing.permalinks import Addresses, Entry, Owner, TakenAlias, assign, post_path
from blog.jekyll.importing.pictures import Pictures
from blog.jekyll.importing.tree import PostFile, Tree
from blog.jekyll.importing.workers import Workers
from blog.jekyll.importing.writer import Writer
from blog.jekyll.report import Report
from blog.jekyll.site_data import REDIRECTS, SiteData, read_redirects
from blog.jekyll.static_pages import StaticPages
from blog.models import Author, Category, Image, Page, Permalink, Post, PostSource, Tag
from blog.models.permalink import clean_path, validate_path

Progress = Callable[[str, int, int], None]


class Stored(NamedTuple):
    """What is kept in memory of each file that was imported before."""

    source: int
    digest: str
    post: int | None  # None once the desk has deleted it
    aliases: tuple[str, ...]


def import_jekyll(
    root: Path,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
    progress: Progress = lambda phase, done, total: None,
) -> Report:
    """Imports the tree and says what it did; `dry_run` says the same and writes nothing.

    `overwrite` takes the file where both the file and the post changed. Raises TreeError and ConfigError for a tree
    that cannot be imported at all; what is wrong with one file is in the report, and the rest goes on.
    """
    return Import(root, dry_run, overwrite, progress).run()


class Import:
    """One run. The exporter rehearses one on what it wrote, on a site without rows."""

    def __init__(self, root: Path, dry_run: bool, overwrite: bool, progress: Progress) -> None:
        self.tree = Tree(root)
        self.config = read_config(self.tree)
        self.dry_run = dry_run
        self.overwrite = overwrite
        self.progress = progress
        self.report = Report()
        self.entries: list[Entry] = []
        self.wanted: dict[type[Named], set[str]] = {Author: set(), Category: set(), Tag: set()}
        self.addresses = Addresses()
        self.links = Links(self.addresses, self.config.url, self.config.baseurl)
        self.load()

    def load(self) -> None:
        """Reads what is stored: the ledger, the files that were imported, and where their posts live."""
        self.ledger: dict[str, Owner] = {
            path: post or target
            for path, post, target in Permalink.objects.values_list("path", "post", "target").iterator()
        }
        self.names = Names(self.config, {path: to for path, to in self.ledger.items() if isinstance(to, str)})
        self.ledger |= {path: path for path in Page.objects.values_list("path", flat=True)}
        sources = PostSource.objects.values_list("name", "pk", "digest", "post", "imported__redirect_from")
        self.stored = {
            name: Stored(source, digest, post, tuple(aliases or ()))
            for name, source, digest, post, aliases in sources.iterator()
        }
        posts = Post.objects.filter(url_date__isnull=False).values_list("pk", "url_date", "slug")
        self.paths = {pk: Post(url_date=day, slug=slug).path for pk, day, slug in posts.iterator()}

    def run(self) -> Report:
        self.scan()
        taken = self.place()
        self.names.targets = self.redirects | self.names.targets
        with Workers() as workers:
            pictures = Pictures(self.tree, self.links, self.report, self.ledger, workers, dry_run=self.dry_run)
            bodies = Bodies(self.links, pictures, self.report)
            SiteData(self.tree, self.names, pictures, self.report, dry_run=self.dry_run).take()
            self.save_posts(bodies)
            self.save_site(bodies)
        self.report_addresses(taken)
        return self.report

    def place(self) -> list[TakenAlias]:
        """Gives every article its address; returns the old addresses that lead elsewhere."""
        self.redirects, lines = read_redirects(self.tree, self.report)
        taken = assign(self.entries, self.ledger, self.redirects)
        for alias in taken:
            if not alias.name:
                del self.redirects[alias.path]
            if not alias.owner:
                self.report.fail(REDIRECTS.file, FileError(lines[alias.path], "it leads back to itself in a circle"))
        taken = [alias for alias in taken if alias.owner]
        self.fill_addresses()
        return taken

    # --- reading ---

    def scan(self) -> None:
        files = list(self.tree.walk())
        seen: set[str] = set()
        for done, (file, error) in enumerate(files, start=1):
            try:
                if error is not None:
                    raise error
                if file.name in seen:
                    raise FileError(None, "a file of the same name in another folder was taken instead")
                seen.add(file.name)
                self.entries.append(self.examine(file))
                self.report.read += 1
            except FileError as failure:
                self.report.fail(file.shown, failure)
            self.progress("reading", done, len(files))

    def examine(self, file: PostFile) -> Entry:
        """Says whether the file is new, changed or neither, and what it wants; only its address is still open."""
        by_name = parse_file_name(file.name)
        data = self.tree.read_post(file)
        entry = Entry(file, hashlib.sha256(data).hexdigest(), by_name)
        stored = self.stored.get(file.name)
        if stored is None:
            self.fill(entry, self.parse(entry, data))
            return entry
        entry.source, entry.post, entry.aliases = stored.source, stored.post, stored.aliases
        entry.current = self.paths.get(stored.post, "")
        if stored.digest == entry.digest:
            entry.state = "unchanged"
            self.report.unchanged += 1
        else:
            self.examine_changed(entry, self.parse(entry, data))
        return entry

    def examine_changed(self, entry: Entry, article: Article) -> None:
        if entry.post is None:
            if self.overwrite:
                self.fill(entry, article)  # as a new one
            else:
                entry.state = "conflict"
                self.report.conflict(entry.name, ["deleted"])
            return
        post = Post.objects.get(pk=entry.post)
        imported = PostSource.objects.values_list("imported", flat=True).get(pk=entry.source)
        edited = edited_fields(post, imported, self.names)
        if post.pending_revision_id:
            edited.append("pending_revision")  # it was made from the old file and would undo the new one
        if edited and not self.overwrite:
            entry.state = "conflict"
            self.report.conflict(entry.name, edited)
            return
        entry.state = "changed"
        entry.version = post.version
        self.fill(entry, article)
        entry.is_fixed = post.was_public and not post_path(clean_path(article.permalink))
        if article.is_draft and not post.was_public:
            entry.current = ""

    def parse(self, entry: Entry, data: bytes) -> Article:
        document = parse_document(data)
        article = read_article(document, entry.by_name, self.config)
        named = (article.values[field.name] for field in FIELDS if field.model is Image)
        local = filter(None, (self.links.root_path(str(path)) for path in named if path))
        shown = shown_pictures(document, self.links)
        entry.pictures = (*((clean_path(path), False) for path in local), *((path, True) for path in shown))
        return article

    def fill(self, entry: Entry, article: Article) -> None:
        """What is kept of a file that is to be written: the address that its own words ask for, and the names in it."""
        entry.moment, entry.is_draft = article.published_at, article.is_draft
        for model, names in ((Author, [article.author]), (Category, [article.section]), (Tag, article.tags)):
            self.wanted[model].update(names)
        explicit = post_path(clean_path(article.permalink))
        if article.permalink and not explicit:
            self.report.find(entry.name, "foreign_permalink", article.lines.get("permalink"), article.permalink)
        if not article.is_draft:
            day = article.published_at.astimezone(self.config.time_zone).date()
            entry.live = explicit or entry.by_name._replace(day=day)
        elif article.published_at <= timezone.now():
            entry.live = explicit  # a permalink is what a withdrawn article shows for having been public
        aliases = {path: self.alias(path) for path in (article.permalink, *article.redirect_from) if path}
        for written, path in aliases.items():
            if not path:
                self.report.find(entry.name, "bad_redirect", article.lines.get("redirect_from"), written)
        entry.aliases = tuple(filter(None, aliases.values()))

    def alias(self, written: str) -> str:
        """The path of this site that an old address was, "" if it was none."""
        path = clean_path(self.links.root_path(written) or "")
        try:
            validate_path(path)
        except ValidationError:
            return ""
        return path if len(path) <= Permalink._meta.get_field("path").max_length else ""

    def fill_addresses(self) -> None:
        """Where each path leads once this import is done: what the day of a file name says wins over all else."""
        paths = self.paths | {entry.owner: entry.path for entry in self.entries}
        for path, owner in self.ledger.items():
            if paths.get(owner):
                self.addresses.add(path, paths[owner])
        placed = [entry for entry in self.entries if entry.path]
        for entry in placed:
            for path in (*entry.granted, entry.path):
                self.addresses.add(path, entry.path)
        for name, stored in self.stored.items():
            if paths.get(stored.post):
                self.addresses.add(parse_file_name(name).path, paths[stored.post])
        for entry in placed:
            self.addresses.add(entry.by_name.path, entry.path)

    # --- writing ---

    def save_posts(self, bodies: Bodies) -> None:
        waiting = [entry for entry in self.entries if entry.state in ("new", "changed")]
        if not self.dry_run:
            self.names.create_missing(self.wanted)
        stems = {Path(name).stem for name in (*self.stored, *(entry.name for entry in self.entries))}
        writer = Writer(self.config, self.names, bodies, stems, dry_run=self.dry_run)
        waiting.sort(key=lambda entry: (entry.moment, entry.name))
        pictures = bodies.pictures
        ahead = pictures.workers.ahead(waiting, lambda entry: pictures.work(entry.pictures))
        for done, entry in enumerate(ahead, start=1):
            try:
                self.save(entry, writer)
            except FileError as error:
                entry.state = "failed"
                self.report.fail(entry.file.shown, error)
            self.progress("importing", done, len(waiting))
        if not self.dry_run:
            link_waiting(self.names, self.progress)

    def save(self, entry: Entry, writer: Writer) -> None:
        data = self.tree.read_post(entry.file)
        if hashlib.sha256(data).hexdigest() != entry.digest:
            raise FileError(None, "the file changed during the import: run it again")
        document = parse_document(data)
        writer.write(entry, data, document, read_article(document, entry.by_name, self.config))

    def save_site(self, bodies: Bodies) -> None:
        """The redirects first: a page takes them off its own path."""
        if not self.dry_run:
            for path, target in self.redirects.items():
                Permalink.objects.get_or_create(path=path, defaults={"target": target})
        moved = {path for path, owner in self.ledger.items() if isinstance(owner, str)}
        StaticPages(self.tree, bodies, self.config.time_zone, moved, dry_run=self.dry_run).take()
        if not self.dry_run:
            take_front_page(self.tree, self.report)

    def report_addresses(self, taken: Iterable[TakenAlias]) -> None:
        names = {entry.owner: entry.name for entry in self.entries}
        names |= {stored.post: name for name, stored in self.stored.items()}
        for entry in self.entries:
            if entry.path and entry.state != "failed":
                self.report.permalinks[entry.name] = entry.path
                self.report.aliases |= dict.fromkeys(entry.granted, entry.name)
        for path, name, owner in taken:
            shown = names.get(owner) or (owner if isinstance(owner, str) else self.paths.get(owner, ""))
            self.report.alias_taken.append({"path": path, "file": name or REDIRECTS.file, "owner": shown})
