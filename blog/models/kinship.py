"""What articles have in common: the words they are about, the articles closest to each, and threads of one story."""

from django.db import models

from blog.models.post import Post
from blog.text.words import MAX_LENGTH


class SubjectWord(models.Model):
    """A word that a published article is about, with its weight: see `blog.text.words`."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="subject_words")
    word = models.CharField(max_length=MAX_LENGTH)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "記事の主題"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("word", "post"), name="subject_word_once")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.word}"


class KindredPost(models.Model):
    """One of the articles closest to an article, the closest first. `blog.search.related` writes them."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="kindred_rows")
    target = models.ForeignKey(Post, models.CASCADE, related_name="kindred_of")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "近い記事"
        ordering = ("position",)
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("post", "target"), name="kindred_post_once")]

    def __str__(self) -> str:
        return f"{self.post_id} ~ {self.target_id}"


class Thread(models.Model):
    """Articles that tell of the same thing within weeks; `Post.thread` names the thread of an article."""

    created_at = models.DateTimeField("作成日時", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "続報"
        default_permissions = ()

    def __str__(self) -> str:
        return f"続報 {self.pk}"
