"""Writes one imported article into its post, in one transaction."""

from concurrent.futures import Executor, Future
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from blog.delivery.freshness import touch
from blog.editing.blocking import has_text
from blog.editing.fields import FIELDS, Field
from blog.editing.saving import StaleVersion, add_alias, save_post
from blog.jekyll.config import SiteConfig
from blog.jekyll.edits import importable_values
from blog.jekyll.files.front_matter import Document, FileError
from blog.jekyll.importing.article import Article
from blog.jekyll.importing.bodies import Bodies
from blog.jekyll.importing.linking import find_linked
from blog.jekyll.importing.permalinks import PostImport, post_path
from blog.jekyll.names import Names
from blog.jekyll.report import Unresolved
from blog.models import Author, Category, Image, Post, PostRevision, PostSource, Tag
from blog.models.permalink import clean_path
from blog.models.post.rendering import sponsored_hosts
from blog.text.markdown import RenderedArticle, render_apart

# The fields that the importer sets itself, from rows or by its own rules.
UNCHECKED = ("author", "category", "lead_image", "share_image", "pillar", "url_date", "updated_at", "body_html", "toc")


class BegunPost(NamedTuple):
    """A post with the values of its file, which waits for its HTML."""

    post: Post
    data: bytes
    article: Article
    body_line: int
    said: set[str]
    rendered: "Future[RenderedArticle | None]"


class Writer:
    def __init__(
        self,
        config: SiteConfig,
        names: Names,
        bodies: Bodies,
        stems: set[str],
        *,
        dry_run: bool,
        by: User | None = None,
        takes_empty: bool = True,
    ) -> None:
        """`stems` are the names, without suffix, of all files that are or will be articles. `by` is who imports.

        `takes_empty` says whether an article without text may leave the drafts.
        """
        self.config = config
        self.names = names
        self.bodies = bodies
        self.links, self.pictures, self.report = bodies.links, bodies.pictures, bodies.report
        self.stems = stems
        self.dry_run = dry_run
        self.by = by
        self.takes_empty = takes_empty

    def begin(
        self, item: PostImport, data: bytes, document: Document, article: Article, executor: Executor
    ) -> BegunPost:
        """Makes the post, and has its body rendered by the executor. Raises FileError."""
        post = Post() if item.post is None else Post.objects.get(pk=item.post)
        said = desk_fields_said(post, article)
        self.set_values(post, item, article, said)
        post.body = self.bodies.read(document, item.name)
        hosts = sponsored_hosts(post.is_sponsored)
        rendered = executor.submit(render_apart, post.title, post.body, hosts, settings.MEDIA_URL)
        return BegunPost(post, data, article, document.body_line, said, rendered)

    def write(self, item: PostImport, begun: BegunPost) -> None:
        """Saves the post with all rows that the file gives it, or nothing. Raises FileError."""
        post, data, article, body_line, said, rendering = begun
        if rendered := rendering.result():
            post.take_rendered(rendered)
        check(post, article)
        if not (self.takes_empty or post.status == Post.Status.DRAFT or has_text(post)):
            raise FileError(body_line, "there is no text")
        if not self.dry_run:
            try:
                with transaction.atomic():
                    self.save(post, item, data, article, said)
            except StaleVersion:
                item.state = "conflict"
                self.report.conflict(item.name, ["saved during the import"])
                return
            except ValidationError as error:
                raise FileError(None, " ".join(error.messages)) from error
            except (IntegrityError, DataError) as error:
                raise FileError(None, f"the database refused it: {error}") from error
        if item.state == "new":
            self.report.created += 1
        else:
            self.report.updated += 1
        self.report_findings(item, article)

    # --- values ---

    def set_values(self, post: Post, item: PostImport, article: Article, said: set[str]) -> None:
        post.title = article.title
        for field in FIELDS:
            if field.name in article.values and (field.name in said or not field.is_ours):
                value = article.values[field.name]
                setattr(post, field.name, self.picture(item, article, field) if field.model is Image else value)
        post.canonical_url = self.canonical_url(item, article)
        self.set_state(post, item, article)
        post.pending_revision = None  # its revision stays in the history
        if post.pk is None:
            guid = article.guid or old_guid(item, article.permalink, self.config)
            if guid and len(guid) <= Post._meta.get_field("guid").max_length:
                post.guid = guid

    def picture(self, item: PostImport, article: Article, field: Field) -> Image | None:
        written = article.values[field.name]
        return self.pictures.named(str(written), item.name, article.lines.get(field.key)) if written else None

    def set_state(self, post: Post, item: PostImport, article: Article) -> None:
        """Brings the post from a draft to the state of the file, by the verbs that the desk uses."""
        post.unpublish()
        address = post_path(item.path)
        post.slug = address.slug if address else item.by_name.slug
        if address:
            self.publish(post, item, article)
            post.url_date = address.day
        if article.is_draft:
            post.unpublish()
        if article.is_in_review:
            post.submit()
        if article.last_modified_at and address:
            post.updated_at = article.last_modified_at

    def publish(self, post: Post, item: PostImport, article: Article) -> None:
        if not post.was_public:
            post.publish(article.published_at)
            return
        post.publish()
        if article.published_at <= timezone.now():
            changed_at = post.updated_at
            post.redate(article.published_at)
            post.updated_at = changed_at  # the save decides whether readers see a change
        else:  # a post that readers have seen cannot get a future date
            self.report.find(item.name, "future_date", article.lines.get("date"), str(article.published_at))

    def canonical_url(self, item: PostImport, article: Article) -> str:
        """The canonical URL: "" for the post itself, the path of another article here, else the URL as written."""
        written = str(article.values["canonical_url"])
        if not written:
            return ""
        if found := self.links.find(written):
            return "" if clean_path(found) == item.path else found
        local = self.links.local_path(written)
        if local and post_path(clean_path(local)):
            self.report.miss_links(item.name, [Unresolved(article.lines["canonical_url"], written)])
        return written

    def report_findings(self, item: PostImport, article: Article) -> None:
        for finding in article.findings:
            self.report.find(item.name, *finding)
        for stem in {*(stem for stem, _ in article.related), *filter(None, [article.pillar])}:
            if stem not in self.stems:
                self.report.find(item.name, "unknown_related", article.lines.get("related_articles"), stem)

    # --- rows ---

    def save(self, post: Post, item: PostImport, data: bytes, article: Article, said: set[str]) -> None:
        post.author = self.names.find(Author, article.author)
        post.category = self.names.find(Category, article.section)
        tags = list(dict.fromkeys(self.names.find(Tag, name) for name in article.tags))
        wanted = {"related": article.related, "pillar": article.pillar}
        linked = find_linked(wanted, own_name=item.name)
        post.pillar_id = linked.pillar_id
        related = linked.rows if article.related or item.post else None
        names, kind = [tag.name for tag in tags], PostRevision.Kind.IMPORTED
        save_post(
            post,
            by=self.by,
            tags=names,
            related=related,
            expected_version=item.version,
            kind=kind,
            at_once=False,
        )
        if article.last_modified_at and post.published_at:
            keep_modification(post, article.last_modified_at)
        for path in item.granted:
            add_alias(post, path, is_new=item.post is None)
        if item.granted:
            touch("paths")
        imported = importable_values(post, tags=tags, related=linked.related, pillar=linked.pillar)
        for field in FIELDS:
            if field.is_ours and field.name not in said:
                del imported[field.name]
        imported |= {"redirect_from": list(item.aliases), "reading_time": article.reading_time}
        if not linked.is_complete:
            imported["waiting"] = wanted
        PostSource(pk=item.source, post=post, name=item.name, raw=data, digest=item.digest, imported=imported).save()


def desk_fields_said(post: Post, article: Article) -> set[str]:
    """The fields that the old site did not know and that the file names, now or at the last import."""
    before = post.source.imported.keys() if post.pk else ()
    return {field.name for field in FIELDS if field.is_ours and (field.key in article.lines or field.name in before)}


def old_guid(item: PostImport, permalink: str, config: SiteConfig) -> str:
    """The guid of the article in the old feed, or "". If the article lost its URL, its new URL makes the guid."""
    if not item.path or not config.url:
        return ""
    lost = item.live is None or item.path != item.live.path
    path = clean_path(permalink) if permalink and not lost else item.path
    if path not in item.granted and not post_path(path):
        path = item.path  # another article has that permalink
    return f"{config.url}{config.baseurl}{quote(path)}"


def keep_modification(post: Post, moment: datetime) -> None:
    """Stores the file's date of the last change, which `Post.save` may have replaced by the time of the import."""
    wanted = max(moment, post.published_at)
    if post.updated_at != wanted:
        post.updated_at = wanted
        Post.objects.filter(pk=post.pk).update(updated_at=wanted)


def check(post: Post, article: Article) -> None:
    """Raises FileError for a value that the model refuses."""
    try:
        post.clean_fields(exclude=UNCHECKED)
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise FileError(article.lines.get(field), f"{field}: {' '.join(problems)}") from error
