"""Static pages: about, privacy, contact."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from django.utils.html import escape, format_html
from markdownx.models import MarkdownxField

from blog.addresses import encoded
from blog.models.permalink import Permalink, clean_path, validate_path
from blog.models.post.rendering import clean_body, render_body
from blog.text.bounds import MAX_CHARS
from blog.text.finishing import with_words
from blog.text.japanese import post_slug

NO_CONTACT = "（窓口は準備中です）"

# Readers notice a change of these: it moves `updated_at`.
READER_FIELDS = ("path", "title", "body", "is_published")


def owned_segments() -> set[str]:
    """Reads from the URL configuration which first segments of a path belong to a route or to the static files."""
    routes = [settings.STATIC_URL.lstrip("/")]
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and not str(entry.pattern):
            routes += [str(inner.pattern) for inner in entry.url_patterns]
        else:
            routes.append(str(entry.pattern))
    return {first for route in routes if (first := route.partition("/")[0]) and "<" not in first}


def validate_page_path(value: str) -> None:
    validate_path(value)
    segments = value.strip("/").split("/")
    if not value.endswith("/") or any(segment != post_slug(segment) or not segment for segment in segments):
        raise ValidationError("パスは「/about/」のように、小文字とハイフンで、前後に「/」を付けて書いてください。")
    if segments[0] in owned_segments() or (segments[0].isdigit() and len(segments[0]) == 4):
        raise ValidationError(f"「/{segments[0]}/」はサイトの別の機能が使っています。")


def contact() -> str:
    """The link by which readers write to the editors, or a sentence if the settings name no address."""
    url = settings.ERROR_REPORT_URL
    if not url:
        return NO_CONTACT
    name = url.removeprefix("mailto:").partition("?")[0] if url.startswith("mailto:") else "お問い合わせの窓口"
    return format_html('<a href="{}">{}</a>', url, name)


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> "PageQuerySet":
        return self.filter(is_published=True)


class Page(models.Model):
    """A page outside the archive. `version` is the edit number, which guards against lost updates.

    Save pages with `blog.editing.static_pages.save_page`, which also keeps their history and old addresses.
    """

    path = models.CharField("パス", max_length=200, unique=True, validators=[validate_page_path])
    title = models.CharField("タイトル", max_length=200)
    description = models.TextField("説明", blank=True, help_text="検索結果に表示される文です。")
    body = MarkdownxField("本文", blank=True, validators=[MaxLengthValidator(MAX_CHARS)])
    body_html = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list)
    is_published = models.BooleanField("公開する", default=False)
    footer_position = models.PositiveSmallIntegerField(
        "フッターの表示順", null=True, blank=True, help_text="空にすると、フッターに表示しません。"
    )
    updated_at = models.DateTimeField("更新日時", editable=False)
    version = models.PositiveIntegerField(editable=False, default=0)

    RENDERED_FIELDS = ("body_html", "toc")

    was_published = False  # before the present save

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "固定ページ"
        ordering = ("path",)

    def __str__(self) -> str:
        return self.title

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.path = clean_path(self.path)
        super().clean_fields(exclude=exclude)
        if "body" not in (exclude or ()):
            clean_body(self)

    def clean(self) -> None:
        taken = self.path.isprintable() and Permalink.objects.filter(path=self.path, post__isnull=False).exists()
        if taken:
            raise ValidationError({"path": "このパスは記事のURLか、記事の以前のURLです。"})

    def save(self, **kwargs: Any) -> None:
        """Renders the body, and moves `updated_at` if readers would notice the change."""
        stored = Page.objects.filter(pk=self.pk).first() if self.pk else None
        self.was_published = stored is not None and stored.is_published
        if stored is None or any(getattr(self, name) != getattr(stored, name) for name in READER_FIELDS):
            self.updated_at = timezone.now()
        self.render()
        super().save(**kwargs)

    def render(self) -> None:
        """Makes HTML and contents from the body, without saving them."""
        rendered = render_body(self.body)
        self.body_html, self.toc = rendered.html, rendered.toc

    @property
    def was_public(self) -> bool:
        """Whether readers could ever see it, as far as its history tells, even if it is withdrawn now."""
        return self.is_published or self.revisions.in_line().filter(snapshot__is_published=True).exists()

    @property
    def shown_html(self) -> str:
        """The HTML that readers get, with the operator and the contact that the settings name now."""
        return with_words(self.body_html, {"operator": escape(settings.OPERATOR_NAME), "contact": contact()})

    def get_absolute_url(self) -> str:
        return encoded(self.path)
