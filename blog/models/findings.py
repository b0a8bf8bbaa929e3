"""What the desk check finds in articles, the words it looks for, and the fixes that editors made in batches."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q

from blog.models.taxonomy import Category
from blog.text.desk import ERRORS
from blog.text.desk.wording import rewritten

EXCERPT_LENGTH, MESSAGE_LENGTH = 200, 300


class HouseWord(models.Model):
    """One entry of the house's word list."""

    class Kind(models.TextChoices):
        BANNED = "banned", "使わない語"
        SPELLING = "spelling", "表記"
        TAIL = "tail", "決まり文句の語尾"

    kind = models.CharField("種類", max_length=10, choices=Kind)
    word = models.CharField("語", max_length=100)
    preferred = models.CharField("正しい表記", max_length=100, blank=True, help_text="種類が「表記」のときに書きます。")
    note = models.CharField("メモ", max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "用語", "用語集"
        ordering = ("kind", "word")
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "word"), name="house_word_once", violation_error_message="この語はすでにあります。"
            ),
            models.CheckConstraint(condition=~Q(word=""), name="house_word_not_empty"),
            models.CheckConstraint(
                condition=(Q(kind="spelling") & ~Q(preferred="")) | (~Q(kind="spelling") & Q(preferred="")),
                name="house_word_preferred_of_spelling",
                violation_error_message="正しい表記は、種類が「表記」の語にだけ、必ず書きます。",
            ),
            models.CheckConstraint(
                condition=~Q(word=F("preferred")),
                name="house_word_not_itself",
                violation_error_message="語と正しい表記が同じです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.preferred}" if self.preferred else self.word

    def clean(self) -> None:
        """Refuses a spelling that another one undoes: with ウェブ → Web and Web → ウェブ the fixes would never end."""
        if self.kind != self.Kind.SPELLING or not self.word or not self.preferred:
            return
        own = {self.word: self.preferred}
        if rewritten(self.preferred, own):
            raise ValidationError({"preferred": f"正しい表記の中の「{self.word}」が、直すたびにまた直されます。"})
        spellings = HouseWord.objects.filter(kind=self.Kind.SPELLING).exclude(pk=self.pk)
        others = dict(spellings.values_list("word", "preferred"))
        if word := rewritten(self.preferred, others):
            raise ValidationError({"preferred": f"「{word}」は「{others[word]}」と書く決まりです。"})
        for preferred in others.values():
            if rewritten(preferred, own):
                raise ValidationError({"word": f"「{preferred}」が正しい表記として登録されています。"})


class Passage(models.Model):
    """The title or a paragraph of an article, as a number by which the check finds articles that share it.

    `key` is made by `blog.editing.checking.passages`. The numbers of an article have no order.
    """

    pk = models.CompositePrimaryKey("post_id", "number")
    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    key = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=("key", "post"), name="passage_key")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.key}"


class FindingQuerySet(models.QuerySet["PostFinding"]):
    def within(self, *, section: int | None = None, month: int | None = None) -> "FindingQuerySet":
        """Findings of articles of the section, and of those whose address has the month (as 202604)."""
        found = self.all() if section is None else self.filter(category=section)
        return found if month is None else found.filter(month=month)

    def newest_first(self) -> "FindingQuerySet":
        return self.order_by("-post_id", "number")


class PostFinding(models.Model):
    """A mistake that the desk check found in an article as it is stored. Each save of the article renews its findings.

    `line` counts from 1 in the body; 0 is outside the body. `category` and `month` are copies of the post's, so that
    an index can serve a list.
    """

    post = models.ForeignKey("blog.Post", models.CASCADE, verbose_name="記事", related_name="findings", db_index=False)
    number = models.PositiveSmallIntegerField()
    code = models.CharField("種類", max_length=20)
    line = models.PositiveIntegerField("行")
    excerpt = models.CharField("箇所", max_length=EXCERPT_LENGTH, blank=True)
    message = models.CharField("説明", max_length=MESSAGE_LENGTH)
    is_fixable = models.BooleanField("一括修正できる")
    category = models.ForeignKey(Category, models.CASCADE, verbose_name="セクション", related_name="+", db_index=False)
    month = models.PositiveIntegerField("公開した月", null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "原稿チェック"
        ordering = ("-post_id", "number")
        default_permissions = ()  # permission on the post decides
        constraints = [models.UniqueConstraint(fields=("post", "number"), name="finding_number_once")]
        indexes = [
            models.Index(fields=("code", "-post"), name="finding_by_code"),
            models.Index(fields=("code", "post"), name="finding_fixable", condition=Q(is_fixable=True)),
            models.Index(fields=("category", "code", "-post"), name="finding_by_section"),
            models.Index(fields=("month", "code", "-post"), name="finding_by_month"),
        ]

    def __str__(self) -> str:
        return self.message

    @property
    def is_error(self) -> bool:
        """Whether it keeps the article from being published, unless an editor gives a reason."""
        return self.code in ERRORS


class FixBatch(models.Model):
    """Safe fixes that an editor had the desk make in many articles. Its primary key is its number.

    `codes` are those of the findings to fix; `section` and `month` limit the articles. A batch without `finished_at`
    was interrupted and can go on.
    """

    codes = models.JSONField("直す種類", default=list)
    section = models.ForeignKey(Category, models.SET_NULL, verbose_name="セクション", related_name="+", null=True)
    month = models.PositiveIntegerField("公開した月", null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="実行した人", related_name="+", null=True
    )
    by_name = models.CharField("実行した人の名前", max_length=310, blank=True)
    made_at = models.DateTimeField("日時", auto_now_add=True)
    finished_at = models.DateTimeField("終わった日時", null=True)
    undone_at = models.DateTimeField("取り消した日時", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "一括修正"
        ordering = ("-pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"一括修正 第{self.pk}号"

    @property
    def last_post(self) -> int:
        """The key of the last article that it looked at; 0 before the first."""
        return self.posts.aggregate(last=Max("post"))["last"] or 0


class BatchPost(models.Model):
    """What a batch did with one article.

    `revision` is the one that the fix saved, and the revision before it holds every byte that the fix changed.
    """

    class Outcome(models.TextChoices):
        FIXED = "fixed", "直した"
        UNCHANGED = "unchanged", "直すところがなかった"
        PENDING = "pending", "公開前の変更があるため、直していない"
        STALE = "stale", "確認のあとに編集されたため、直していない"
        LOCKED = "locked", "だれかが書きかけているため、直していない"
        REFUSED = "refused", "保存できない内容になるため、直していない"
        UNDONE = "undone", "元に戻した"
        KEPT = "kept", "修正のあとに編集・予約・公開されたため、戻していない"

    batch = models.ForeignKey(FixBatch, models.CASCADE, related_name="posts", db_index=False)
    post = models.ForeignKey("blog.Post", models.CASCADE, verbose_name="記事", related_name="fixes")
    outcome = models.CharField("結果", max_length=10, choices=Outcome)
    revision = models.ForeignKey("blog.PostRevision", models.CASCADE, related_name="+", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "一括修正の結果"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("batch", "post"), name="batch_post_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.post_id}"
