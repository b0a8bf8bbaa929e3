"""Imports a Jekyll tree.

An import first reads the front matter of all files and gives every article its URL. Then it saves the posts, several
new ones in one transaction. Then it links related articles, and has all of them checked. If it is killed, the next run
finishes the work: the rows show what was done, and the URLs are the same because stored posts keep theirs.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone

from blog.database import analyze
from blog.editing.checking.audit import audit_posts
from blog.editing.fields import FIELDS
from blog.jekyll.config import read_config
from blog.jekyll.edits import edited_fields
from blog.jekyll.files.file_name import parse_file_name
from blog.jekyll.files.front_matter import FileError, parse_document
from blog.jekyll.files.tree import PostFile, Tree
from blog.jekyll.importing.article import Article, read_article
from blog.jekyll.importing.bodies import Bodies, shown_pictures
from blog.jekyll.importing.linking import link_waiting
from blog.jekyll.importing.links import Links
from blog.jekyll.importing.permalinks import Addresses, Owner, PostImport, TakenAlias, assign, post_path
from blog.jekyll.importing.pictures import Pictures
from blog.jekyll.importing.site_data import SiteData
from blog.jekyll.importing.static_pages import StaticPages
from blog.jekyll.importing.workers import Workers
from blog.jekyll.importing.writer import Begun, Writer
from blog.jekyll.names import Named, Names
from blog.jekyll.report import Report
from blog.jekyll.tables.amendments import take_amendments
from blog.jekyll.tables.front_picks import take_front_page
from blog.jekyll.tables.house_words import take_house_words
from blog.jekyll.tables.site_data import REDIRECTS, read_redirects
from blog.models import (
    Author,
    Category,
    Image,
    KindredPost,
    Page,
    Permalink,
    Post,
    PostSource,
    SubjectWord,
    Tag,
)
from blog.models.permalink import clean_path, validate_path
from blog.models.post.queryset import PostQuerySet
from blog.processes import ahead, readers
from blog.search.index import index_read, stale_posts
from blog.search.related import relate_all

GROUP = 20  # new posts in a transaction: while it lasts, saves wait
AHEAD = 2 * GROUP  # articles that are rendered before their turn

Progress = Callable[[str, int, int], None]


def no_progress(phase: str, done: int, total: int) -> None:
    """Reports nothing."""


class Stored(NamedTuple):
    """A file that was imported before, as it is kept in memory."""

    source: int
    digest: str
    post: int | None  # None once the desk has deleted it
    aliases: tuple[str, ...]


def import_jekyll(
    root: Path,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
    progress: Progress = no_progress,
) -> Report:
    """Imports the tree and returns a report. With `dry_run` it returns the same report and writes nothing.

    If both the file and the post have changed, `overwrite` takes the file; without it this is a conflict. Raises
    TreeError and ConfigError for a tree that cannot be imported. An error in one file goes to the report only.
    """
    report = Import(root, dry_run, overwrite, progress).run()
    if not dry_run:
        analyze()
    return report


class Import:
    """One run of an import. The exporter rehearses one on its own files, for a site without rows."""

    def __init__(self, root: Path, dry_run: bool, overwrite: bool, progress: Progress = no_progress) -> None:
        self.tree = Tree(root)
        self.config = read_config(self.tree)
        self.dry_run = dry_run
        self.overwrite = overwrite
        self.progress = progress
        self.report = Report()
        self.items: list[PostImport] = []
        self.wanted: dict[type[Named], set[str]] = {Author: set(), Category: set(), Tag: set()}
        self.addresses = Addresses()
        self.links = Links(self.addresses, self.config.url, self.config.baseurl)
        self.load()

    def load(self) -> None:
        """Loads the ledger, the names, the imported files and the paths of all posts."""
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
        waiting = [item for item in self.items if item.state in ("new", "changed")]
        with readers(len(waiting) + self.unchecked().count()) as executor:
            with Workers() as workers:
                bodies = Bodies(self.links, self.pictures(workers), self.report)
                SiteData(self.tree, self.names, bodies.pictures, self.report, dry_run=self.dry_run).take()
                self.save_posts(waiting, bodies, executor)
                self.save_site(bodies)
            if not self.dry_run:
                self.check(executor)
        self.report_addresses(taken)
        return self.report

    def place(self) -> list[TakenAlias]:
        """Gives every article its address. Returns the old addresses that belong to something else."""
        self.redirects, lines, self.handmade = read_redirects(self.tree, self.report)
        taken = assign(self.items, self.ledger, self.redirects)
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
                self.items.append(self.examine(file))
                self.report.read += 1
            except FileError as failure:
                self.report.fail(file.shown, failure)
            self.progress("reading", done, len(files))

    def examine(self, file: PostFile) -> PostImport:
        """Finds out whether the file is new, changed, unchanged or in conflict, and which address it asks for."""
        by_name = parse_file_name(file.name)
        data = self.tree.read_post(file)
        item = PostImport(file, hashlib.sha256(data).hexdigest(), by_name)
        stored = self.stored.get(file.name)
        if stored is None:
            self.fill(item, self.parse(item, data))
            return item
        item.source, item.post, item.aliases = stored.source, stored.post, stored.aliases
        item.current = self.paths.get(stored.post, "")
        if stored.digest == item.digest:
            item.state = "unchanged"
            self.report.unchanged += 1
        else:
            self.examine_changed(item, self.parse(item, data))
        return item

    def examine_changed(self, item: PostImport, article: Article) -> None:
        post = Post.objects.filter(pk=item.post).first()
        if post is None:
            if self.overwrite and item.post is None:  # one that was deleted just now still has its address
                self.fill(item, article)  # as for a new file
            else:
                item.state = "conflict"
                self.report.conflict(item.name, ["deleted"])
            return
        imported = PostSource.objects.values_list("imported", flat=True).get(pk=item.source)
        edited = edited_fields(post, imported, self.names)
        if post.pending_revision_id:
            edited.append("pending_revision")  # it began with the old file and would undo the new one
        if edited and not self.overwrite:
            item.state = "conflict"
            self.report.conflict(item.name, edited)
            return
        item.state = "changed"
        item.version = post.version
        self.fill(item, article)
        item.is_fixed = post.was_public and not post_path(clean_path(article.permalink))
        if article.is_draft and not post.was_public:
            item.current = ""

    def parse(self, item: PostImport, data: bytes) -> Article:
        document = parse_document(data)
        article = read_article(document, item.by_name, self.config)
        named = (article.values[field.name] for field in FIELDS if field.model is Image)
        local = filter(None, (self.links.root_path(str(path)) for path in named if path))
        shown = shown_pictures(document, self.links)
        item.pictures = (*((clean_path(path), False) for path in local), *((path, True) for path in shown))
        return article

    def fill(self, item: PostImport, article: Article) -> None:
        """Notes the dates, the address and the aliases that the file asks for, and the names in it."""
        item.moment, item.is_draft = article.published_at, article.is_draft
        for model, names in ((Author, [article.author]), (Category, [article.section]), (Tag, article.tags)):
            self.wanted[model].update(names)
        explicit = post_path(clean_path(article.permalink))
        if article.permalink and not explicit:
            self.report.find(item.name, "foreign_permalink", article.lines.get("permalink"), article.permalink)
        if not article.is_draft:
            day = article.published_at.astimezone(self.config.time_zone).date()
            item.live = explicit or item.by_name._replace(day=day)
        elif article.published_at <= timezone.now():
            item.live = explicit  # a withdrawn article has a permalink if it was public
        aliases = {path: self.alias(path) for path in (article.permalink, *article.redirect_from) if path}
        for written, path in aliases.items():
            if not path:
                self.report.find(item.name, "bad_redirect", article.lines.get("redirect_from"), written)
        item.aliases = tuple(filter(None, aliases.values()))

    def alias(self, written: str) -> str:
        """The path of an old address on this site; "" if it cannot be one."""
        path = clean_path(self.links.root_path(written) or "")
        try:
            validate_path(path)
        except ValidationError:
            return ""
        return path if len(path) <= Permalink._meta.get_field("path").max_length else ""

    def fill_addresses(self) -> None:
        """Collects where each path leads after this import. The path of a file name comes before all others."""
        paths = self.paths | {item.owner: item.path for item in self.items}
        for path, owner in self.ledger.items():
            if paths.get(owner):
                self.addresses.add(path, paths[owner])
        placed = [item for item in self.items if item.path]
        for item in placed:
            for path in (*item.granted, item.path):
                self.addresses.add(path, item.path)
        for name, stored in self.stored.items():
            if paths.get(stored.post):
                self.addresses.add(parse_file_name(name).path, paths[stored.post])
        for item in placed:
            self.addresses.add(item.by_name.path, item.path)

    # --- writing ---

    def pictures(self, workers: Workers) -> Pictures:
        claimed = {path for item in self.items for path in (item.path, *item.granted)}
        return Pictures(self.tree, self.links, self.report, self.ledger, claimed, workers, dry_run=self.dry_run)

    def save_posts(self, waiting: list[PostImport], bodies: Bodies, executor: Executor) -> None:
        if not self.dry_run:
            self.names.create_missing(self.wanted)
        stems = {Path(name).stem for name in (*self.stored, *(item.name for item in self.items))}
        writer = Writer(self.config, self.names, bodies, stems, dry_run=self.dry_run)
        waiting.sort(key=lambda item: (item.moment, item.name))
        done = count(1)
        for group in in_groups(ahead(self.begin(waiting, writer, executor), AHEAD)):
            writer.write(group)
            for _ in group:
                self.progress("importing", next(done), len(waiting))
        if not self.dry_run:
            link_waiting(self.names, self.progress)
            self.index(executor)
            self.relate()

    def unfinished(self, posts: PostQuerySet) -> PostQuerySet:
        """Of these posts, those that this run must finish: what came from files, also in a run that was killed."""
        return posts.filter(source__isnull=False)

    def index(self, executor: Executor) -> None:
        """Indexes the imported posts without a current document: new ones, and those of a run that was killed."""
        stale = stale_posts(self.unfinished(Post.objects.all()))
        index_read(stale, executor, partial(self.progress, "indexing"))

    def relate(self) -> None:
        """Finds related articles for the new and changed posts, and for those of a run that was killed."""
        listed = self.unfinished(Post.objects.listed())
        has_words, has_kin = (Exists(model.objects.filter(post=OuterRef("pk"))) for model in (SubjectWord, KindredPost))
        alone, wordless = listed.filter(~has_words | ~has_kin), listed.filter(~has_words)
        relate_all(alone, changed=wordless, progress=partial(self.progress, "relating"))

    def begin(self, items: Iterable[PostImport], writer: Writer, executor: Executor) -> Iterator[Begun]:
        """Begins with each item, for which processes then work until its turn comes; or says why it cannot."""
        pictures = writer.pictures
        for item in pictures.workers.ahead(items, lambda item: pictures.work(item.pictures)):
            try:
                data = self.tree.read_post(item.file)
                if hashlib.sha256(data).hexdigest() != item.digest:
                    raise FileError(None, "the file changed during the import: run it again")
                document = parse_document(data)
                article = read_article(document, item.by_name, self.config)
                yield item, writer.begin(item, data, document, article, executor)
            except (FileError, Post.DoesNotExist) as error:
                yield item, error

    def save_site(self, bodies: Bodies) -> None:
        """Imports redirects, pages, picks and changes. Redirects come first: a page removes one from its own path."""
        if not self.dry_run:
            for path, target in self.redirects.items():
                told = {"target": target, "is_handmade": path in self.handmade}
                Permalink.objects.get_or_create(path=path, defaults=told)
        moved = {path for path, owner in self.ledger.items() if isinstance(owner, str)}
        StaticPages(self.tree, bodies, self.config.time_zone, moved, dry_run=self.dry_run).take()
        if not self.dry_run:
            take_front_page(self.tree, self.report)
            take_amendments(self.tree, self.report)
            take_house_words(self.tree, self.report)

    def unchecked(self) -> PostQuerySet:
        return self.unfinished(Post.objects.unchecked())

    def check(self, executor: Executor) -> None:
        """Checks the new and changed articles, and those of an import that was killed before it came here."""
        audit_posts(self.unchecked(), executor, progress=partial(self.progress, "checking"))

    def report_addresses(self, taken: Iterable[TakenAlias]) -> None:
        names = {item.owner: item.name for item in self.items}
        names |= {stored.post: name for name, stored in self.stored.items()}
        for item in self.items:
            if item.path and item.state != "failed":
                self.report.permalinks[item.name] = item.path
                self.report.aliases |= dict.fromkeys(item.granted, item.name)
        for path, name, owner in taken:
            shown = names.get(owner) or (owner if isinstance(owner, str) else self.paths.get(owner, ""))
            self.report.alias_taken.append({"path": path, "file": name or REDIRECTS.file, "owner": shown})


def in_groups(begun: Iterable[Begun]) -> Iterator[list[Begun]]:
    """New posts in groups; a changed one alone, since who holds its lock may wait for what a group has locked."""
    group: list[Begun] = []
    for item, post in begun:
        if item.post is not None and group:
            yield group
            group = []
        group.append((item, post))
        if item.post is not None or len(group) == GROUP:
            yield group
            group = []
    if group:
        yield group
