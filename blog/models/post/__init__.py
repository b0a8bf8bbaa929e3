"""The article."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from markdownx.models import MarkdownxField
from taggit.managers import TaggableManager

from blog.addresses import article_address, article_path
from blog.models.history import NEWEST_FIRST, Amendment
from blog.models.permalink import Permalink, validate_canonical
from blog.models.post.fields import new_guid, validate_key_points
from blog.models.post.queryset import PostQuerySet
from blog.models.post.rendering import clean_body, render_body
from blog.models.taxonomy import Tag, TaggedPost, load_tags, validate_slug
from blog.text.bounds import MAX_CHARS
from blog.text.headlines import Headline, parts_of, says_only_year, standfirst, typeset
from blog.text.markdown import as_article
from blog.times import month_number

# Readers notice a change of these: it moves `updated_at`.
READER_FIELDS = ("title", "is_sponsored", "excerpt", "key_points", "body", "lead_image_id", "correction")
RELATIONS = ("author", "category", "lead_image", "share_image", "pillar")
DATE_FIELDS = ("published_at", "url_date", "url_month", "updated_at", "saved_at")


class Post(models.Model):
    """An article.

    *Scheduled* is not a status: a scheduled post is a published one whose `published_at` is in the future. A post that
    was ever public keeps `published_at`, `url_date`, guid and permalinks, even when withdrawn. A post that never was
    has the two dates only while it is published. Save posts with `blog.editing.saving.save_post`, which also keeps
    ledger, tags and history. `version` is the edit number, which guards against lost updates.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "下書き"
        IN_REVIEW = "in_review", "確認待ち"
        PUBLISHED = "published", "公開"

    class State(models.TextChoices):
        """The status as editors see it, which depends on the time too."""

        DRAFT = "draft", "下書き"
        IN_REVIEW = "in_review", "確認待ち"
        SCHEDULED = "scheduled", "予約"
        PUBLISHED = "published", "公開"
        WITHDRAWN = "withdrawn", "取り下げ"

    title = models.CharField("タイトル", max_length=200)
    slug = models.CharField("URL名", max_length=200, validators=[validate_slug])
    status = models.CharField("状態", max_length=20, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    url_date = models.DateField("URLの日付", null=True, blank=True, editable=False)
    # The month of `url_date` as 202604, so that an index can hold it beside another column.
    url_month = models.PositiveIntegerField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField("更新日時", null=True, blank=True, editable=False)
    author = models.ForeignKey("blog.Author", models.PROTECT, verbose_name="著者", related_name="posts")
    category = models.ForeignKey("blog.Category", models.PROTECT, verbose_name="セクション", related_name="posts")
    tags = TaggableManager("タグ", through=TaggedPost, blank=True, help_text="")
    excerpt = models.TextField("リード文", blank=True)
    key_points = models.TextField(
        "要点",
        blank=True,
        validators=[validate_key_points],
        help_text="リード文の下に並べます。1行に1つ、5つまで。記事を読まない人にも残したいことを短く書きます。",
    )
    description = models.TextField("検索エンジン向けの説明", blank=True)
    body = MarkdownxField("本文", blank=True, validators=[MaxLengthValidator(MAX_CHARS)])
    headline = models.TextField(editable=False, blank=True)  # the title, typeset: see blog.text.headlines
    body_html = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list)
    reading_minutes = models.PositiveSmallIntegerField("読了時間（分）", editable=False, default=1)
    is_sponsored = models.BooleanField(
        "PR記事",
        default=False,
        help_text="対価を受けて載せる記事です。タイトルに「PR」を付け、サイト外へのリンクを広告リンクにします。",
    )
    correction = models.TextField("訂正", blank=True, help_text="公開後に事実を直したときの、読者への説明です。")
    lead_image = models.ForeignKey(
        "blog.Image", models.PROTECT, verbose_name="リード画像", related_name="+", null=True, blank=True
    )
    share_image = models.ForeignKey(
        "blog.Image",
        models.PROTECT,
        verbose_name="共有用の画像",
        related_name="+",
        null=True,
        blank=True,
        help_text="SNSなどの共有カードだけに使い、ページには表示しません。",
    )
    return_reason = models.TextField("差し戻しの理由", blank=True, editable=False)
    canonical_url = models.CharField(
        "正規URL",
        max_length=500,
        blank=True,
        validators=[validate_canonical],
        help_text="他のページが初出の場合だけ。このサイトのページは「/」で始まるパスで書きます。",
    )
    noindex = models.BooleanField("検索結果に出さない", default=False)
    in_sitemap = models.BooleanField("サイトマップに載せる", default=True)
    pillar = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="まとめ記事", related_name="+", null=True, blank=True
    )
    related = models.ManyToManyField(
        "self", verbose_name="関連記事", through="RelatedPost", symmetrical=False, related_name="+", blank=True
    )
    pending_revision = models.ForeignKey(
        "blog.PostRevision",
        models.SET_NULL,
        verbose_name="公開前の変更",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    thread = models.ForeignKey("blog.Thread", models.SET_NULL, related_name="posts", null=True, editable=False)
    thread_is_chosen = models.BooleanField(editable=False, default=False)  # by an editor, so that no machine changes it
    card = models.CharField(max_length=100, blank=True, editable=False)  # the file: see blog.pictures.cards
    is_checked = models.BooleanField(editable=False, default=False)  # whether its findings are those of this text
    guid = models.CharField(max_length=700, unique=True, editable=False, default=new_guid)
    version = models.PositiveIntegerField(editable=False, default=0)
    # Spares the page of an article without amendments a query. `blog.editing.amendments` keeps it.
    amendment_count = models.PositiveSmallIntegerField(editable=False, default=0)
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    saved_at = models.DateTimeField("更新日", editable=False, default=timezone.now)  # whatever was saved

    RENDERED_FIELDS = ("headline", "body_html", "toc", "reading_minutes")

    others_in_thread = 0  # public articles that a list folds into this one: `blog.queries.threads` counts them

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "記事"
        ordering = ("-published_at", "-pk")
        permissions = [("publish_post", "記事を公開し、ほかの人の記事も編集できる")]
        indexes = [
            models.Index(fields=("status", "-published_at", "-id"), name="post_latest"),
            models.Index(fields=("category", "status", "-published_at", "-id"), name="post_by_category"),
            models.Index(fields=("author", "status", "-published_at", "-id"), name="post_by_author"),
            models.Index(fields=("status", "-url_date", "-published_at", "-id"), name="post_by_day"),
            models.Index(fields=("status", "url_month", "published_at", "updated_at"), name="post_by_month"),
            models.Index(fields=("thread", "status", "published_at"), name="post_by_thread"),
            models.Index(fields=("id",), name="post_unchecked", condition=Q(is_checked=False)),
            models.Index(fields=("-saved_at", "-id"), name="post_last_saved"),
            models.Index(fields=("id",), name="post_waiting", condition=Q(pending_revision__isnull=False)),
        ]
        constraints = [
            # The condition excludes nothing. To PostgreSQL an index without one is a key, and a save that changes a
            # key waits for all who refer to the post: two posts that name each other would wait in a circle.
            models.UniqueConstraint(
                fields=("url_date", "slug"),
                name="post_url_unique",
                condition=Q(url_date__isnull=False),
                violation_error_message="同じ日付とURL名の記事がすでにあります。URL名を変えてください。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "published"]), name="post_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False, url_date__isnull=False),
                name="post_published_is_dated",
                violation_error_message="公開する記事には公開日時が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, url_date__isnull=True)
                | Q(published_at__isnull=False, url_date__isnull=False),
                name="post_dates_together",
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="post_slug_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title

    # --- state ---

    @property
    def was_public(self) -> bool:
        """Whether readers could ever see it, even if it is withdrawn now."""
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def is_public(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.was_public

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.PUBLISHED and not self.was_public

    @property
    def listed_at(self) -> datetime | None:
        """The time from which lists show it; None for a post that is not published."""
        return self.published_at if self.status == self.Status.PUBLISHED else None

    @property
    def state(self) -> State:
        if self.status == self.Status.DRAFT and self.published_at is not None:
            return self.State.WITHDRAWN
        return self.State.SCHEDULED if self.is_scheduled else self.State(self.status)

    def publish(self, at: datetime | None = None) -> None:
        """Makes it public now or at `at`. A post that was public before returns with its old date and URL.

        Raises ValueError for a future time if the post was public before: its dates are frozen.
        """
        if self.was_public:
            if at is not None and at > timezone.now():
                raise ValueError("a post that was public cannot be scheduled again")
        else:
            self.published_at = self.updated_at = at or timezone.now()
            self.url_date = timezone.localdate(self.published_at)
        self.status, self.return_reason = self.Status.PUBLISHED, ""

    def redate(self, at: datetime) -> None:
        """Corrects the publication time of a post that was public; on another day in Tokyo, its URL changes too.

        Raises ValueError for a post that was never public and for a future time.
        """
        if not self.was_public or at > timezone.now():
            raise ValueError("only a post that was public has a date to correct, and it may not lie in the future")
        if timezone.localdate(at) != timezone.localdate(self.published_at):
            self.url_date = timezone.localdate(at)
        if self.updated_at == self.published_at:
            self.updated_at = at
        self.published_at = at

    def submit(self) -> None:
        """Hands it to the editors for review. Raises ValueError for a published or scheduled post."""
        if self.status == self.Status.PUBLISHED:
            raise ValueError("a published post has nothing to be reviewed")
        self.status, self.return_reason = self.Status.IN_REVIEW, ""

    def return_to_writer(self, reason: str = "") -> None:
        """Makes a post in review a draft again; `reason` tells the writer what to do. Raises ValueError for others."""
        if self.status != self.Status.IN_REVIEW:
            raise ValueError("only a post in review is returned")
        self.status, self.return_reason = self.Status.DRAFT, reason

    def unpublish(self) -> None:
        """Makes it a draft again. A post that was public keeps its dates and URLs, any other loses its dates."""
        if not self.was_public:
            self.published_at = self.url_date = self.updated_at = None
        self.status = self.Status.DRAFT

    # --- address ---

    @property
    def path(self) -> str:
        """The decoded path as the ledger spells it, or "" as long as the post has no date."""
        return article_path(self.url_date, self.slug) if self.url_date else ""

    def get_absolute_url(self) -> str:
        """The percent-encoded path, or "" as long as the post has no date."""
        return article_address(self.url_date, self.slug) if self.url_date else ""

    # --- what the page shows ---

    @property
    def wants_card(self) -> bool:
        """Whether it needs a social card: it is published or scheduled, without a picture of its own."""
        return self.status == self.Status.PUBLISHED and not (self.share_image_id or self.lead_image_id)

    @property
    def labelled_title(self) -> str:
        """The title with the PR label, for feeds, share cards and browser tabs, which show no label beside it."""
        return f"【PR】{self.title}" if self.is_sponsored else self.title

    @cached_property
    def standfirst(self) -> str:
        """The excerpt as pages show it, or "" where it says what the title says."""
        return standfirst(self.excerpt, self.title)

    @property
    def key_point_list(self) -> list[str]:
        return self.key_points.split("\n") if self.key_points else []

    @cached_property
    def tag_list(self) -> list[Tag]:
        """Its tags in the writer's order. Reading them takes a query for each post; `load_tags` loads those of many."""
        load_tags([self])
        return self.tag_list

    @cached_property
    def related_list(self) -> list[tuple["Post", str]]:
        """Its related posts in the writer's order: see `related_of`."""
        return related_of(self)

    @cached_property
    def amendment_list(self) -> list[Amendment]:
        """Its amendments, newest first. Reading them takes a query for each post that has some; `load_amendments`
        loads those of many.
        """
        return list(Amendment.objects.filter(post=self.pk)) if self.amendment_count else []

    @property
    def revised_at(self) -> datetime | None:
        """When it last changed with a note to readers. `updated_at` is for machines: it moves without one too."""
        return max((row.changed_at for row in self.amendment_list), default=None)

    # --- saving ---

    def clean_fields(self, exclude: Any = None) -> None:
        # A foreign key was chosen among existing rows, and the database refuses one whose row is gone.
        chosen = {name for name in RELATIONS if getattr(self, f"{name}_id") is not None}
        super().clean_fields(exclude={*(exclude or ()), *chosen})
        if "body" not in (exclude or ()):
            clean_body(self)

    def validate_constraints(self, exclude: Any = None) -> None:
        # A form has no fields for the dates. The one constraint on the slug alone is checked by its field.
        if "url_date" not in (exclude or ()):
            super().validate_constraints(exclude=exclude)

    def clean(self) -> None:
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            raise ValidationError({"published_at": "公開する記事には公開日時が必要です。"})
        self._set_dates(self._stored_row())
        is_valid = self.path and self.path.isprintable()  # PostgreSQL cannot even be asked about a NUL
        owner = Permalink.objects.filter(path=self.path).exclude(post=self.pk).first() if is_valid else None
        if owner:
            raise ValidationError({"slug": "このURLは別の記事か転送がすでに使っています。URL名を変えてください。"})

    def save(
        self, *, stored: "Post | None" = None, by_machine: bool = False, update_fields: Any = None, **kwargs: Any
    ) -> None:
        """Renders the body and sets the dates; `save_post` keeps everything beyond the row.

        `stored` is the row as it is, for a caller who has read it. A change `by_machine` does not move `updated_at`.
        """
        self._set_dates(stored or self._stored_row(), by_machine=by_machine)
        self.render()
        self.saved_at = timezone.now()
        if update_fields is not None:
            update_fields = {*update_fields, *DATE_FIELDS, *self.RENDERED_FIELDS}
        super().save(update_fields=update_fields, **kwargs)

    def complete(self) -> None:
        """Gives the dates and the HTML that a save would leave; a preview shows them without saving."""
        self._set_dates(self._stored_row())
        self.render()

    def render(self) -> None:
        """Makes the headline from the title, and HTML, contents and reading time from the body, without saving them."""
        rendered = as_article(self.title, render_body(self.body, is_sponsored=self.is_sponsored))
        for name in self.RENDERED_FIELDS:
            setattr(self, name, getattr(rendered, name))

    def _stored_row(self) -> "Post | None":
        return Post.objects.defer("body_html", "toc").filter(pk=self.pk).first() if self.pk else None

    def _set_dates(self, stored: "Post | None", *, by_machine: bool = False) -> None:
        """Sets the dates to the one state that the status and the stored row allow; a second call changes nothing.

        Raises ValidationError if a post that was public would lose its date or get a future one.
        """
        if stored is not None and stored.was_public and not self.was_public:
            raise ValidationError("一度公開した記事の公開日時は、消したり未来に移したりできません。")
        if self.status != self.Status.PUBLISHED and not (stored or self).was_public:
            self.published_at = None  # else the draft would count as once public when that date has passed
        if self.published_at is None:
            self.url_date = self.updated_at = None
        else:
            self._set_url_date(stored)
            self._set_updated_at(stored, self.published_at, by_machine=by_machine)
        self.url_month = month_number(self.url_date) if self.url_date else None

    def _set_url_date(self, stored: "Post | None") -> None:
        """Moves the URL's day with `published_at` until the post is due; then only a deliberate change moves it."""
        moved = (
            stored is not None
            and not stored.was_public
            and self.url_date == stored.url_date
            and self.published_at != stored.published_at
        )
        if self.url_date is None or moved:
            self.url_date = timezone.localdate(self.published_at)

    def _set_updated_at(self, stored: "Post | None", published_at: datetime, *, by_machine: bool) -> None:
        """Sets the time of the last change by a person that a reader would notice; a value that the caller set wins."""
        untouched = stored if stored and self.updated_at == stored.updated_at else None
        if untouched and untouched.was_public:
            if not by_machine and any(getattr(self, name) != getattr(untouched, name) for name in READER_FIELDS):
                self.updated_at = timezone.now()
        elif untouched or not self.was_public:
            self.updated_at = published_at
        self.updated_at = max(self.updated_at or published_at, published_at)


def related_of(post: Post) -> list[tuple[Post, str]]:
    """The related posts in the writer's order, each with the reason: their titles and states, not their texts."""
    columns = ("reason", "post", "target__title", "target__status", "target__published_at")
    rows = post.related_rows.select_related("target").only(*columns)
    return [(row.target, row.reason) for row in rows]


def load_amendments(posts: Iterable[Post]) -> None:
    """Gives the posts their `amendment_list` in one query, or none if they have no amendments."""
    amended = [post for post in posts if post.amendment_count]
    rows = Amendment.objects.filter(post__in=amended).order_by("post_id", *NEWEST_FIRST) if amended else ()
    found = {pk: list(group) for pk, group in groupby(rows, key=attrgetter("post_id"))}
    for post in amended:
        post.amendment_list = found.get(post.pk, [])


def headline_of(post: Post) -> Headline:
    """The title in its parts, without labels that say no more than the year of the date beside it."""
    labels, head, deck = parts_of(post.headline or typeset(post.title))
    if labels and post.published_at:
        year = timezone.localdate(post.published_at).year
        labels = tuple(label for label in labels if not says_only_year(label, year))
    return Headline(labels, head, deck)
