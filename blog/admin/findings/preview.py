"""The page that shows what a batch would change in each article, and begins it."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from blog.admin.fields import number_in
from blog.admin.findings.batches import to_batch
from blog.admin.findings.names import name_of
from blog.admin.findings.scope import ScopeForm
from blog.admin.versions.changes import FieldChange, change
from blog.editing.fixing import begin_batch, fix_chosen, fixable, fixed_texts
from blog.models import Post

PER_PAGE = 10
NOTHING_CHOSEN = "記事が選ばれていません。直す記事を選んでください。"
UNKNOWN = "直す種類を読み取れませんでした。もう一度選んでください。"


class FixPreview(NamedTuple):
    post: Post
    changes: list[FieldChange]

    @property
    def token(self) -> str:
        """The article and the edit number that the editor looks at."""
        return f"{self.post.pk}-{self.post.version}"


def fix(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """Shows the changes of a page of articles. Begins the batch for the chosen ones, or for all."""
    form = ScopeForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        messages.error(request, UNKNOWN)
        return redirect("admin:blog_postfinding_changelist")
    if request.method == "POST":
        return _begin(request, form)
    keys = fixable(form.codes, **form.about).order_by("-post_id").values_list("post_id", flat=True).distinct()
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("p"))
    posts = Post.objects.filter(pk__in=list(page)).select_related("category").order_by("-pk")
    return admin.render(
        request,
        "admin/findings/preview.html",
        title="一括修正の確認",
        page=page,
        previews=[_preview(post, form.codes) for post in posts],
        codes=[name_of(code) for code in form.codes],
        form=form,
        query=urlencode(form.parameters),
    )


def _preview(post: Post, codes: list[str]) -> FixPreview:
    return FixPreview(
        post, [change(name, getattr(post, name), text) for name, text in fixed_texts(post, codes).items()]
    )


def _begin(request: HttpRequest, form: ScopeForm) -> HttpResponse:
    chosen = chosen_posts(request.POST.getlist("post"), PER_PAGE)
    if "all" not in request.POST and not chosen:
        messages.error(request, NOTHING_CHOSEN)
        return redirect(f"{request.path}?{urlencode(form.parameters)}")
    if "all" not in request.POST:
        batch = begin_batch(form.codes, by=request.user)
        fix_chosen(batch, chosen)
        return redirect("admin:blog_postfinding_batch", batch.pk)
    if not fixable(form.codes, **form.about).exists():  # the form came twice
        messages.info(request, "直すところは、もうありません。")
        return redirect("admin:blog_postfinding_batches")
    return to_batch(request, begin_batch(form.codes, by=request.user, **form.about))


def chosen_posts(tokens: list[str], most: int) -> dict[int, int]:
    """Maps keys of articles to edit numbers, from the tokens of a form. Other texts are left out."""
    found: dict[int, int] = {}
    for token in tokens[:most]:
        pk, _, version = token.partition("-")
        key, number = number_in(pk), number_in(version)
        if key is not None and number is not None:
            found[key] = number
    return found
