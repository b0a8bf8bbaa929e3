"""Author, Category and Tag: who wrote an article and where it belongs."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from taggit.models import ItemBase, TagBase

from blog.addresses import address
from blog.text.japanese import post_slug, tag_slug

MAX_SLUG = 100
MAX_SPELLING = 100


def validate_slug(value: str) -> None:
    """Refuses a slug that `post_slug` would spell differently, so that each page has one address."""
    if not value or value != post_slug(value):
        suggestion = post_slug(value)
        raise ValidationError(
            "URL名には、小文字の英数字、日本語、ハイフンが使えます。" + (f"（例：{suggestion}）" if suggestion else "")
        )


def validate_links(value: str) -> None:
    for label, url in parse_links(value):
        if not label:
            raise ValidationError(f"「{url}」の前に表示名を書いてください。")
        URLValidator(schemes=["http", "https"], message=f"「{url}」は正しいURLではありません。")(url)


def parse_links(value: str) -> list[tuple[str, str]]:
    """Returns (label, URL) for each line; the URL is the last word of its line."""
    words = (line.split() for line in value.splitlines())  # at any space: an IME types the full-width one
    return [(" ".join(label), url) for *label, url in filter(None, words)]


def slug_field(**options: Any) -> "models.CharField[str, str]":
    """Makes a model field for a unique part of a URL, in lower case; Japanese is allowed."""
    return models.CharField("URL名", max_length=MAX_SLUG, unique=True, validators=[validate_slug], **options)


class Author(models.Model):
    """A byline, not an account: an article keeps its author when the account is deleted."""

    name = models.CharField("署名", max_length=100, unique=True)
    slug = slug_field()
    bio = models.TextField("紹介文", blank=True)
    avatar = models.ForeignKey(
        "blog.Image", models.PROTECT, verbose_name="写真", related_name="+", null=True, blank=True
    )
    links = models.TextField(
        "リンク",
        blank=True,
        validators=[validate_links],
        help_text="1行に1件、表示名とURLを空白で区切って書きます。例：公式サイト https://example.jp/",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="ログインユーザー",
        related_name="author",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = verbose_name_plural = "著者"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("author_detail", self.slug)

    def get_feed_url(self) -> str:
        return address("author_feed", self.slug)

    @property
    def link_list(self) -> list[tuple[str, str]]:
        return parse_links(self.links)


class Category(models.Model):
    """The one section an article sits in."""

    name = models.CharField("名前", max_length=100, unique=True)
    slug = slug_field()
    description = models.TextField("説明", blank=True)
    notice = models.TextField(
        "注意書き",
        blank=True,
        help_text="このセクションのすべての記事の末尾に表示します（投資に関する免責事項など）。",
    )
    position = models.PositiveSmallIntegerField("表示順", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "セクション"
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("category_detail", self.slug)

    def get_feed_url(self) -> str:
        return address("category_feed", self.slug)


class TagGroup(models.Model):
    """A kind of subject, such as 企業 or 技術. The index of tags shows each group under its name."""

    name = models.CharField("名前", max_length=100, unique=True)
    position = models.PositiveSmallIntegerField("表示順", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "タグのグループ"
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class Tag(TagBase):
    """A subject. Its slug is made from its name by `tag_slug` and stays when the name is corrected."""

    slug = slug_field(blank=True)
    description = models.TextField("説明", blank=True)
    group = models.ForeignKey(
        TagGroup, models.SET_NULL, verbose_name="グループ", related_name="tags", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(
        "グループの中の順番",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="小さい番号から並びます。空のタグは、番号のあるタグの後に、記事の多い順で並びます。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "タグ"
        ordering = ("name",)

    def get_absolute_url(self) -> str:
        return address("tag_detail", self.slug)

    def get_feed_url(self) -> str:
        return address("tag_feed", self.slug)

    def slugify(self, tag: str, i: int | None = None) -> str:
        # A slug may be longer than its name, as + becomes `plus`. A taken one gets a number of up to ten characters.
        base = tag_slug(tag)[: MAX_SLUG - 10].strip("-") or "tag"
        return base if i is None else f"{base}-{i + 1}"

    @property
    def other_spellings(self) -> list[str]:
        """Other ways to write the name, in the editors' order. `blog.editing.tags` writes them."""
        return [row.spelling for row in self.spellings.all()]


class TagSpelling(models.Model):
    """Another way to write a tag, such as エヌビディア for NVIDIA: a search for one finds what the other names.

    `key` is the spelling as `normalise_for_search` folds it. A key leads to one tag.
    """

    tag = models.ForeignKey(Tag, models.CASCADE, verbose_name="タグ", related_name="spellings")
    spelling = models.CharField("別表記", max_length=MAX_SPELLING)
    key = models.CharField(max_length=MAX_SPELLING, unique=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "タグの別表記"
        ordering = ("pk",)
        default_permissions = ()  # permission on the tag decides

    def __str__(self) -> str:
        return self.spelling


class TaggedPost(ItemBase):
    """One tag on one post. Rows are written in the writer's order, so ordering by primary key restores it."""

    # Each of the two keys begins another index already.
    content_object = models.ForeignKey("blog.Post", models.CASCADE, related_name="tagged_posts", db_index=False)
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="tagged_posts", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = "記事のタグ"
        ordering = ("pk",)
        indexes = [models.Index(fields=("tag", "content_object"), name="tagged_post_by_tag")]
        constraints = [
            models.UniqueConstraint(fields=("content_object", "tag"), name="tagged_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.content_object_id}: {self.tag_id}"


def load_tags(posts: Collection[Any]) -> None:
    """Fills `tag_list` of each post in one query; posts with the same tag share one object.

    Only the name and the slug of a tag are loaded: each other field would take a query for each tag.
    """
    lists: dict[int, list[Tag]] = {post.pk: [] for post in posts}
    tags: dict[int, Tag] = {}
    rows = TaggedPost.objects.filter(content_object__in=lists).order_by("pk")
    for key, tag, name, slug in rows.values_list("content_object", "tag", "tag__name", "tag__slug"):
        if tag not in tags:
            tags[tag] = Tag.from_db(rows.db, ["id", "name", "slug"], [tag, name, slug])
        lists[key].append(tags[tag])
    for post in posts:
        post.tag_list = lists[post.pk]
