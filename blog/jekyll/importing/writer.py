"""Writes imported articles into their posts, several new ones in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import nullcontext
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from blog.database import check_references
from blog.delivery.announcing import announce, feeds_of
from blog.delivery.generation import touch
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
from blog.models import Author, Category, Image, Post, PostRevision, PostSource, SubjectWord, Tag
from blog.models.permalink import clean_path
from blog.models.post.counts import counted_together
from blog.models.post.rendering import sponsored_hosts
from blog.queries.tags import find_tags
from blog.search.index import index_made, reader_of
from blog.text.markdown import RenderedArticle, render_and_read

# The fields that the importer sets itself, from rows or by its own rules.
UNCHECKED = ("author", "category", "lead_image", "share_image", "pillar", "url_date", "updated_at", "body_html", "toc")


class BegunPost(NamedTuple):
    """A post with the values of its file, which waits for its HTML and the body of its search document."""

    post: Post
    data: bytes
    article: Article
    said: set[str]
    made: "Future[tuple[RenderedArticle, str] | None]"


Begun = tuple[PostImport, BegunPost | FileError | Post.DoesNotExist]  # the error says why there is no post


class Writer:
    def __init__(
        self,
        config: SiteConfig,
        names: Names,
        bodies: Bodies,
        stems: set[str],
        *,
        dry_run: bool,
    ) -> None:
        """`stems` are the names, without suffix, of all files that are or will be articles."""
        self.config = config
        self.names = names
        self.bodies = bodies
        self.links, self.pictures, self.report = bodies.links, bodies.pictures, bodies.report
        self.stems = stems
        self.dry_run = dry_run

    def begin(
        self, item: PostImport, data: bytes, document: Document, article: Article, executor: Executor
    ) -> BegunPost:
        """Makes the post, and has its body rendered by the executor. Raises FileError and Post.DoesNotExist."""
        post = Post() if item.post is None else Post.objects.get(pk=item.post)
        said = desk_fields_said(post, article)
        self.set_values(post, item, article, said)
        post.body = self.bodies.read(document, item.name)
        hosts = sponsored_hosts(post.is_sponsored)
        read = reader_of(post) if item.post is None else None  # the save of a changed post indexes it
        made = executor.submit(render_and_read, post.title, post.body, hosts, settings.MEDIA_URL, read)
        return BegunPost(post, data, article, said, made)

    def write(self, group: Sequence[Begun]) -> None:
        """Saves the posts in one transaction. One that fails leaves nothing of itself, and goes to the report."""
        posts = []
        for item, begun in group:
            if isinstance(begun, FileError):
                self.fail(item, begun)
            elif isinstance(begun, Post.DoesNotExist):
                self.conflict(item, "deleted")
            else:
                posts.append((item, begun))
        wait([begun.made for _, begun in posts])  # here, since others wait for the transaction
        changed = [item.post for item, _ in posts if item.post is not None]
        # So `relate` finds them, even if this run is killed.
        if changed and not self.dry_run:
            SubjectWord.objects.filter(post__in=changed).delete()
        try:
            with nullcontext() if self.dry_run else transaction.atomic():
                saved = self.save_together(posts)
                public = (begun.post for _, begun in saved if begun.post.is_public)
                announce(feed for post in public for feed in feeds_of(post, post.tag_list))
        except IntegrityError as error:  # at the commit: somebody deleted what one of the posts refers to
            for item, _ in posts:
                if item.state not in ("failed", "conflict"):  # those are in the report
                    self.fail(item, refused(error))
            return
        for item, begun in saved:
            self.report.created += item.state == "new"
            self.report.updated += item.state != "new"
            self.report_findings(item, begun.article)

    def fail(self, item: PostImport, error: FileError) -> None:
        item.state = "failed"
        self.report.fail(item.file.shown, error)

    def conflict(self, item: PostImport, reason: str) -> None:
        item.state = "conflict"
        self.report.conflict(item.name, [reason])

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

    def save_together(self, posts: Sequence[tuple[PostImport, BegunPost]]) -> list[tuple[PostImport, BegunPost]]:
        """Writes the rows and search documents of the posts. Returns those that did not fail.

        The documents of texts with pictures, which `render_and_read` did not make, wait for the end of the import.
        """
        several = len(posts) > 1
        tags = self.find_tags(begun.article for _, begun in posts) if several else {}
        with counted_together():
            saved = [(item, begun) for item, begun in posts if self.save(item, begun, tags, savepoint=several)]
            own = [begun for item, begun in saved if item.post is None]
            new = [(begun.post, made[1]) for begun in own if (made := begun.made.result())]
            if new and not self.dry_run:
                index_made(new)
        return saved

    def find_tags(self, articles: Iterable[Article]) -> dict[str, Tag]:
        """The tags of the articles by their names, as they are stored now."""
        names = {tag.name for article in articles for name in article.tags if (tag := self.names.find(Tag, name))}
        return find_tags(names) if names else {}

    def save(self, item: PostImport, begun: BegunPost, tags: Mapping[str, Tag], *, savepoint: bool) -> bool:
        """Saves the post with all rows that the file gives it, or nothing; then the report says why."""
        post = begun.post
        try:
            check(post, begun.article)
            if not self.dry_run:
                with transaction.atomic(savepoint=savepoint), counted_together():
                    self.save_rows(item, begun, tags)
                    check_references()  # at the commit the whole group would fail
        except StaleVersion:
            self.conflict(item, "saved during the import")
        except Post.DoesNotExist:
            self.conflict(item, "deleted")
        except FileError as error:
            self.fail(item, error)
        except ValidationError as error:
            self.fail(item, FileError(None, " ".join(error.messages)))
        except (IntegrityError, DataError) as error:
            self.fail(item, refused(error))
        else:
            return True
        return False

    def save_rows(self, item: PostImport, begun: BegunPost, found: Mapping[str, Tag]) -> None:
        post, article = begun.post, begun.article
        post.author = self.names.find(Author, article.author)
        post.category = self.names.find(Category, article.section)
        tags = list(dict.fromkeys(self.names.find(Tag, name) for name in article.tags))
        wanted = {"related": article.related, "pillar": article.pillar}
        linked = find_linked(wanted, own_name=item.name)
        post.pillar_id = linked.pillar_id
        save_post(
            post,
            tags=[found.get(tag.name, tag.name) for tag in tags],
            related=linked.rows if article.related or item.post else None,
            expected_version=item.version,
            kind=PostRevision.Kind.IMPORTED,
            at_once=False,
        )
        if article.last_modified_at and post.published_at:
            keep_modification(post, article.last_modified_at)
        for path in item.granted:
            add_alias(post, path, is_new=item.post is None)
        if item.granted:
            touch(soon=True)
        imported = importable_values(post, tags=tags, related=linked.related, pillar=linked.pillar)
        for field in FIELDS:
            if field.is_ours and field.name not in begun.said:
                del imported[field.name]
        imported |= {"redirect_from": list(item.aliases), "reading_time": article.reading_time}
        if not linked.is_complete:
            imported["waiting"] = wanted
        source = {"name": item.name, "raw": begun.data, "digest": item.digest, "imported": imported}
        PostSource(pk=item.source, post=post, **source).save()


def refused(error: Exception) -> FileError:
    return FileError(None, f"the database refused it: {error}")


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
