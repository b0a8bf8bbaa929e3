"""The page on which an editor accepts shorter titles, a page at a time. Addresses stay as they are."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from blog.admin.base import CutPaginator
from blog.admin.findings.preview import NOTHING_CHOSEN, chosen_posts
from blog.admin.findings.scope import check_permission
from blog.editing.checking.facts import read_facts
from blog.editing.fixing.batches import begin_batch, fix_chosen
from blog.jekyll.linked_titles import linked_titles
from blog.models import Post, PostFinding
from blog.text.desk.blocks import Kind, read_blocks
from blog.text.desk.titles import propose

CODES = ("title_suffix", "year")
PER_PAGE = 50
CHANGED = "{}本は、画面を開いたあとに提案がなくなったか変わったので、タイトルを変えていません。"
BEGINNING = 3_000  # characters of the body, in which its first paragraph stands
SHOWN = ("title", "excerpt", "url_date", "version", "category__name")


class TitleSuggestion(NamedTuple):
    post: Post
    title: str

    @property
    def token(self) -> str:
        return f"{self.post.pk}-{self.post.version}"


@require_http_methods(["GET", "HEAD", "POST"])
def titles(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """Shows old and new titles side by side. A POST gives the chosen articles the new ones, in one batch."""
    check_permission(request, admin)
    if request.method == "POST":
        return _accept(request)
    found = PostFinding.objects.filter(code__in=CODES).order_by("-post_id").values_list("post_id", flat=True)
    page = CutPaginator(found.distinct(), PER_PAGE).get_page(request.GET.get("p"))
    suggestions = suggest_titles(list(page))
    return admin.render(
        request, "admin/findings/titles.html", title="タイトルの提案", page=page, suggestions=suggestions
    )


def suggest_titles(keys: list[int]) -> list[TitleSuggestion]:
    """A new title for each of these articles that has one. Bodies are not loaded whole."""
    posts = list(
        Post.objects.filter(pk__in=keys)
        .select_related("category")
        .only(*SHOWN)
        .annotate(beginning=Substr("body", 1, BEGINNING))
        .order_by("-pk")
    )
    words, related = read_facts([]).words, linked_titles(posts)
    found = []
    for post in posts:
        blocks = read_blocks(post.beginning)
        first = next((block.text for block in blocks if block.kind is Kind.PARAGRAPH), "")
        year = post.url_date.year if post.url_date else None
        title = propose(post.title, post.excerpt, first, sorted(related.get(post.pk, ())), words, year)
        if title and title != post.title:
            found.append(TitleSuggestion(post, title))
    return found


def _accept(request: HttpRequest) -> HttpResponse:
    """Gives the articles the titles that the editor saw: a change of the house's words makes other suggestions."""
    chosen = chosen_posts(request.POST.getlist("post"), PER_PAGE)
    suggestions = suggest_titles(list(chosen))
    wanted = {post.pk: title for post, title in suggestions if request.POST.get(f"title-{post.pk}") == title}
    if changed := len(chosen) - len(wanted):
        messages.warning(request, CHANGED.format(changed))
    elif not wanted:
        messages.error(request, NOTHING_CHOSEN)
    if not wanted:
        return redirect(request.path)
    batch = begin_batch(CODES, by=request.user)
    fix_chosen(batch, {pk: chosen[pk] for pk in wanted}, changes=lambda post: {"title": wanted[post.pk]})
    return redirect("admin:blog_postfinding_batch", batch.pk)
