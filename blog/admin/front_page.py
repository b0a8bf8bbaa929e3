"""The desk's page for the front page: a row for each place, with the article that stands there now."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from blog.admin.base import DeskAdmin
from blog.editing.front_page import StaleFrontPage, set_front_page
from blog.models import Category, FrontPick, Post
from blog.queries.front_page import TOP_STORIES, FrontPage, front_page

POST_FIELDS = ("title", "status", "published_at", "category__name")
PICK_FIELDS = ("category", "position", "until", *(f"post__{name}" for name in POST_FIELDS))
SHOWABLE = (Post.State.PUBLISHED, Post.State.SCHEDULED)
STALE_FRONT_PAGE = (
    "編集しているあいだに、別の人がトップページを保存しました。上書きを防ぐため、保存していません。"
    "この画面の内容は残っています。もう一度保存すると、この内容で置き換えます。"
)


class PlaceForm(forms.Form):
    """One place of the front page: the lead of a section, or without a `category` the top story at `position`.

    `pick` is the stored pick. If it is no longer valid, its article has left the place, and `left` says why.
    """

    post = forms.ModelChoiceField(
        Post.objects.select_related("category").only(*POST_FIELDS),
        label="記事",
        required=False,
        widget=AutocompleteSelect(FrontPick._meta.get_field("post"), admin.site),
    )
    until = forms.DateTimeField(
        label="掲載の終わり",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(
        self, data: Any, *, category: Category | None, position: int, now: Post | None, pick: FrontPick | None
    ) -> None:
        super().__init__(data, prefix=f"section-{category.pk}" if category else f"top-{position}")
        self.category, self.position = category, position
        self.left = self.why_left(pick) if pick else ""
        if pick and not self.left:
            self.initial = {"post": pick.post_id, "until": pick.until}
        self.name = category.name if category else ("巻頭" if position == 0 else f"巻頭の次（{position}）")
        self.now = now
        for field, text in (("post", "記事"), ("until", "掲載の終わり")):
            self.fields[field].widget.attrs["aria-label"] = f"{self.name}：{text}"

    def clean_post(self) -> Post | None:
        post = self.cleaned_data["post"]
        if post and (refusal := self.refusal(post)):
            raise forms.ValidationError(refusal)
        return post

    def clean_until(self) -> datetime | None:
        until = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError("掲載の終わりが過ぎています。先の日時にするか、空にしてください。")
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("until") and not cleaned.get("post") and "post" not in self.errors:
            self.add_error("post", "掲載する記事を選んでください。")
        return cleaned

    def refusal(self, post: Post) -> str:
        """Says why the article cannot stand here; "" if it can."""
        if post.state not in SHOWABLE:
            return f"「{post}」は公開も予約もされていません（{post.state.label}）。"
        if self.category and post.category_id != self.category.pk:
            return f"「{post}」のセクションは「{post.category.name}」です。"
        return ""

    def why_left(self, pick: FrontPick) -> str:
        if pick.until and pick.until <= timezone.now():
            return f"「{pick.post}」は掲載の終わりが過ぎました。"
        return self.refusal(pick.post)

    def pick(self) -> FrontPick | None:
        if not self.cleaned_data["post"]:
            return None
        return FrontPick(category=self.category, position=self.position, **self.cleaned_data)


def place_forms(data: Any, front: FrontPage) -> list[PlaceForm]:
    picks = FrontPick.objects.select_related("post__category").only(*PICK_FIELDS)
    stored = {(pick.category_id, pick.position): pick for pick in picks}
    leads = {section.pk: posts[0] for section, posts in front.sections}
    tops = dict(enumerate(front.top))
    places = [(None, position, tops.get(position)) for position in range(TOP_STORIES)]
    places += [(section, 0, leads.get(section.pk)) for section in Category.objects.all()]
    return [
        PlaceForm(
            data, category=section, position=position, now=now, pick=stored.get((section and section.pk, position))
        )
        for section, position, now in places
    ]


def are_valid(places: list[PlaceForm]) -> bool:
    """Whether every form is valid and no article has two places."""
    seen: dict[Post, PlaceForm] = {}
    for form in places:
        post = form.cleaned_data.get("post") if form.is_valid() else None
        if post in seen:
            form.add_error("post", f"「{seen[post].name}」と同じ記事です。")
        elif post:
            seen[post] = form
    return not any(form.errors for form in places)


@admin.register(FrontPick)
class FrontPageAdmin(DeskAdmin):
    """Its only page is the front page. It has no list, and picks are not added or deleted one by one."""

    autocomplete_fields = ("post",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FrontPick | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FrontPick | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        may_change = self.has_change_permission(request)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        places = place_forms(request.POST if request.method == "POST" else None, front_page())
        signature = FrontPick.objects.all().signature()
        if request.method == "POST" and are_valid(places):
            try:
                picks = [pick for form in places if (pick := form.pick())]
                set_front_page(picks, expected=request.POST.get("signature", ""), by=request.user)
            except StaleFrontPage:
                messages.error(request, STALE_FRONT_PAGE)
            else:
                messages.success(request, "トップページを保存しました。")
                return HttpResponseRedirect(request.get_full_path())
        return self.render(
            request,
            "admin/front_page.html",
            title="トップページ",
            places=places,
            signature=signature,
            may_change=may_change,
            has_errors=any(form.errors for form in places),
            media=self.media + places[0].media,
        )
