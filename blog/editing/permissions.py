"""Who may do what at the desk: the one home of every such question, asked by the admin and by every view of the desk.

Three groups carry the permissions, so a superuser or a group of one's own works too:

* 執筆者 writes, edits and submits their own articles, which are those whose author is linked to their account;
* 編集者 does everything editorial: who may publish edits everybody's articles and sets any author;
* 管理者 does that and keeps the users and which author each of them is.

What others have not published yet is invisible to a writer, in lists as by its key.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q

from blog.models import Author, Post, PreviewLink, TaggedPost
from blog.models.post_queryset import PostQuerySet
from blog.queries.tags import public_tags

WRITER, EDITOR, ADMINISTRATOR = "執筆者", "編集者", "管理者"

State = Post.State
# What a writer may still work on; what was submitted is the editors' until they give it back.
WRITABLE = (State.DRAFT, State.WITHDRAWN)
WRITING = ("blog.add_post", "blog.change_post", "blog.add_page", "blog.change_page")

User = AbstractUser | AnonymousUser


def _may(user: User, *permissions: str) -> bool:
    """Whether a member of staff has one of the permissions; an account that may not enter the desk may do nothing."""
    return user.is_active and user.is_staff and any(user.has_perm(permission) for permission in permissions)


# --- what somebody may do at all ---


def may_write(user: User) -> bool:
    """Write an article or a page, and so ask for its preview."""
    return _may(user, *WRITING)


def may_upload(user: User) -> bool:
    return may_write(user) and _may(user, "blog.add_image")


def may_publish(user: User) -> bool:
    """Do everything editorial: publish, schedule, return, withdraw, edit everybody's articles, set any author."""
    return _may(user, "blog.publish_post")


def may_link_users(user: User) -> bool:
    """Say which author an account is, and with it whose articles are that writer's own."""
    return _may(user, "auth.change_user")


def author_of(user: User) -> Author | None:
    """The byline of an account."""
    return Author.objects.filter(user=user.pk).first()


# --- with which articles ---


def is_own(user: User, post: Post) -> bool:
    return user.pk is not None and post.author_id is not None and post.author.user_id == user.pk


def may_view(user: User, post: Post) -> bool:
    if not _may(user, "blog.view_post", "blog.change_post"):
        return False
    return post.is_public or is_own(user, post) or may_publish(user)


def may_edit(user: User, post: Post) -> bool:
    """Save the post, autosave it, restore a revision of it; also whether its previews may be handed out."""
    if not _may(user, "blog.change_post"):
        return False
    return may_publish(user) or (is_own(user, post) and post.state in WRITABLE)


def may_read_history(user: User, post: Post) -> bool:
    """See what the post was and what is to come of it: also of a public one, only its writer and editors."""
    return may_view(user, post) and (is_own(user, post) or may_publish(user))


def may_open(link: PreviewLink) -> bool:
    """Whether a preview link still opens: only as long as whoever made it may see what it shows.

    So it ends with their account, with their role, and with the article's going to another author; handing an article
    in for review ends no link, although its writer makes no new one then.
    """
    return link.is_usable and link.user is not None and may_read_history(link.user, link.post)


def may_delete(user: User, post: Post) -> bool:
    """Only what was never public: the rest is withdrawn."""
    return not post.was_public and _may(user, "blog.delete_post") and may_edit(user, post)


def visible_posts(user: User) -> PostQuerySet:
    """The posts that `may_view` allows."""
    if not _may(user, "blog.view_post", "blog.change_post"):
        return Post.objects.none()
    return Post.objects.all() if may_publish(user) else Post.objects.filter(Post.objects.visible() | _own(user))


def hidden_posts(user: User) -> PostQuerySet:
    """All others."""
    if may_publish(user):
        return Post.objects.none()
    return Post.objects.exclude(pk__in=visible_posts(user).values("pk"))


def told_history(user: User) -> Q:
    """Of `visible_posts`, those whose history the user may read."""
    return Q() if may_publish(user) else _own(user)


def seen_tags(user: User) -> Q:
    """The tags of public posts and of one's own: the name of another would tell what somebody is writing about.

    A tag on no post at all is as hidden, since it may have been on one. Who keeps the tags sees them all.
    """
    if may_publish(user) or _may(user, "blog.change_tag"):
        return Q()
    own = TaggedPost.objects.filter(content_object__author__user=user.pk)
    return public_tags() | Q(pk__in=own.values("tag"))


def seen_authors(user: User) -> Q:
    """The bylines of public posts and one's own; editors choose among all."""
    public = Q(Exists(Post.objects.published().filter(author=OuterRef("pk"))))
    return Q() if may_publish(user) else public | Q(user=user.pk)


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
    """Gives each group what its role needs, after every `migrate` and `flush`. What was added to a group by hand stays.

    This comes before the permissions of a new database are made, so it makes them.
    """
    try:
        group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return  # the tables of users were migrated away
    for label in ("blog", "auth"):
        create_permissions(installed_apps.get_app_config(label), verbosity=0, using=using, apps=apps)
    magazine = permission.objects.using(using).filter(content_type__app_label="blog")
    users = permission.objects.using(using).filter(content_type__app_label="auth", codename__in=_USERS)
    for name, permissions in {
        WRITER: magazine.filter(codename__in=_WRITERS),
        EDITOR: magazine,
        ADMINISTRATOR: magazine | users,
    }.items():
        group.objects.using(using).get_or_create(name=name)[0].permissions.add(*permissions)
