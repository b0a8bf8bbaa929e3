"""The pages of batches of fixes: their list, the outcomes of each, and undoing one.

A request fixes or undoes AT_ONCE articles; the page then requests the next ones, by a script or a button.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from blog.admin.findings.names import name_of
from blog.admin.findings.scope import limits
from blog.editing.fixing import continue_batch, undo_batch, waiting_posts
from blog.models import BatchPost, FixBatch
from blog.text.desk import CODES

AT_ONCE = 50  # articles in a request
PER_PAGE = 50
Outcome = BatchPost.Outcome


def batch_list(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    page = Paginator(FixBatch.objects.select_related("section"), PER_PAGE).get_page(request.GET.get("p"))
    counts = dict(_fixes(page).values_list("batch").annotate(Count("pk")))
    for batch in page:
        batch.fixes, batch.names = counts.get(batch.pk, 0), names_of(batch)
    return admin.render(request, "admin/findings/batch_list.html", title="一括修正の記録", page=page)


def batch_detail(request: HttpRequest, admin: ModelAdmin, number: int) -> HttpResponse:
    """Shows the outcome for each article. A POST continues a batch that has more to fix or to undo."""
    batch = FixBatch.objects.select_related("section", "by").get(pk=number)
    if request.method == "POST":
        return to_batch(request, batch)
    rows = batch.posts.select_related("post", "revision").only(*LISTED).order_by("post_id")
    outcomes = dict(batch.posts.order_by().values_list("outcome").annotate(Count("pk")))
    left = _left(batch, outcomes)
    return admin.render(
        request,
        "admin/findings/batch_detail.html",
        title=str(batch),
        batch=batch,
        names=names_of(batch),
        limits=limits(batch.section, batch.month),
        outcomes=[(Outcome(outcome), outcomes[outcome]) for outcome in Outcome.values if outcome in outcomes],
        left=left,
        goes_on=bool(left) and request.GET.get("go") == "1",
        may_undo=batch.undone_at is None and outcomes.get(Outcome.FIXED, 0),
        page=Paginator(rows, PER_PAGE).get_page(request.GET.get("p")),
    )


def undo(request: HttpRequest, admin: ModelAdmin, number: int) -> HttpResponse:
    """Asks before a batch is undone, and begins to undo it."""
    batch = FixBatch.objects.select_related("section", "by").get(pk=number)
    fixes = _fixes([batch]).count()
    if request.method == "POST" and fixes:
        return take_back(request, batch)
    if not fixes:
        messages.info(request, f"{batch}には、元に戻す修正がありません。")
        return redirect("admin:blog_postfinding_batch", batch.pk)
    title, later = f"{batch}を元に戻す", _fixed_later(batch)
    return admin.render(request, "admin/findings/undo.html", title=title, batch=batch, fixes=fixes, later=later)


def to_batch(request: HttpRequest, batch: FixBatch) -> HttpResponse:
    """Fixes or undoes the next articles of a batch and redirects to its page, which continues if there are more."""
    if batch.undone_at:
        return take_back(request, batch)
    if not batch.finished_at:
        list(continue_batch(batch, most=AT_ONCE))
    return _to_page(batch, has_more=not batch.finished_at)


def take_back(request: HttpRequest, batch: FixBatch) -> HttpResponse:
    list(undo_batch(batch, by=request.user, most=AT_ONCE))
    return _to_page(batch, has_more=_fixes([batch]).exists())


def _to_page(batch: FixBatch, *, has_more: bool) -> HttpResponse:
    return redirect(f"{reverse('admin:blog_postfinding_batch', args=[batch.pk])}{'?go=1' if has_more else ''}")


def names_of(batch: FixBatch) -> list[str]:
    if set(batch.codes) >= set(CODES):
        return ["すべての種類"]
    return [name_of(code) for code in CODES if code in batch.codes]


def _fixes(batches: Any) -> Any:
    return BatchPost.objects.filter(batch__in=list(batches), outcome=Outcome.FIXED)


def _fixed_later(batch: FixBatch) -> int:
    """How many articles that the batch fixed another one fixed later, so that this one cannot be undone there."""
    later = BatchPost.objects.filter(post=OuterRef("post"), pk__gt=OuterRef("pk"), outcome=Outcome.FIXED)
    number: int = _fixes([batch]).filter(Exists(later)).count()
    return number


def _left(batch: FixBatch, outcomes: dict[str, int]) -> int:
    """How many articles the batch still has to fix or to undo."""
    if batch.undone_at:
        return outcomes.get(Outcome.FIXED, 0)
    return 0 if batch.finished_at else waiting_posts(batch).count()


LISTED = ("batch", "outcome", "post__title", "revision__number", "revision__post")
