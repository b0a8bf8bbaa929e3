"""Imports files that an editor uploads, by the rules of a whole tree, and resolves those that conflict with the desk.

The files become a tree of their own in a temporary folder. So one reader guards every import.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import category

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from blog.delivery.scratch import scratch_folder
from blog.editing.revisions.snapshots import Snapshot, stored_snapshot
from blog.editing.saving import StaleVersion, check_version, hold
from blog.jekyll.files.file_name import parse_file_name
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import CONFIG
from blog.jekyll.importing.article import ImportFinding
from blog.jekyll.importing.importer import Import
from blog.jekyll.importing.permalinks import PostImport, State
from blog.jekyll.report import Report
from blog.models import AuditEntry, ImportConflict, Post, PostSource
from blog.models.post.queryset import PostQuerySet

MAX_NAME_BYTES = 255
_GUID = re.compile(r"(https?://[^/]+)(.*?)/[0-9]{4}/[0-9]{2}/[0-9]{2}/")


class CannotImport(Exception):
    """The file of a conflict cannot be imported. `failures` say why."""

    def __init__(self, failures: list[FileError]) -> None:
        super().__init__(f"{len(failures)} failures")
        self.failures = failures


class Superseded(Exception):
    """Somebody decided the conflict meanwhile, or sent another file of its name."""


@dataclass
class UploadedFile:
    """What became of one file. `post` is the key of its article, None without one."""

    name: str
    state: State
    path: str = ""
    post: int | None = None
    title: str = ""
    findings: list[ImportFinding] = field(default_factory=list)
    failures: list[FileError] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    """(line, address) of each link to an article that is not here."""


class Upload(NamedTuple):
    report: "UploadReport"
    files: list[UploadedFile]


class RehearsedArticle(NamedTuple):
    """What the import of a file would make of its article."""

    snapshot: Snapshot
    imported: dict[str, Any]


def check_name(name: str) -> None:
    """Raises FileError for a name that no article's file has, or that a file system does not take."""
    parse_file_name(name)
    if Path(name).name != name or "\\" in name or any(category(char) in ("Cc", "Cs") for char in name):
        raise FileError(None, "the file name does not begin with a date, as 2026-04-01-name.md does")
    if len(name.encode()) > MAX_NAME_BYTES:
        raise FileError(None, f"the file name is longer than {MAX_NAME_BYTES} bytes")


def import_uploads(files: Mapping[str, bytes], *, by: User | None) -> Upload:
    """Imports the files, whose names the caller has checked. Files in conflict wait as ImportConflict."""
    upload = _run(files, by=by, overwrite=False)
    for file in upload.files:
        if file.state == "conflict":
            values = {"raw": files[file.name], "digest": _digest(files[file.name]), "user": by}
            values["edited"] = upload.report.edited[file.name]
            ImportConflict.objects.update_or_create(name=file.name, defaults=values)
    resolved = [file.name for file in upload.files if file.state in ("new", "changed")]
    ImportConflict.objects.filter(name__in=resolved).delete()
    return upload


# --- conflicts ---


def open_conflicts() -> QuerySet[ImportConflict]:
    """The conflicts that nobody resolved, at the desk or by an import of the same file in another way."""
    resolved = PostSource.objects.filter(name=OuterRef("name"), digest=OuterRef("digest"))
    return ImportConflict.objects.filter(~Exists(resolved)).select_related("user")


def article_of(conflict: ImportConflict) -> Post | None:
    """The article that came from a file of this name; None if the desk deleted it."""
    return Post.objects.filter(source__name=conflict.name).select_related("author").first()


@transaction.atomic
def rehearse(conflict: ImportConflict) -> RehearsedArticle:
    """Imports the file over the desk's edits, looks at the article and undoes all of it. Raises CannotImport."""
    try:
        upload = _run({conflict.name: bytes(conflict.raw)}, by=None, overwrite=True)
        source = PostSource.objects.filter(name=conflict.name).first()
        if upload.files[0].failures or source is None or source.post is None:
            raise CannotImport(upload.files[0].failures)
        return RehearsedArticle(stored_snapshot(source.post), source.imported)
    finally:
        transaction.set_rollback(True)


@transaction.atomic
def take_file(conflict: ImportConflict, *, by: User, expected_version: int) -> None:
    """Replaces the article by the file that `conflict` was loaded with.

    Raises CannotImport, Superseded, and StaleVersion if somebody saved the article since.
    """
    _hold(conflict, expected_version)
    upload = _run({conflict.name: bytes(conflict.raw)}, by=by, overwrite=True)
    if upload.files[0].failures:
        raise CannotImport(upload.files[0].failures)
    conflict.delete()


@transaction.atomic
def keep_article(conflict: ImportConflict, *, expected_version: int) -> None:
    """Keeps the article and notes the file as seen, so that it conflicts no more. Raises Superseded and StaleVersion.

    A later file conflicts again, since the article still differs from what the file would have given it.
    """
    _hold(conflict, expected_version)
    AuditEntry.objects.note(AuditEntry.Act.CHANGED, conflict, detail="取り込まず、記事をそのままにしました。")
    with suppress(CannotImport):  # a file that cannot be imported is forgotten
        seen = {"raw": conflict.raw, "digest": conflict.digest, "imported": rehearse(conflict).imported}
        PostSource.objects.filter(name=conflict.name).update(**seen)
    conflict.delete()


def _hold(conflict: ImportConflict, expected_version: int) -> None:
    waiting = ImportConflict.objects.select_for_update().filter(pk=conflict.pk, digest=conflict.digest)
    if not waiting.exists():
        raise Superseded
    if post := article_of(conflict):
        check_version(hold(post.pk), expected_version)
    elif expected_version != 0:
        raise StaleVersion(Post(version=0))


# --- the run ---


class UploadReport(Report):
    """A report that also keeps what belongs to each file."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, ImportFinding]] = []
        self.edited: dict[str, list[str]] = {}

    def find(self, file: str, code: str, line: int | None, detail: str) -> None:
        super().find(file, code, line, detail)
        self.found.append((file, ImportFinding(code, line, detail)))

    def conflict(self, file: str, edited: list[str]) -> None:
        super().conflict(file, edited)
        self.edited[file] = edited


class _UploadImport(Import):
    report: UploadReport
    takes_empty = False  # as in every other way to publish at the desk

    def __init__(self, root: Path, *, by: User | None, overwrite: bool) -> None:
        super().__init__(root, dry_run=False, overwrite=overwrite, by=by)
        self.report = UploadReport()

    def unfinished(self, posts: PostQuerySet) -> PostQuerySet:
        """An editor waits for this run: it leaves alone what another one left."""
        return posts.filter(source__name__in=[item.name for item in self.items])

    def relate(self) -> None:
        """Leaves it to the queue, as `save_post` does: it locks other articles, and this run may hold one already."""


def _run(files: Mapping[str, bytes], *, by: User | None, overwrite: bool) -> Upload:
    with scratch_folder() as root:
        (root / CONFIG).write_text(_config(), encoding="utf-8")
        (root / "_posts").mkdir()
        for name, data in files.items():
            (root / "_posts" / name).write_bytes(data)
        run = _UploadImport(root, by=by, overwrite=overwrite)
        run.run()
        return Upload(run.report, _outcomes(run.items, run.report, files))


def _config() -> str:
    """The settings of the files' tree: the address of the old site, and this site's time zone."""
    url, baseurl = _old_site()
    values = {"url": url, "baseurl": baseurl, "timezone": settings.TIME_ZONE}
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def _old_site() -> tuple[str, str]:
    """(url, baseurl) of the site that files came from, as the newest guid of an import has them; else our own."""
    imported = Post.objects.filter(source__isnull=False, guid__startswith="http").order_by("-pk")
    guid = _GUID.match(imported.values_list("guid", flat=True).first() or "")
    return (guid[1], guid[2]) if guid else (settings.SITE_URL, "")


def _outcomes(items: Iterable[PostImport], report: UploadReport, names: Iterable[str]) -> list[UploadedFile]:
    files = {name: UploadedFile(name, "failed") for name in sorted(names)}
    for item in items:
        files[item.name].state, files[item.name].path = item.state, item.path
    articles = PostSource.objects.filter(name__in=files, post__isnull=False).values_list("name", "post", "post__title")
    for name, post, title in articles:
        files[name].post, files[name].title = post, title
    for name, finding in report.found:
        files[name].findings.append(finding)
    for failure in report.failed:
        files[failure["file"]].failures.append(FileError(failure["line"], failure["reason"]))
    for link in report.unresolved_links:
        files[link["file"]].links.append((link["line"], link["href"]))
    return list(files.values())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
