"""The import at the desk: an editor uploads Jekyll files and sees what became of each."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from blog.admin.imports.forms import MAX_FILES, Refusal, UploadForm
from blog.admin.imports.words import QUOTING, STATES, edited_text, finding_text, reason_text
from blog.editing import permissions
from blog.jekyll.files.tree import MAX_POST_BYTES
from blog.jekyll.importing.article import ImportFinding
from blog.jekyll.importing.uploads import UploadedFile, import_uploads, open_conflicts
from blog.jekyll.report import Report
from blog.models import ImportConflict, Post
from blog.queries.findings import errors_by_post

View = Callable[..., HttpResponse]


class Note(NamedTuple):
    """A finding of one kind in a file, with its lines and what it is about."""

    text: str
    lines: list[int]
    details: list[str]


class FileRow(NamedTuple):
    """What became of one file. `errors` is the number of findings that would stop a publication of its article."""

    file: UploadedFile
    result: str
    failures: list[tuple[int | None, str]]
    notes: list[Note]
    conflict: ImportConflict | None
    errors: int


def importers_only(view: View) -> View:
    """Makes the view a page of the desk for users who may import."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not permissions.may_import(request.user):
            raise PermissionDenied
        return view(request, **kwargs)

    return admin.site.admin_view(guarded)


@importers_only
@require_http_methods(["GET", "HEAD", "POST"])
def import_files(request: HttpRequest) -> HttpResponse:
    """Asks for files, imports them and shows the report. The same files sent again change nothing."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    context = {"title": "ファイルから取り込む", "form": form, "max_files": MAX_FILES}
    if form.is_bound and form.is_valid():
        context |= _import(request, form)
    conflicts = list(open_conflicts().defer("raw"))
    for conflict in conflicts:
        conflict.edited_text = edited_text(conflict.edited)
    context |= {"conflicts": conflicts, "max_megabytes": MAX_POST_BYTES // 2**20}
    return admin.site.get_model_admin(Post).render(request, "desk/import.html", **context)


def _import(request: HttpRequest, form: UploadForm) -> dict[str, Any]:
    files, refusals = form.sorted_out()
    if not files:
        return {"refusals": refusals}
    upload = import_uploads(files, by=request.user)
    conflicts = {conflict.name: conflict for conflict in open_conflicts().filter(name__in=files).defer("raw")}
    errors = errors_by_post(file.post for file in upload.files if file.post)
    return {
        "report": upload.report,
        "counts": counts(upload.report, refusals),
        "totals": [(finding_text(code), number) for code, number in sorted(upload.report.findings.items())],
        "rows": [row(file, conflicts.get(file.name), errors.get(file.post, 0)) for file in upload.files],
        "refusals": refusals,
    }


def counts(report: Report, refusals: list[Refusal]) -> list[tuple[str, int]]:
    failed = len({failure["file"] for failure in report.failed}) + len(refusals)
    return [
        ("新しい記事", report.created),
        ("更新", report.updated),
        ("変更なし", report.unchanged),
        ("確認待ち", len(report.conflicts)),
        ("失敗", failed),
    ]


def row(file: UploadedFile, conflict: ImportConflict | None, errors: int) -> FileRow:
    failures = [(failure.line, reason_text(failure.reason)) for failure in file.failures]
    return FileRow(file, STATES[file.state], failures, notes(file.findings), conflict, errors)


def notes(findings: Iterable[ImportFinding]) -> list[Note]:
    """One note for each kind of finding."""
    by_code: dict[str, list[ImportFinding]] = defaultdict(list)
    for finding in findings:
        by_code[finding.code].append(finding)
    return [
        Note(
            finding_text(code),
            sorted({finding.line for finding in found if finding.line}),
            list(dict.fromkeys(finding.detail for finding in found)) if code in QUOTING else [],
        )
        for code, found in by_code.items()
    ]
