import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from blog.admin.fields import TAG_SEPARATOR
from blog.admin.item import SavedAlready, finish_autosaves
from blog.admin.item_admin import ItemAdmin
from blog.admin.layout import FOLDED, NEEDS, RAIL, TEXT
from blog.admin.post import bulk
from blog.admin.post.filters import AuthorFilter, MarkFilter, MonthFilter, OwnFilter, StateFilter, TagFilter
from blog.admin.post.findings import SHOWN_BEFORE, in_form, shown
from blog.admin.post.form import SAVE_PENDING, PostForm, check_unsaved, step_fields
from blog.admin.post.related import RelatedPostInline, chosen_posts, post_choices
from blog.admin.post.search import find_posts
from blog.admin.post.thread import may_arrange, thread
from blog.admin.post.workflow import STEPS, announce, asked, state_note, steps_for, take_many
from blog.admin.versions import amendments, duplicates, notes, pending, preview_links
from blog.admin.versions.conflicts import TooLate
from blog.editing import permissions
from blog.editing.blocking import in_words
from blog.editing.pending import save_pending, settings_at
from blog.editing.saving import NotDeletable, StaleVersion, delete_posts, lock_for_update, save_post
from blog.editing.snapshots import unsaved_snapshot
from blog.models import (
    FrontPick,
    KindredPost,
    Passage,
    Permalink,
    PictureUse,
    Post,
    PostFinding,
    RelatedPost,
    SearchDocument,
    SubjectWord,
)
from blog.text.desk import ERRORS
from blog.times import tokyo

NO_BYLINE = (
    "あなたのアカウントには、まだ署名がありません。記事を書く前に、"
    "管理者に「著者」の「ログインユーザー」であなたを選んでもらってください。"
)

KEPT_MEANWHILE = "そのあいだに、削除できなくなった記事があります"
KEPT_PENDING = "公開せずに保存しました。読者が見ている記事は変わっていません。"
GOES_OUT = "予約があるので、公開前の変更は{}に自動で反映します。"
NEW_TIME = "公開の予約を{}に変えました。"
WAITS = "変更は、編集者が反映するまで読者に見えません。"
PROPOSED = "変更を提案しました。編集者が反映するまで、読者が見ている記事は変わりません。"
SHOWN_TO_READERS = "読者が見ている記事に、直したほうがよい指摘が{}件あります。{}"
ARTICLE_PAGES = {
    "amendment": ("<int:object_id>/revisions/<int:number>/amendment/", amendments.amendment),
    "pending": ("<int:object_id>/pending/", pending.pending),
    "preview_links": ("<int:object_id>/preview-links/", preview_links.preview_links),
    "revoke_link": ("<int:object_id>/preview-links/<int:link_id>/revoke/", preview_links.revoke_link),
    "thread": ("<int:object_id>/thread/", thread),
    "notes": ("<int:object_id>/notes/", notes.notes),
    "duplicate": ("<int:object_id>/duplicate/", duplicates.duplicate),
}

DATED = (Post.State.SCHEDULED, Post.State.PUBLISHED, Post.State.WITHDRAWN)

# Rows that are made from the article, and so are no loss that an editor should be told of.
MADE_BY_MACHINES = (KindredPost, Passage, Permalink, PictureUse, PostFinding, SearchDocument, SubjectWord)


@admin.register(Post)
class PostAdmin(ItemAdmin):
    class Media:
        css = {"all": ["desk/findings.css", "desk/tags.css"]}
        js = (forms.Script("desk/findings.js", type="module"), forms.Script("desk/tags.js", type="module"))

    form = PostForm
    pages = ItemAdmin.pages | ARTICLE_PAGES
    saved_already = "「{item}」は、すでにこの内容で保存されています（{item.state.label}）。"
    inlines = (RelatedPostInline,)
    autocomplete_fields = ("author", "category", "lead_image", "share_image", "pillar")
    fieldsets = (
        (None, {"fields": ("title", "excerpt", "body", "base_version"), "classes": (TEXT,)}),
        ("公開", {"fields": ("reason", "publish_at"), "classes": (NEEDS,)}),
        ("分類", {"fields": ("category", "author", "tag_names"), "classes": (RAIL,)}),
        ("画像", {"fields": ("lead_image",), "classes": (RAIL,)}),
        ("要点", {"fields": ("key_points",), "classes": (FOLDED,)}),
        ("URL・検索・共有", {"fields": ("slug", "description", "share_image"), "classes": (FOLDED, "in-found")}),
        ("検索エンジンへの指示", {"fields": ("canonical_url", "noindex", "in_sitemap"), "classes": (FOLDED,)}),
        ("まとめ記事", {"fields": ("pillar",), "classes": (FOLDED,)}),
        ("公開後の変更", {"fields": (*amendments.FIELDS, "correction"), "classes": (FOLDED,)}),
        ("PR", {"fields": ("is_sponsored",), "classes": (FOLDED,)}),
    )

    list_display = ("title", "state", "public_at", "last_saved", "category", "author")
    list_filter = (OwnFilter, StateFilter, MarkFilter, MonthFilter, TagFilter, "category", AuthorFilter)
    list_select_related = ("category", "author")
    search_fields = ("title",)  # Django shows a search field if there are any; none of them is searched
    sortable_by = ("last_saved",)
    # Drafts have no date, and the two databases sort an empty date differently. So the newest row stands first.
    ordering = ("-pk",)

    # --- the list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The posts that the user may see, without their long texts, for lists, searches and autocompletion."""
        waiting = Q(pending_revision__isnull=False) & permissions.readable_history(request.user)
        posts = permissions.visible_posts(request.user).for_list().annotate(has_changes=waiting)
        return posts.order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        if request.GET.get(MonthFilter.parameter_name):
            return ("-url_date", "-pk")
        return ("-published_at", "-pk") if request.GET.get(StateFilter.parameter_name) in DATED else self.ordering

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return (find_posts(request, queryset, search_term) if search_term.strip() else queryset), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if request.user.has_perm("blog.change_post"):
            actions[bulk.NAME] = (bulk.change_many, bulk.NAME, bulk.LABEL)
        steps = [step for step in STEPS if step.open_to(request.user)]
        return actions | {step.name: (partial(take_many, step), step.name, step.label) for step in steps}

    @admin.display(description="状態")
    def state(self, post: Post) -> str:
        return f"{post.state.label}（変更あり）" if post.has_changes else post.state.label

    @admin.display(description="公開日時")
    def public_at(self, post: Post) -> str | None:
        return post.published_at and f"{localtime(post.published_at):%Y/%m/%d %H:%M}"

    @admin.display(description="更新日", ordering="-saved_at")  # the newest first
    def last_saved(self, post: Post) -> str:
        return f"{localtime(post.saved_at):%Y/%m/%d}"

    # --- loading ---

    def find(self, request: HttpRequest, object_id: str, *, for_update: bool = False) -> Post | None:
        posts = permissions.visible_posts(request.user)
        try:
            return lock_for_update(object_id, posts) if for_update else posts.select_related("author").get(pk=object_id)
        except (Post.DoesNotExist, ValidationError, ValueError):
            return None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        author = permissions.author_of(request.user)
        return {"author": author and author.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> forms.Field:
        return super().formfield_for_foreignkey(db_field, request, **kwargs, **post_choices(db_field, request.user))

    def get_fieldsets(self, request: HttpRequest, obj: Post | None = None) -> Any:
        """Leaves out the fields that the user's steps do not need. A user who may only look sees read-only values."""
        post = obj or Post()
        allowed = step_fields(request.user, post) | amendments.fields_for(request.user, post)
        shown, hidden = {}, {"publish_at", "reason", *amendments.FIELDS} - allowed
        if not (obj and obj.correction):
            hidden.add("correction")  # an imported note without a date stays; a new one has a kind and a date
        if obj is None and IS_POPUP_VAR in request.GET:
            hidden.add("publish_at")  # a pop-up window only saves, and has no button that would need it
        if obj and not self.has_change_permission(request, obj):
            shown = {"tag_names": "tags_in_order", "publish_at": "published_at"}
            hidden = hidden - {"publish_at"} | {"base_version", "reason", *amendments.FIELDS}
            if obj.pillar and not (obj.pillar.is_public or permissions.may_read_history(request.user, obj)):
                hidden.add("pillar")
        return [
            (title, {**options, "fields": [shown.get(name, name) for name in options["fields"] if name not in hidden]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_form(self, request: HttpRequest, obj: Post | None = None, **kwargs: Any) -> type[PostForm]:
        form = super().get_form(request, obj, **kwargs)
        form.user = request.user  # the class is made anew for each request
        return form

    @admin.display(description="タグ")
    def tags_in_order(self, post: Post) -> str:
        return TAG_SEPARATOR.join(tag.name for tag in post.tag_list)

    def view_on_site(self, post: Post) -> str | None:
        return post.get_absolute_url() if post.is_public else None

    # --- permissions ---

    def has_view_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return permissions.may_view(request.user, obj) if obj else super().has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return permissions.may_work_on(request.user, obj) if obj else super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return permissions.may_delete(request.user, obj) if obj else super().has_delete_permission(request)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A writer needs a linked author first: the byline is never made from a login name."""
        if self.has_add_permission(request) and not (
            permissions.may_publish(request.user) or permissions.author_of(request.user)
        ):
            self.message_user(request, NO_BYLINE, messages.WARNING)
            return redirect("admin:blog_post_changelist")
        return super().add_view(request, *args, **kwargs)

    # --- saving ---

    def save_model(self, request: HttpRequest, post: Post, form: PostForm, change: bool) -> None:
        """Does nothing: `save_related` saves the post with its tags and related posts in one step."""

    def save_related(self, request: HttpRequest, form: PostForm, formsets: Iterable[Any], change: bool) -> None:
        """Saves the post with its tags and related posts, or all of it as the pending version."""
        related = [choice for formset in formsets for choice in chosen_posts(formset)]
        for formset in formsets:
            formset.save(commit=False)  # lists the changes, for the log
        version = form.cleaned_data["base_version"] if change else None
        content = {"tags": form.tags, "related": related}
        sent = unsaved_snapshot(form.instance, **content) if change else {}
        if form.only_proposes:  # the writer did not change them, whatever an editor has set since
            sent |= settings_at(form.instance, version)
        if change and (form.is_late or not form.has_amendment):
            check_unsaved(form, sent)
        try:
            if form.is_pending:
                save_pending(form.instance, by=request.user, expected_version=version, **content)
            else:
                form.instance.pending_revision = None  # the form showed its content, so the post holds it now
                save_post(form.instance, by=request.user, expected_version=version, override=form.override, **content)
                amendments.amend_save(request, form, form.instance)
        except StaleVersion as stale:
            amendments.keep_note(request, form)
            raise TooLate(stale.stored, sent, version) from stale
        finish_autosaves(request, form.instance)
        if step := form.taken:
            self.message_user(request, f"「{form.instance}」を{step.result(form.instance)}。", messages.SUCCESS)
            announce(step, form.instance, request.user)
        elif change and form.instance.is_scheduled and "publish_at" in form.changed_data:
            self.message_user(request, NEW_TIME.format(tokyo(form.instance.published_at)), messages.SUCCESS)
        elif form.step:
            self.message_user(request, self.saved_already.format(item=form.instance))

    def was_sent(self, request: HttpRequest, post: Post) -> bool:
        """Whether the form was saved before: its step is taken and its content is stored."""
        step = asked(request.POST)
        if step is None or post.state is not step.to or not step.open_to(request.user):
            return False
        form = self.get_form(request, post, fields=flatten_fieldsets(self.fieldsets))(request.POST, instance=post)
        (choices, _), *_ = self.get_formsets_with_inlines(request)
        related = choices(request.POST, instance=post, prefix=choices.get_default_prefix())
        if not (form.is_valid() and related.is_valid()):
            return False
        try:
            check_unsaved(form, unsaved_snapshot(form.instance, form.tags, chosen_posts(related)))
        except SavedAlready:
            return True
        return False

    # --- steps ---

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Adds a button for each step that the user may take. A form in a pop-up window only saves."""
        post = kwargs.get("obj") or Post()
        editable = self.has_change_permission(request, post) if post.pk else True
        steps = [] if context["is_popup"] else steps_for(request.user, post)
        goes_live, only_proposes = editable and post.is_public, permissions.only_proposes(request.user, post)
        form = context["adminform"].form
        context |= {
            "only_proposes": only_proposes,
            "awaited_plan": permissions.awaited_plan(request.user, post),
            "may_release": permissions.may_edit(request.user, post),
            "goes_live": goes_live,  # the buttons of a public post have other names, and say what readers will see
            "show_save": not goes_live,
            "duplicate_key": uuid.uuid4() if post.pk and permissions.may_duplicate(request.user, post) else "",
            "shows_thread": may_arrange(request.user, post),
            "state_note": f"{state_note(post)}{WAITS if only_proposes else ''}" if post.pk else "",
            "steps": [step for step in steps if editable and not step.is_apart],
            "outer_steps": [step for step in steps if step.is_apart or not editable],
            "shows_findings": editable,
            "findings": in_form(form) if editable else None,
            "blocked": shown(form.blocked, SHOWN_BEFORE) if editable else None,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def construct_change_message(self, request: HttpRequest, form: PostForm, formsets: Any, add: bool = False) -> Any:
        """The log message: what the step did. The history of the article tells which fields changed."""
        if step := form.taken:
            return f"{step.result(form.instance)}。"
        return super().construct_change_message(request, form, formsets, add)

    def response_add(self, request: HttpRequest, obj: Post, post_url_continue: str | None = None) -> HttpResponse:
        if asked(request.POST):
            return admin.ModelAdmin.response_post_save_add(self, request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Post) -> HttpResponse:
        if SAVE_PENDING in request.POST and obj.is_public and IS_POPUP_VAR not in request.POST:
            plan = permissions.plan_of(obj)
            kept = KEPT_PENDING + GOES_OUT.format(tokyo(plan.at)) if plan else KEPT_PENDING
            is_proposal = permissions.only_proposes(request.user, obj)
            self.message_user(request, PROPOSED if is_proposal else kept, messages.SUCCESS)
            return redirect("admin:blog_post_change", obj.pk)
        if asked(request.POST):
            return admin.ModelAdmin.response_post_save_change(self, request, obj)
        if obj.is_public and (errors := list(obj.findings.filter(code__in=ERRORS))):
            self.message_user(request, SHOWN_TO_READERS.format(len(errors), in_words(errors)), messages.WARNING)
        return super().response_change(request, obj)

    # --- deleting ---

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except NotDeletable as refusal:
            return self._tell_kept(request, refusal)

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        try:
            return super().response_action(request, queryset)
        except NotDeletable as refusal:
            return self._tell_kept(request, refusal)

    def delete_model(self, request: HttpRequest, post: Post) -> None:
        delete_posts([post], by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        delete_posts(queryset, by=request.user)

    def _tell_kept(self, request: HttpRequest, refusal: NotDeletable) -> HttpResponse:
        """Reports posts that can no longer be deleted. Only titles that the user may still see are named."""
        seen = [post for post in refusal.posts if permissions.may_view(request.user, post)]
        named = "、".join(self._kept(request, post) for post in seen) or "あなたの担当でなくなった記事"
        self.message_user(request, f"何も削除していません。{KEPT_MEANWHILE}：{named}", messages.ERROR)
        return redirect("admin:blog_post_changelist")

    def get_deleted_objects(self, objs: Iterable[Post], request: HttpRequest) -> tuple:
        kept = [named for post in objs if (named := self._kept(request, post))]
        if kept:
            return [], {}, set(), kept
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # Nobody may delete a permalink, a pick of the front page or a finding alone, but those of a post that readers
        # never saw go with the post. The revisions would fill the page, so related rows are counted, not listed.
        to_delete = [post for post in to_delete if not isinstance(post, list)]
        if not permissions.may_publish(request.user):  # else the count would include articles that the user may not see
            counts[str(RelatedPost._meta.verbose_name_plural)] = RelatedPost.objects.filter(post__in=objs).count()
        made = {str(model._meta.verbose_name_plural) for model in MADE_BY_MACHINES}
        counts = {name: number for name, number in counts.items() if number and name not in made}
        passed = {model._meta.verbose_name for model in (FrontPick, Permalink, PostFinding)}
        return to_delete, counts, lacking - passed, protected

    def _kept(self, request: HttpRequest, post: Post) -> str:
        """The title with the reason why the post cannot be deleted; "" if it can."""
        if post.was_public:
            return f"「{post}」（公開したことのある記事は、削除せずに取り下げてください）"
        return (
            "" if permissions.may_delete(request.user, post) else f"「{post}」（削除できるのは、自分の下書きだけです）"
        )
