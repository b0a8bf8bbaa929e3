"""Imports a Jekyll tree.

An import first reads the front matter of all files and gives every article its URL. Then it saves the articles, a
hundred in one transaction, links related ones, and has all of them checked. If it is killed, the next run finishes the
work: the rows show what was done, and the URLs are the same because stored posts keep theirs.
"""

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from blog.database import analyze
from blog.editing.announcing import announce, feeds_of
from blog.editing.checking import audit_posts
from blog.editing.fields import FIELDS
from blog.jekyll.article import Article, read_article
from blog.jekyll.config import read_config
from blog.jekyll.edits import edited_fields
from blog.jekyll.links import Links, shown_pictures
from blog.jekyll.names import Named, Names
from blog.jekyll.permalinks import Owner, PostImport, TakenAlias, assign, post_path
from blog.jekyll.pictures import Pictures
from blog.jekyll.reading import FileError, parse_document, parse_file_name
from blog.jekyll.report import Report
from blog.jekyll.static_pages import take_pages
from blog.jekyll.tables import (
    REDIRECTS,
    SiteTables,
    read_addresses,
    read_redirects,
    take_amendments,
    take_front_page,
    take_house_words,
)
from blog.jekyll.tree import PostFile, Tree
from blog.jekyll.writer import Writer, link_waiting, refused
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
from blog.search.related import relate_all

GROUP = 100  # articles in a transaction: while it lasts, saves wait

Progress = Callable[[str, int, int], None]


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
    progress: Progress = lambda phase, done, total: None,
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
    """One run of an import."""

    def __init__(self, root: Path, dry_run: bool, overwrite: bool, progress: Progress) -> None:
        self.tree = Tree(root)
        self.config = read_config(self.tree)
        self.dry_run = dry_run
        self.overwrite = overwrite
        self.progress = progress
        self.report = Report()
        self.items: list[PostImport] = []
        self.wanted: dict[type[Named], set[str]] = {Author: set(), Category: set(), Tag: set()}
        self.pictures_wanted: dict[tuple[str, bool], None] = {}
        self.links = Links({}, self.config.url, self.config.baseurl)
        self.stated, self.stated_aliases = read_addresses(self.tree, self.report)
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
        claimed = {path for item in self.items for path in (item.path, *item.granted)}
        pictures = Pictures(self.tree, self.links, self.report, self.ledger, claimed, dry_run=self.dry_run)
        SiteTables(self.tree, self.names, pictures, self.report, dry_run=self.dry_run).take()
        pictures.prepare(self.pictures_wanted)
        self.save_posts(pictures)
        self.save_site(pictures)
        if not self.dry_run:
            audit_posts(
                Post.objects.unchecked().filter(source__isnull=False), progress=partial(self.progress, "checking")
            )
        self.report_addresses(taken)
        return self.report

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
            self.fill(item, data)
            return item
        item.source, item.post, item.aliases = stored.source, stored.post, stored.aliases
        item.current = self.paths.get(stored.post, "")
        if stored.digest == item.digest:
            item.state = "unchanged"
            self.report.unchanged += 1
        else:
            self.examine_changed(item, data)
        return item

    def examine_changed(self, item: PostImport, data: bytes) -> None:
        post = Post.objects.filter(pk=item.post).first()
        if post is None:
            if self.overwrite and item.post is None:  # one that was deleted just now still has its address
                self.fill(item, data)  # as for a new file
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
        article = self.fill(item, data)
        item.is_fixed = post.was_public and not item.is_stated
        if article.is_draft and not post.was_public:
            item.current = ""

    def fill(self, item: PostImport, data: bytes) -> Article:
        """Notes the dates, the address and the aliases that the file asks for, and the names and pictures in it."""
        document = parse_document(data)
        article = read_article(document, item.by_name, self.config)
        item.moment, item.is_draft = article.published_at, article.is_draft
        for model, names in ((Author, [article.author]), (Category, [article.section]), (Tag, article.tags)):
            self.wanted[model].update(names)
        named = (article.values[field.name] for field in FIELDS if field.model is Image)
        local = filter(None, (self.links.root_path(str(path)) for path in named if path))
        self.pictures_wanted |= {(clean_path(path), False): None for path in local}
        self.pictures_wanted |= {(path, True): None for path in shown_pictures(document, self.links)}
        self.fill_address(item, article)
        return article

    def fill_address(self, item: PostImport, article: Article) -> None:
        stem = Path(item.name).stem
        stated = self.stated.get(stem) if item.source is None else None
        item.guid, item.updated_at = article.guid or (stated.guid if stated else ""), stated and stated.updated_at
        explicit = post_path(clean_path(article.permalink or (stated.path if stated else "")))
        item.is_stated = explicit is not None
        if article.permalink and not explicit:
            self.report.find(item.name, "foreign_permalink", article.lines.get("permalink"), article.permalink)
        if not article.is_draft:
            day = article.published_at.astimezone(self.config.time_zone).date()
            item.live = explicit or item.by_name._replace(day=day)
        elif article.published_at <= timezone.now():
            item.live = explicit  # a withdrawn article has a permalink if it was public
        if stated:
            item.stated_aliases = tuple(filter(None, map(self.alias, self.stated_aliases[stem])))
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

    # --- addresses ---

    def place(self) -> list[TakenAlias]:
        """Gives every article its address. Returns the old addresses that belong to something else."""
        self.redirects = read_redirects(self.tree, self.report)
        taken = assign(self.items, self.ledger, {path: row.target for path, row in self.redirects.items()})
        for alias in taken:
            if not alias.name:
                del self.redirects[alias.path]
        self.names.targets = {path: row.target for path, row in self.redirects.items()} | self.names.targets
        self.fill_addresses()
        return taken

    def fill_addresses(self) -> None:
        """Collects where each path leads after this import. The path of a file name comes before all others."""
        paths = self.paths | {item.owner: item.path for item in self.items}
        placed = [item for item in self.items if item.path]
        found = self.links.paths
        found |= {path: paths[owner] for path, owner in self.ledger.items() if paths.get(owner)}
        found |= {path: item.path for item in placed for path in (*item.granted, item.path)}
        for name, stored in self.stored.items():
            if paths.get(stored.post):
                found[parse_file_name(name).path] = paths[stored.post]
        found |= {item.by_name.path: item.path for item in placed}

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

    # --- writing ---

    def save_posts(self, pictures: Pictures) -> None:
        if not self.dry_run:
            self.names.create_missing(self.wanted)
        stems = {Path(name).stem for name in (*self.stored, *(item.name for item in self.items))}
        writer = Writer(self.tree, self.config, self.names, pictures, self.report, stems, dry_run=self.dry_run)
        waiting = [item for item in self.items if item.state in ("new", "changed")]
        waiting.sort(key=lambda item: (item.moment, item.name))
        for start in range(0, len(waiting), GROUP):
            group = waiting[start : start + GROUP]
            try:
                with transaction.atomic():
                    saved = []
                    for number, item in enumerate(group, start=start + 1):
                        if done := writer.save(item):
                            saved.append(done)
                        self.progress("importing", number, len(waiting))
                    public = [done.post for done in saved if done.post.is_public and not self.dry_run]
                    announce(feed for post in public for feed in feeds_of(post, post.tag_list))
            except IntegrityError as error:  # at the commit: somebody deleted what one of the posts refers to
                for item in group:
                    writer.fail(item, refused(error))
            else:
                for done in saved:
                    writer.report_saved(done.item, done.article)
        if not self.dry_run:
            link_waiting(self.names)
            listed = Post.objects.listed().filter(source__isnull=False)
            has_words, has_kin = (
                Exists(model.objects.filter(post=OuterRef("pk"))) for model in (SubjectWord, KindredPost)
            )
            alone, wordless = listed.filter(~has_words | ~has_kin), listed.filter(~has_words)
            relate_all(alone, changed=wordless, progress=partial(self.progress, "relating"))

    def save_site(self, pictures: Pictures) -> None:
        """Imports redirects, pages, picks and changes. Redirects come first: a page removes one from its own path."""
        if not self.dry_run:
            for path, row in self.redirects.items():
                told = {"target": row.target, "is_handmade": row.is_handmade}
                Permalink.objects.get_or_create(path=path, defaults=told)
        moved = {path for path, owner in self.ledger.items() if isinstance(owner, str)}
        take_pages(self.tree, pictures, self.report, self.config.time_zone, moved, dry_run=self.dry_run)
        if not self.dry_run:
            take_front_page(self.tree, self.report)
            take_amendments(self.tree, self.report)
            take_house_words(self.tree, self.report)
