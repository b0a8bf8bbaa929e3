"""The desk's pages about one post or static page besides its form: their addresses, and who may open them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from blog.admin.fields import number_in
from blog.editing.permissions import User
from blog.editing.saving import lock
from blog.models import Page, PageRevision, Post, PostRevision


def page_urls(admin: ModelAdmin, pages: dict[str, tuple[str, Callable[..., HttpResponse]]]) -> list[URLPattern]:
    """Routes below the key of an item. `pages` maps a name to (address, view)."""
    return [
        path(
            f"<int:object_id>/{address}",
            admin.admin_site.admin_view(unless_gone(view)),
            {"admin": admin},
            name=f"{admin.opts.app_label}_{admin.opts.model_name}_{name}",
        )
        for name, (address, view) in pages.items()
    ]


def unless_gone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Makes the view answer 404 if somebody deletes the item while it runs."""

    @wraps(view)
    def found(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except (Post.DoesNotExist, Page.DoesNotExist) as error:
            raise Http404("nothing has this key") from error

    return found


def item_for(
    request: HttpRequest, admin: ModelAdmin, object_id: int | str, may: Callable[[User, Any], bool]
) -> Post | Page:
    """The item with this key. Raises Http404 if the user may not see it, PermissionDenied if `may` refuses."""
    item = admin.get_object(request, str(object_id))
    if item is None:
        raise Http404("nothing has this key")
    if not may(request.user, item):
        raise PermissionDenied
    return item


def may_wait(item: Post | Page) -> bool:
    """Whether a change can wait as a pending version, which readers do not see."""
    return isinstance(item, Post) and item.is_public


def go_to(item: Post | Page, name: str, *args: object) -> HttpResponse:
    """A redirect to one of the pages of the item, or to its form."""
    return redirect(f"admin:{item._meta.app_label}_{item._meta.model_name}_{name}", item.pk, *args)


def hold_for(request: HttpRequest, post: Post, may: Callable[[User, Post], bool]) -> None:
    """Locks the post until the transaction ends, then checks the permission on the locked row.

    Raises PermissionDenied, Post.DoesNotExist.
    """
    if not may(request.user, lock(post.pk)):
        raise PermissionDenied


def revision_of(item: Post | Page, number: int) -> PostRevision | PageRevision:
    revision = item.revisions.select_related("user", "source").filter(number=number).first()
    if revision is None:
        raise Http404("no such revision")
    return revision


def version_in(data: dict[str, str]) -> int:
    """The edit number that the page sends back; -1, which no post has, if it is none."""
    sent = number_in(data.get("version", ""))
    return -1 if sent is None else sent


def render(
    request: HttpRequest, admin: ModelAdmin, item: Post | Page, template: str, **context: object
) -> TemplateResponse:
    """Renders a template of `desk/`. Templates that are only for articles call the item `post`."""
    return admin.render(request, f"desk/{template}", item=item, post=item, **context)
