"""Makers of test objects with fixed, readable values; every one is saved and valid as it stands."""

import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone
from PIL import Image as PILImage

from blog.editing.saving import save_post
from blog.models import Author, Category, Image, Page, Post
from blog.pictures.uploads import store_image

PUBLISHED_AT = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)  # noon in Tokyo
_numbers = itertools.count(1)


def make_author(name: str = "編集部", slug: str = "editors", **fields: Any) -> Author:
    return Author.objects.get_or_create(name=name, defaults={"slug": slug, **fields})[0]


def make_category(name: str = "市場", slug: str = "markets", **fields: Any) -> Category:
    return Category.objects.get_or_create(name=name, defaults={"slug": slug, **fields})[0]


def make_draft(title: str = "", *, tags: list[str] | None = None, **fields: Any) -> Post:
    return save_post(new_draft(title, **fields), tags=tags)


def new_draft(title: str = "", **fields: Any) -> Post:
    """A draft that is not saved yet."""
    number = next(_numbers)
    fields.setdefault("slug", f"article-{number}")
    fields.setdefault("excerpt", "リード文です。")
    fields.setdefault("body", "本文です。\n")
    if "author" not in fields:
        fields["author"] = make_author()
    if "category" not in fields:
        fields["category"] = make_category()
    return Post(title=title or f"記事{number}", **fields)


def make_post(title: str = "", *, at: datetime = PUBLISHED_AT, tags: list[str] | None = None, **fields: Any) -> Post:
    """A published post, public since `at`. Like one that was imported, it has no history before its next save."""
    post = new_draft(title, **fields)
    post.publish(at)
    return save_post(post, tags=tags)


def make_released(
    title: str = "", *, at: datetime = PUBLISHED_AT, tags: list[str] | None = None, **fields: Any
) -> Post:
    """A published post whose history tells of a draft and its publication: it takes three times as long to make."""
    post = make_draft(title, tags=tags, **fields)
    post.publish(at)
    return save_post(post)


def make_in_review(title: str = "", **fields: Any) -> Post:
    return make_draft(title, status=Post.Status.IN_REVIEW, **fields)


def make_scheduled(title: str = "", *, after: timedelta = timedelta(days=1), **fields: Any) -> Post:
    return make_post(title, at=timezone.now() + after, **fields)


def make_unpublished(title: str = "", **fields: Any) -> Post:
    """A post that was public and is not any more."""
    post = make_post(title, **fields)
    post.unpublish()
    return save_post(post)


def make_page(path: str = "/about/", title: str = "運営について", **fields: Any) -> Page:
    page = Page(path=path, title=title, **{"body": "本文です。", "is_published": True, **fields})
    page.full_clean()
    page.save()
    return page


def make_image(color: str = "red", **texts: str) -> Image:
    """A stored picture of one colour, named after it."""
    out = io.BytesIO()
    PILImage.new("RGB", (8, 6), color).save(out, "PNG")
    return store_image(out.getvalue(), name=f"{color}.png", **texts)


def make_user(
    username: str = "editor", *, role: str | None = None, permissions: tuple[str, ...] = (), **fields: Any
) -> User:
    """A user of the desk in a group of `blog.editing.permissions` and with the named permissions of the app."""
    user = User.objects.create_user(username, password="pass", **{"is_staff": True, **fields})
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="blog", codename__in=permissions))
    return user
