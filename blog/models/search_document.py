"""The rows that tell which articles are in the search index, and where."""

from django.db import models

# The form of documents. Raise it when what is indexed of an article changes; `reindex_search --stale` does the rest.
FORM = 3
NO_FORM = 0  # of a document that is to be made anew


class SearchDocument(models.Model):
    """One article in the search index, whose texts each database keeps in a way of its own: see `blog.search`.

    `minute` is that of its publication, or of its creation, since 1970. `place` is the order in the index, newest last:
    the minute or, on SQLite, where it is the key of a row, the next free number. `edit` is the edit number of the post
    that was indexed, and `form` the FORM of that time.
    """

    post = models.OneToOneField("blog.Post", models.CASCADE, primary_key=True, related_name="+")
    minute = models.BigIntegerField()
    place = models.BigIntegerField()
    edit = models.PositiveIntegerField()
    form = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "検索用の記事"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.post_id}: {self.place}"
