"""Links to the preview of a post for people without an account, and the preview of any revision of an item."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.utils import timezone
from django.views.decorators.http import require_POST

from blog.addresses import absolute_url
from blog.admin.fields import LineField
from blog.admin.item import go_to, hold_for, item_for, render, revision_of
from blog.editing import permissions
from blog.editing.log import log_act
from blog.editing.preview import page_of_version, static_page_of_version
from blog.models import Page, PreviewLink


class PreviewLinkForm(forms.ModelForm):
    days = forms.TypedChoiceField(label="使える期間", choices=PreviewLink.DAYS, coerce=int, initial=7)

    class Meta:
        model = PreviewLink
        fields = ("note",)
        field_classes = {"note": LineField}


def preview_links(request: HttpRequest, admin: ModelAdmin, object_id: int) -> HttpResponse:
    """The links to the preview of the post, and a form for a new link.

    A user who cannot edit the post for now, such as a writer before a planned release, can still see and revoke links.
    """
    may = permissions.may_work_on if request.method == "POST" else permissions.may_read_history
    post = item_for(request, admin, object_id, may)
    form = PreviewLinkForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        link = form.instance
        link.post, link.user = post, request.user
        link.expire_after(form.cleaned_data["days"])
        with transaction.atomic():
            hold_for(request, post, permissions.may_work_on)
            link.save()
            log_act(request.user, post, f"プレビュー用リンクを作りました。{link.note}")
        PreviewLink.objects.long_ended().delete()
        messages.success(request, "リンクを作りました。下の一覧からコピーして、相手に渡してください。")
        return redirect("admin:blog_post_preview_links", post.pk)
    links = list(post.preview_links.select_related("user"))
    for link in links:
        link.post = post
        link.url, link.opens = absolute_url(link.get_absolute_url()), permissions.may_open(link)
    about = {"form": form, "links": links, "may_make": permissions.may_work_on(request.user, post)}
    return render(request, admin, post, "preview_links.html", title="プレビュー用リンク", **about)


@require_POST
def revoke_link(request: HttpRequest, admin: ModelAdmin, object_id: int, link_id: int) -> HttpResponse:
    post = item_for(request, admin, object_id, permissions.may_read_history)
    if not post.preview_links.filter(pk=link_id).exists():
        raise Http404("no such link")
    with transaction.atomic():
        hold_for(request, post, permissions.may_read_history)
        if post.preview_links.filter(pk=link_id, revoked_at=None).update(revoked_at=timezone.now()):
            log_act(request.user, post, "プレビュー用リンクを取り消しました。")
    messages.success(request, "リンクを取り消しました。もう開けません。")
    return redirect("admin:blog_post_preview_links", post.pk)


def revision_page(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    """The preview of one revision of the item."""
    item = item_for(request, admin, object_id, permissions.may_read_history)
    revision = revision_of(item, number)
    try:
        if isinstance(item, Page):
            return render_page(request, "desk/page_version.html", static_page_of_version(item, revision.snapshot))
        return render_page(request, "blog/preview.html", page_of_version(item, revision.snapshot))
    except ValidationError as error:
        messages.error(request, f"{revision}のページを作れません。{' '.join(error.messages)}")
        return go_to(item, "revision", number)
