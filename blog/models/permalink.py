"""The ledger: every path that was ever public, and every redirect."""

import unicodedata
from collections.abc import Collection, Iterable
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

# Characters. A longer path does not fit into the ledger even when composed, and composing it may take minutes.
MAX_COMPOSED = 2_048


def clean_path(value: str) -> str:
    """Returns the path as the ledger spells it: decoded, in NFC, without query and fragment.

    A path beyond MAX_COMPOSED is decoded only.
    """
    path = unquote(value.strip().partition("#")[0].partition("?")[0])
    return path if len(path) > MAX_COMPOSED else unicodedata.normalize("NFC", path)


def validate_path(value: str) -> None:
    """Refuses anything but a path of this site; `//host` and `/\\\\host` would lead readers elsewhere."""
    if not value.startswith("/") or value.startswith(("//", "/\\")) or not value.isprintable():
        raise ValidationError("「/」で始まる、このサイト内のパスを書いてください。")


def validate_canonical(value: str) -> None:
    """Accepts a path of this site, which stays right when its host changes, or the URL of a page elsewhere."""
    if value.startswith("/"):
        validate_path(value)
    else:
        URLValidator(schemes=["http", "https"])(value)


class PermalinkQuerySet(models.QuerySet["Permalink"]):
    def lead(self, path: str, *, to: str, is_handmade: bool = False) -> "Permalink":
        """Makes `path` redirect to the path `to`. Redirects to `path` then lead to `to`, so nobody is redirected twice.

        A path that belongs to a post stays with the post. Without `is_handmade` the path was an address of this site,
        and nobody may delete it.
        """
        for row in self.filter(target=path).exclude(path=to):
            row.target = to
            row.save(update_fields=["target"])  # `update` would send no signal
        self.free([to])
        row, created = self.get_or_create(path=path, defaults={"target": to, "is_handmade": is_handmade})
        is_handmade = is_handmade and row.is_handmade
        if not created and row.post_id is None and (row.target, row.is_handmade) != (to, is_handmade):
            row.target, row.is_handmade = to, is_handmade
            row.save(update_fields=["target", "is_handmade"])
        return row

    def free(self, paths: Iterable[str]) -> None:
        """Deletes redirects from paths that have a page again: they would loop, or lead away from the page."""
        self.filter(path__in=paths, target__gt="").delete()


class Permalink(models.Model):
    """One path, which belongs to a post or redirects to another path.

    A post's current path answers 200, its others 301. `path` has at most 512 characters because a PostgreSQL index
    row holds no more Japanese.
    """

    path = models.CharField("パス", max_length=512, unique=True, validators=[validate_path])
    post = models.ForeignKey(
        "blog.Post", models.CASCADE, verbose_name="記事", related_name="permalinks", null=True, blank=True
    )
    target = models.CharField("転送先", max_length=512, blank=True, validators=[validate_path])
    # An editor made it up, so an editor may delete it; a path that was ever an address of this site stays.
    is_handmade = models.BooleanField("編集者が作った転送", default=False, editable=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = PermalinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "転送"  # the only rows that editors make; see PermalinkAdmin
        ordering = ("path",)
        indexes = [models.Index(fields=("target",), name="permalink_target", condition=Q(target__gt=""))]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, target="") | Q(post__isnull=True, target__gt=""),
                name="permalink_post_or_target",
                violation_error_message="記事か転送先の、どちらか一方を指定してください。",
            ),
            models.CheckConstraint(
                condition=~Q(path=models.F("target")),
                name="permalink_not_itself",
                violation_error_message="パスと転送先が同じです。",
            ),
            models.CheckConstraint(
                condition=Q(is_handmade=False) | Q(post__isnull=True),
                name="permalink_handmade_redirects",
                violation_error_message="記事のパスは、編集者が作った転送にはなりません。",
            ),
        ]

    def __str__(self) -> str:
        return self.path

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Decodes both paths before they are validated: `/%2Fhost` is `//host`."""
        self.path, self.target = clean_path(self.path), clean_path(self.target)
        super().clean_fields(exclude=exclude)
