"""Writes imported articles into their posts."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from blog.editing.fields import FIELDS, Field
from blog.editing.saving import StaleVersion, add_alias, save_post
from blog.jekyll.article import Article, read_article
from blog.jekyll.config import SiteConfig
from blog.jekyll.edits import edited_fields, importable_values
from blog.jekyll.links import read_body
from blog.jekyll.names import Names
from blog.jekyll.permalinks import PostImport, post_path
from blog.jekyll.pictures import Pictures
from blog.jekyll.reading import FileError, parse_document
from blog.jekyll.report import Report, Unresolved
from blog.jekyll.tree import POST_SUFFIXES, Tree
from blog.models import Author, Category, Image, Post, PostRevision, PostSource, RelatedPost, SubjectWord, Tag
from blog.models.permalink import clean_path
from blog.models.post import READER_FIELDS

# The fields that the importer sets itself, from rows or by its own rules.
SEEN = tuple(name.removesuffix("_id") for name in READER_FIELDS)
UNCHECKED = ("author", "category", "lead_image", "share_image", "pillar", "url_date", "updated_at", "body_html", "toc")


class Saved(NamedTuple):
    item: PostImport
    article: Article
    post: Post


class Writer:
    def __init__(
        self,
        tree: Tree,
        config: SiteConfig,
        names: Names,
        pictures: Pictures,
        report: Report,
        stems: set[str],
        *,
        dry_run: bool,
    ) -> None:
        """`stems` are the names, without suffix, of all files that are or will be articles."""
        self.tree = tree
        self.config = config
        self.names = names
        self.pictures = pictures
        self.links = pictures.links
        self.report = report
        self.stems = stems
        self.dry_run = dry_run

    def save(self, item: PostImport) -> "Saved | None":
        """Saves the post with all rows that the file gives it, or nothing; then the report says why."""
        try:
            data = self.tree.read_post(item.file)
            if sha256(data).hexdigest() != item.digest:
                raise FileError(None, "the file changed during the import: run it again")
            document = parse_document(data)
            article = read_article(document, item.by_name, self.config)
            post = Post() if item.post is None else Post.objects.get(pk=item.post)
            before = post.source.imported if post.pk else {}
            ours = [field for field in FIELDS if field.is_ours]
            said = {field.name for field in ours if field.key in article.lines or field.name in before}
            self.set_values(post, item, article, said)
            post.body = read_body(document, self.links, self.report, item.name, self.pictures.url)
            check(post, article, exclude=() if self.dry_run else ("body",))  # a save refuses the body itself
            if not self.dry_run:
                with transaction.atomic():
                    self.save_rows(post, item, article, data, said, before)
        except StaleVersion:
            self.conflict(item, "saved during the import")
        except Post.DoesNotExist:
            self.conflict(item, "deleted")
        except FileError as error:
            self.fail(item, error)
        except ValidationError as error:
            field = "body: " if getattr(error, "code", "") == "body_refused" else ""
            self.fail(item, FileError(None, field + " ".join(error.messages)))
        except (IntegrityError, DataError) as error:
            self.fail(item, refused(error))
        else:
            return Saved(item, article, post)
        return None

    def fail(self, item: PostImport, error: FileError) -> None:
        if item.state not in ("failed", "conflict"):  # those are in the report
            item.state = "failed"
            self.report.fail(item.file.shown, error)

    def conflict(self, item: PostImport, reason: str) -> None:
        item.state = "conflict"
        self.report.conflict(item.name, [reason])

    def report_saved(self, item: PostImport, article: Article) -> None:
        self.report.created += item.state == "new"
        self.report.updated += item.state != "new"
        for finding in article.findings:
            self.report.find(item.name, *finding)
        for stem in {*(stem for stem, _ in article.related), *filter(None, [article.pillar])}:
            if stem not in self.stems:
                self.report.find(item.name, "unknown_related", article.lines.get("related_articles"), stem)

    # --- values ---

    def set_values(self, post: Post, item: PostImport, article: Article, said: set[str]) -> None:
        """Sets the fields, except for the body. `said` are those that the old site did not know and the file names."""
        post.title = article.title
        for field in FIELDS:
            if field.name in article.values and (field.name in said or not field.is_ours):
                value = article.values[field.name]
                setattr(post, field.name, self.picture(item, article, field) if field.model is Image else value)
        post.canonical_url = self.canonical_url(item, article)
        self.set_state(post, item, article)
        post.pending_revision = None  # its revision stays in the history
        if post.pk is None:
            guid = item.guid or old_guid(item, article.permalink, self.config)
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
        if address and (stated := article.last_modified_at or item.updated_at):
            post.updated_at = stated

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

    # --- rows ---

    def save_rows(
        self, post: Post, item: PostImport, article: Article, data: bytes, said: set[str], before: dict[str, Any]
    ) -> None:
        """`before` is what the last import of the file gave the post."""
        post.author = self.names.find(Author, article.author)
        post.category = self.names.find(Category, article.section)
        tags = list(dict.fromkeys(self.names.find(Tag, name) for name in article.tags))
        wanted = {"related": article.related, "pillar": article.pillar}
        linked = find_linked(wanted, own_name=item.name)
        post.pillar_id = linked.pillar_id
        changed_at = post.updated_at
        save_post(
            post,
            tags=[tag.name for tag in tags],
            related=linked.rows if article.related or item.post else None,
            expected_version=item.version,
            kind=PostRevision.Kind.IMPORTED,
        )
        imported = importable_values(post, tags=tags, related=linked.related, pillar=linked.pillar)
        is_same = before and all(imported[name] == before.get(name, imported[name]) for name in SEEN)
        keep_modification(post, article.last_modified_at or item.updated_at or (changed_at if is_same else None))
        for path in item.granted:
            add_alias(post, path)
        if item.post is not None:
            SubjectWord.objects.filter(post=post).delete()  # so that it is related anew, even if this run is killed
        for field in FIELDS:
            if field.is_ours and field.name not in said:
                del imported[field.name]
        imported |= {"redirect_from": list(item.aliases), "reading_time": article.reading_time}
        if not linked.is_complete:
            imported["waiting"] = wanted
        source = {"name": item.name, "raw": data, "digest": item.digest, "imported": imported}
        PostSource(pk=item.source, post=post, **source).save()


class Linked(NamedTuple):
    """The articles that a file names and that are imported."""

    related: list[tuple[str, str]]
    rows: list[tuple[Post, str]]
    pillar: str
    pillar_id: int | None
    is_complete: bool


def find_linked(wanted: dict[str, Any], *, own_name: str) -> Linked:
    """Finds articles by the stems of their file names. The article itself is left out."""
    stems = [stem for stem in (*(stem for stem, _ in wanted["related"]), wanted["pillar"]) if stem]
    found: dict[str, tuple[str, int]] = {}
    if stems:
        names = [f"{stem}{suffix}" for stem in stems for suffix in POST_SUFFIXES]
        for name, post in PostSource.objects.filter(name__in=names, post__isnull=False).values_list("name", "post"):
            found[Path(name).stem] = (name, post)
    own = Path(own_name).stem
    limit = RelatedPost._meta.get_field("reason").max_length
    related = {stem: reason[:limit] for stem, reason in wanted["related"] if stem in found and stem != own}
    pillar = wanted["pillar"] if wanted["pillar"] in found and wanted["pillar"] != own else ""
    return Linked(
        related=[(found[stem][0], reason) for stem, reason in related.items()],
        rows=[(Post(pk=found[stem][1]), reason) for stem, reason in related.items()],
        pillar=found[pillar][0] if pillar else "",
        pillar_id=found[pillar][1] if pillar else None,
        is_complete=all(stem in found or stem == own for stem in stems),
    )


def link_waiting(names: Names) -> None:
    """Links posts to articles that were imported after them, in this run or a later one."""
    sources = PostSource.objects.filter(imported__has_key="waiting", post__isnull=False).order_by("pk").defer("raw")
    for pk in list(sources.values_list("pk", flat=True)):
        with transaction.atomic():
            if source := sources.filter(pk=pk).first():
                link(source, names)


def link(source: PostSource, names: Names) -> None:
    """Links the post to the articles that are here now, unless an editor chose others."""
    imported = dict(source.imported)
    linked = find_linked(imported["waiting"], own_name=source.name)
    found = {"related": [list(row) for row in linked.related], "pillar": linked.pillar}
    if any(imported[key] != value for key, value in found.items()):
        post = Post.objects.locked().filter(pk=source.post_id).first()
        if post is None:  # somebody deleted it meanwhile
            return
        if not found.keys() & set(edited_fields(post, imported, names)):
            post.pillar_id = linked.pillar_id
            save_post(post, related=linked.rows, kind=PostRevision.Kind.IMPORTED)
            imported |= found
    if linked.is_complete:
        del imported["waiting"]
    if imported != source.imported:
        PostSource.objects.filter(pk=source.pk).update(imported=imported)


def refused(error: Exception) -> FileError:
    return FileError(None, f"the database refused it: {error}")


def old_guid(item: PostImport, permalink: str, config: SiteConfig) -> str:
    """The guid of the article in the old feed, or "". If the article lost its URL, its new URL makes the guid."""
    if not item.path or not config.url:
        return ""
    lost = item.live is None or item.path != item.live.path
    path = clean_path(permalink) if permalink and not lost else item.path
    if path not in item.granted and not post_path(path):
        path = item.path  # another article has that permalink
    return f"{config.url}{config.baseurl}{quote(path)}"


def keep_modification(post: Post, moment: datetime | None) -> None:
    """Stores a date of the last change, which the save may have replaced by the time of the import."""
    wanted = max(moment, post.published_at) if moment and post.published_at else post.updated_at
    if post.updated_at != wanted:
        post.updated_at = wanted
        Post.objects.filter(pk=post.pk).update(updated_at=wanted)


def check(post: Post, article: Article, *, exclude: tuple[str, ...]) -> None:
    """Raises FileError for a value that the model refuses."""
    try:
        post.clean_fields(exclude={*UNCHECKED, *exclude})
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise FileError(article.lines.get(field), f"{field}: {' '.join(problems)}") from error
