"""Who may do what at the desk. The admin and every view of the desk ask only these functions.

Three groups carry the permissions; a superuser or another group with the same permissions works too:

* 執筆者 (writers) write, edit and submit their own articles: those whose author is linked to their account. Of an own
  article that readers see, they propose changes, which wait until an editor releases them;
* 編集者 (editors) do all editorial work: they publish, edit everybody's articles and set any author;
* 管理者 (administrators) do the same, manage the users, and link each user to an author.

A writer cannot see the unpublished articles of others, neither in a list nor by key.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AbstractUser, AnonymousUser, Group, Permission
from django.contrib.auth.models import User as Account
from django.db.models import Q, QuerySet

from blog.models import Author, Page, PlannedRelease, Post, PreviewLink, TaggedPost
from blog.models.post.queryset import PostQuerySet
from blog.queries.post_list import public_authors
from blog.queries.tags import public_tags

WRITER, EDITOR, ADMINISTRATOR = "執筆者", "編集者", "管理者"

State = Post.State
# The states in which a writer may edit an article. A submitted article belongs to the editors until they return it.
WRITABLE = (State.DRAFT, State.WITHDRAWN)
WRITING = ("blog.add_post", "blog.change_post", "blog.add_page", "blog.change_page")

User = AbstractUser | AnonymousUser


def editors() -> QuerySet[Account]:
    """The accounts that may publish."""
    return get_user_model().objects.with_perm("blog.publish_post", backend="django.contrib.auth.backends.ModelBackend")


def _may(user: User, *permissions: str) -> bool:
    """Whether the user has one of the permissions. An account that may not enter the desk has none."""
    return user.is_active and user.is_staff and any(user.has_perm(permission) for permission in permissions)


VERBS = {"add": "追加", "change": "編集", "delete": "削除", "view": "表示"}


def name_of_right(right: Permission) -> str:
    """The right in Japanese. Django names those of its own making in English."""
    return f"{right.content_type.name}：{VERBS.get(right.codename.partition('_')[0], right.name)}"


# --- without an article ---


def may_write(user: User) -> bool:
    """Whether the user may write an article or a page, and so preview it."""
    return _may(user, *WRITING)


def may_look(user: User) -> bool:
    """Whether the user may see articles at the desk at all; `visible_posts` tells which."""
    return _may(user, "blog.view_post", "blog.change_post")


def may_upload(user: User) -> bool:
    return may_write(user) and _may(user, "blog.add_image")


def may_see_pictures(user: User) -> bool:
    """Whether the user may open the library and use its pictures in a text."""
    return may_write(user) and _may(user, "blog.view_image", "blog.change_image")


def may_change_pictures(user: User) -> bool:
    """Whether the user may change the texts of a picture that others show."""
    return _may(user, "blog.change_image")


def may_publish(user: User) -> bool:
    """Whether the user may publish, schedule, return and withdraw, edit everybody's articles and set any author."""
    return _may(user, "blog.publish_post")


def may_fix(user: User) -> bool:
    """Whether the user may look at the findings of every article, and fix many of them at once."""
    return may_publish(user) and _may(user, "blog.change_post")


def may_link_users(user: User) -> bool:
    """Whether the user may link accounts to authors, which decides whose articles are a writer's own."""
    return _may(user, "auth.change_user")


def grantable_groups(user: User) -> QuerySet[Group]:
    """The roles that the user may give: those without a permission that the user lacks."""
    if user.is_superuser:
        return Group.objects.order_by("pk")
    lacking = Permission.objects.exclude(pk__in=_rights_of(user).values("pk"))
    return Group.objects.exclude(permissions__in=lacking).order_by("pk")


def may_change_account(user: User, other: Account) -> bool:
    """Whether the user may change the other account, and so has all its rights: who sets a password can log in.

    A closed account counts as open, because the same form opens it.
    """
    if user.is_superuser or other.is_superuser:
        return user.is_superuser
    return not _rights_of(other).exclude(pk__in=_rights_of(user).values("pk")).exists()


def _rights_of(user: User) -> QuerySet[Permission]:
    return Permission.objects.filter(Q(user=user.pk) | Q(group__user=user.pk)).order_by()


def author_of(user: User) -> Author | None:
    """The author that is linked to the account."""
    return Author.objects.filter(user=user.pk).first()


# --- with an article or a static page, which has no writer: who may edit one page may edit every page ---


def is_own(user: User, post: Post) -> bool:
    return user.pk is not None and post.author_id is not None and post.author.user_id == user.pk


def may_view(user: User, post: Post | Page) -> bool:
    if isinstance(post, Page):
        return _may(user, "blog.view_page", "blog.change_page")
    if not may_look(user):
        return False
    return post.is_public or is_own(user, post) or may_publish(user)


def may_edit(user: User, post: Post | Page) -> bool:
    """Whether the user may save the post as it is stored, so that readers of a live one see the change."""
    if isinstance(post, Page):
        return _may(user, "blog.change_page")
    if not _may(user, "blog.change_post"):
        return False
    return may_publish(user) or (is_own(user, post) and post.state in WRITABLE)


def only_proposes(user: User, post: Post | Page) -> bool:
    """Whether the user may change the post only by a pending version, which an editor releases."""
    return _writes_live(user, post) and plan_of(post) is None


def awaited_plan(user: User, post: Post | Page) -> PlannedRelease | None:
    """The planned release for which the writer of a live article has to wait with a proposal.

    The plan would release the proposal at its time, though no editor has seen it. Only editors can cancel the plan.
    """
    return plan_of(post) if _writes_live(user, post) else None


def may_work_on(user: User, post: Post | Page) -> bool:
    """Whether the user may use the form of the post, either to edit it or to propose changes."""
    return may_edit(user, post) or only_proposes(user, post)


def may_read_history(user: User, post: Post | Page) -> bool:
    """Whether the user may see the revisions and the pending version: only the writer and editors may."""
    if isinstance(post, Page):
        return may_view(user, post)
    return may_view(user, post) and (is_own(user, post) or may_publish(user))


def may_duplicate(user: User, post: Post) -> bool:
    """Whether the user may make a draft from the post. Writers may only duplicate their own articles."""
    return may_read_history(user, post) and _may(user, "blog.add_post")


def may_open(link: PreviewLink) -> bool:
    """Whether a preview link still opens: the user who made it must still be allowed to see what it shows.

    The link ends when that user loses the account or the role, or when the article gets another author. Submitting the
    article for review does not end it, although the writer cannot make a new link then.
    """
    return link.is_usable and link.user is not None and may_read_history(link.user, link.post)


def may_delete(user: User, post: Post) -> bool:
    """Whether the user may delete the post. A post that was ever public can only be withdrawn."""
    return not post.was_public and _may(user, "blog.delete_post") and may_edit(user, post)


def visible_posts(user: User) -> PostQuerySet:
    """The posts that `may_view` allows."""
    if not may_look(user):
        return Post.objects.none()
    return Post.objects.all() if may_publish(user) else Post.objects.filter(Post.objects.visible() | _own(user))


def readable_history(user: User) -> Q:
    """The condition for the posts among `visible_posts` whose history the user may read."""
    return Q() if may_publish(user) else _own(user)


def visible_tags(user: User) -> Q:
    """The condition for the tags that the user may see: those of public posts and of the user's own posts.

    The name of another tag would tell what somebody is writing about. A tag on no post is hidden too, since it may
    have been on one. Users who may publish or change tags see all tags.
    """
    if may_publish(user) or _may(user, "blog.change_tag"):
        return Q()
    own = TaggedPost.objects.filter(content_object__author__user=user.pk)
    return public_tags() | Q(pk__in=own.values("tag"))


def visible_authors(user: User) -> Q:
    """The condition for the authors that the user may see: of public posts, and the user's own; editors see all."""
    return Q() if may_publish(user) else public_authors() | Q(user=user.pk)


def plan_of(post: Post | Page) -> PlannedRelease | None:
    """The planned release of the pending version; None if there is none, or if it failed."""
    plan: PlannedRelease | None = getattr(post, "planned_release", None)
    return plan if plan and not plan.failure else None


def _writes_live(user: User, post: Post | Page) -> bool:
    if isinstance(post, Page) or may_publish(user) or not _may(user, "blog.change_post"):
        return False
    return is_own(user, post) and post.is_public


def _own(user: User) -> Q:
    return Q(author__user=user.pk)


# --- the groups ---

_WRITERS = (
    "add_post",
    "change_post",
    "delete_post",
    "view_post",
    "view_category",
    "view_tag",
    "view_image",
    "add_image",
)
_USERS = ("add_user", "change_user", "delete_user", "view_user")


def keep_groups(sender: AppConfig, using: str, apps: Any = installed_apps, **kwargs: Any) -> None:
    """Gives each group the permissions of its role, after every `migrate` and `flush`.

    Permissions that were added to a group by hand stay. In a new database this runs before Django has made the
    permissions, so it makes them.
    """
    try:
        group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return  # the tables of users were migrated away
    for label in ("blog", "auth", "admin"):
        create_permissions(installed_apps.get_app_config(label), verbosity=0, using=using, apps=apps)
    magazine = permission.objects.using(using).filter(content_type__app_label="blog")
    users = permission.objects.using(using).filter(content_type__app_label="auth", codename__in=_USERS)
    log = permission.objects.using(using).filter(content_type__app_label="admin", codename="view_logentry")
    for name, permissions in {
        WRITER: magazine.filter(codename__in=_WRITERS),
        EDITOR: magazine | log,
        ADMINISTRATOR: magazine | users | log,
    }.items():
        group.objects.using(using).get_or_create(name=name)[0].permissions.add(*permissions)
