"""An uploaded file whose article was edited at the desk too: the editor sees the difference and decides."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from blog.admin.imports.views import importers_only
from blog.admin.imports.words import edited_text, reason_text
from blog.admin.item.pages import version_in
from blog.admin.versions.changes import changes
from blog.editing.revisions.snapshots import stored_snapshot
from blog.editing.saving import StaleVersion
from blog.jekyll.importing.uploads import (
    CannotImport,
    Superseded,
    article_of,
    keep_article,
    open_conflicts,
    rehearse,
    take_file,
)
from blog.models import ImportConflict, Post

GONE = "この取り込みは、もう片づいています。"
SAVED_MEANWHILE = (
    "そのあいだに別の人がこの記事を保存したので、まだ何も変えていません。違いを確かめて、もう一度選んでください。"
)

SENT_MEANWHILE = (
    "そのあいだに同じ名前のファイルが送られたか、別の人が決めたので、まだ何も変えていません。もう一度確かめてください。"
)


@importers_only
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, key: int) -> HttpResponse:
    """Shows the article beside what the file would make of it, and keeps one of the two."""
    found = open_conflicts().filter(pk=key).first()
    if found is None:  # also if the form came twice
        messages.info(request, GONE)
        return redirect("desk:import")
    if request.method == "POST" and (answer := _resolve(request, found)):
        return answer
    post = article_of(found)
    return admin.site.get_model_admin(Post).render(
        request,
        "desk/import_conflict.html",
        title="取り込みの確認",
        conflict=found,
        post=post,
        version=post.version if post else 0,
        edited=edited_text(found.edited) if post else "",
        **_difference(found, post),
    )


def _difference(found: ImportConflict, post: Post | None) -> dict[str, object]:
    try:
        rehearsed = rehearse(found)
    except CannotImport as error:
        return {"failures": [(failure.line, reason_text(failure.reason)) for failure in error.failures]}
    return {"changes": changes(stored_snapshot(post) if post else None, rehearsed.snapshot)}


def _resolve(request: HttpRequest, found: ImportConflict) -> HttpResponseRedirect | None:
    """Does what the editor chose. Returns None if the page must be shown again; a message says why."""
    name, version = found.name, version_in(request.POST)
    try:
        if request.POST.get("file") != found.digest:
            raise Superseded
        if request.POST.get("choice") == "file":
            take_file(found, by=request.user, expected_version=version)
            messages.success(request, f"「{name}」の内容にしました。前の内容は履歴に残っています。")
        elif request.POST.get("choice") == "article":
            keep_article(found, expected_version=version)
            messages.success(request, f"「{name}」は取り込まず、いまの内容のままにしました。")
        else:
            messages.error(request, "どちらの内容にするかを選んでください。")
            return None
    except Superseded:
        messages.error(request, SENT_MEANWHILE)
        return redirect(request.path)
    except StaleVersion:
        messages.error(request, SAVED_MEANWHILE)
        return None
    except CannotImport as error:
        messages.error(
            request, f"「{name}」を取り込めません。{' '.join(reason_text(f.reason) for f in error.failures)}"
        )
        return None
    return redirect("desk:import")
