"""One article into its post, in one transaction."""

from datetime import datetime
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from blog.editing.fields import FIELDS, Field
from blog.editing.saving import StaleVersion, add_alias, save_post
from blog.jekyll.config import SiteConfig
from blog.jekyll.edits import importable_values
from blog.jekyll.front_matter import Document, FileError
from blog.jekyll.importing.article import Article
from blog.jekyll.importing.bodies import Bodies
from blog.jekyll.importing.linking import find_linked
from blog.jekyll.importing.links import Unresolved
from blog.jekyll.importing.names import Names
from blog.jekyll.importing.permalinks import Entry, post_path
from blog.models import Author, Category, Image, Post, PostRevision, PostSource, Tag
from blog.models.permalink import clean_path

# What the importer sets itself, from rows or by rules of its own.
UNCHECKED = ("author", "category", "lead_image", "share_image", "pillar", "url_date", "updated_at", "body_html", "toc")


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
        """`stems` are the names, without suffix, of every file that is or will be an article."""
        self.config = config
        self.names = names
        self.bodies = bodies
        self.links, self.pictures, self.report = bodies.links, bodies.pictures, bodies.report
        self.stems = stems
        self.dry_run = dry_run

    def write(self, entry: Entry, data: bytes, document: Document, article: Article) -> None:
        """Saves the post and all that hangs on the file, or nothing. Raises FileError."""
        post = Post() if entry.post is None else Post.objects.get(pk=entry.post)
        said = desk_fields_said(post, article)
        self.set_values(post, entry, article, said)
        post.body = self.bodies.read(document, entry.name)
        check(post, article)
        if not self.dry_run:
            try:
                with transaction.atomic():
                    self.save(post, entry, data, article, said)
            except StaleVersion:
                entry.state = "conflict"
                self.report.conflict(entry.name, ["saved during the import"])
                return
            except ValidationError as error:
                raise FileError(None, " ".join(error.messages)) from error
            except (IntegrityError, DataError) as error:
                raise FileError(None, f"the database refused it: {error}") from error
        if entry.state == "new":
            self.report.created += 1
        else:
            self.report.updated += 1
        self.report_findings(entry, article)

    # --- values ---

    def set_values(self, post: Post, entry: Entry, article: Article, said: set[str]) -> None:
        post.title = article.title
        for field in FIELDS:
            if field.name in article.values and (field.name in said or not field.is_ours):
                value = article.values[field.name]
                setattr(post, field.name, self.picture(entry, article, field) if field.model is Image else value)
        post.canonical_url = self.canonical_url(entry, article)
        self.set_state(post, entry, article)
        post.pending_revision = None  # what is overwritten stays in the history
        if post.pk is None:
            guid = article.guid or old_guid(entry, article.permalink, self.config)
            if guid and len(guid) <= Post._meta.get_field("guid").max_length:
                post.guid = guid

    def picture(self, entry: Entry, article: Article, field: Field) -> Image | None:
        written = article.values[field.name]
        return self.pictures.named(str(written), entry.name, article.lines.get(field.key)) if written else None

    def set_state(self, post: Post, entry: Entry, article: Article) -> None:
        """From a draft, by the steps that the desk would take, to what the file says."""
        post.unpublish()
        address = post_path(entry.path)
        post.slug = address.slug if address else entry.by_name.slug
        if address:
            self.publish(post, entry, article)
            post.url_date = address.day
        if article.is_draft:
            post.unpublish()
        if article.is_in_review:
            post.submit()
        if article.last_modified_at and address:
            post.updated_at = article.last_modified_at

    def publish(self, post: Post, entry: Entry, article: Article) -> None:
        if not post.was_public:
            post.publish(article.published_at)
            return
        post.publish()
        if article.published_at <= timezone.now():
            changed_at = post.updated_at
            post.redate(article.published_at)
            post.updated_at = changed_at  # whether readers see a change is for the save to find out
        else:  # what readers have seen cannot come out again in the future
            self.report.find(entry.name, "future_date", article.lines.get("date"), str(article.published_at))

    def canonical_url(self, entry: Entry, article: Article) -> str:
        """Only another page's: the path of one of ours, what was written for any other or one that is not here."""
        written = str(article.values["canonical_url"])
        if not written:
            return ""
        if found := self.links.find(written):
            return "" if clean_path(found) == entry.path else found
        local = self.links.local_path(written)
        if local and post_path(clean_path(local)):
            self.report.miss_links(entry.name, [Unresolved(article.lines["canonical_url"], written)])
        return written

    def report_findings(self, entry: Entry, article: Article) -> None:
        for finding in article.findings:
            self.report.find(entry.name, *finding)
        for stem in {*(stem for stem, _ in article.related), *filter(None, [article.pillar])}:
            if stem not in self.stems:
                self.report.find(entry.name, "unknown_related", article.lines.get("related_articles"), stem)

    # --- rows ---

    def save(self, post: Post, entry: Entry, data: bytes, article: Article, said: set[str]) -> None:
        post.author = self.names.find(Author, article.author)
        post.category = self.names.find(Category, article.section)
        tags = list(dict.fromkeys(self.names.find(Tag, name) for name in article.tags))
        wanted = {"related": article.related, "pillar": article.pillar}
        linked = find_linked(wanted, own_name=entry.name)
        post.pillar_id = linked.pillar_id
        related = linked.rows if article.related or entry.post else None
        names, kind = [tag.name for tag in tags], PostRevision.Kind.IMPORTED
        save_post(post, tags=names, related=related, expected_version=entry.version, kind=kind)
        if article.last_modified_at and post.published_at:
            keep_modification(post, article.last_modified_at)
        for path in entry.granted:
            add_alias(post, path, is_new=entry.post is None)
        imported = importable_values(post, tags=tags, related=linked.related, pillar=linked.pillar)
        for field in FIELDS:
            if field.is_ours and field.name not in said:
                del imported[field.name]
        imported |= {"redirect_from": list(entry.aliases), "reading_time": article.reading_time}
        if not linked.is_complete:
            imported["waiting"] = wanted
        PostSource(pk=entry.source, post=post, name=entry.name, raw=data, digest=entry.digest, imported=imported).save()


def desk_fields_said(post: Post, article: Article) -> set[str]:
    """The fields of ours that the file speaks of, or did when it was imported last."""
    before = post.source.imported.keys() if post.pk else ()
    return {field.name for field in FIELDS if field.is_ours and (field.key in article.lines or field.name in before)}


def old_guid(entry: Entry, permalink: str, config: SiteConfig) -> str:
    """What the old feed called the article; one that lost its URL goes by the one it has. "" without either."""
    if not entry.path or not config.url:
        return ""
    lost = entry.live is None or entry.path != entry.live.path
    path = clean_path(permalink) if permalink and not lost else entry.path
    if path not in entry.granted and not post_path(path):
        path = entry.path  # another article has that permalink
    return f"{config.url}{config.baseurl}{quote(path)}"


def keep_modification(post: Post, moment: datetime) -> None:
    """The date in the file wins over the hour of the import, which `Post.save` takes for the same date given again."""
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
