"""Pictures. An upload is decoded and encoded anew, and its file is named by its content."""

from pathlib import PurePosixPath

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from blog.sizes import RENDITION_WIDTHS, SHARE_WIDTH, height_at

CENTRE = 50
# The types that `blog.pictures.encoding` writes; a browser runs none of them.
CONTENT_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


class Image(models.Model):
    """A stored picture. `blog.pictures.uploads.store_image` is the only way to make one.

    The file's name is the hash of its bytes, so its URL may be cached for ever. `source_digest` is the hash of what
    was uploaded: the same upload again gives the same row without being decoded.
    """

    file = models.ImageField("ファイル", upload_to="images", width_field="width", height_field="height", db_index=True)
    width = models.PositiveIntegerField("幅", editable=False)
    height = models.PositiveIntegerField("高さ", editable=False)
    # [[width, name of the file], …]: those in WebP for pages, narrowest first, and at the end the JPEG for social
    # networks, if the picture needs one; None until they are made.
    renditions = models.JSONField(editable=False, null=True)
    source_digest = models.CharField(max_length=64, unique=True, editable=False)
    original_name = models.CharField("元のファイル名", max_length=255, blank=True)
    alt = models.CharField(
        "代替テキスト",
        max_length=300,
        blank=True,
        help_text="画像が見えない読者に、何が写っているかを伝える文です。",
    )
    caption = models.CharField("キャプション", max_length=300, blank=True)
    credit = models.CharField("クレジット", max_length=200, blank=True)
    # What a page that cuts the picture keeps in view: per cent from the left and from the top.
    focus_x = models.PositiveSmallIntegerField("焦点（左から％）", default=CENTRE, validators=[MaxValueValidator(100)])
    focus_y = models.PositiveSmallIntegerField("焦点（上から％）", default=CENTRE, validators=[MaxValueValidator(100)])
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "画像"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(focus_x__lte=100, focus_y__lte=100),
                name="image_focus_is_inside",
                violation_error_message="焦点は、0から100までの数で入れてください。",
            )
        ]

    def __str__(self) -> str:
        return self.alt or self.original_name or str(self.file)

    @property
    def focus_classes(self) -> str:
        """The classes that move the focal point into view, in tenths; "" for the centre. Pages have no inline style."""
        places = (("x", self.focus_x), ("y", self.focus_y))
        return " ".join(f"focus-{axis}-{round(at / 10)}" for axis, at in places if round(at / 10) != CENTRE // 10)

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[PurePosixPath(str(self.file)).suffix]

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The renditions for pages, narrowest first: their widths and files."""
        return [(width, name) for width, name in self.renditions or () if name.endswith(".webp")]

    @property
    def needs_share_file(self) -> bool:
        """Whether social networks may refuse the picture itself: they take no WebP and nothing of megabytes."""
        return self.width > SHARE_WIDTH or self.content_type != "image/jpeg"

    @property
    def share_file(self) -> tuple[str, int, int] | None:
        """The JPEG for social networks: its file, width and height; None if there is none (yet)."""
        for width, name in self.renditions or ():
            if name.endswith(".jpg"):
                return name, width, height_at(width, self.width, self.height)
        return None

    @property
    def thumbnail_url(self) -> str:
        """The address of the narrowest rendition, or of the picture itself if it has none."""
        return self.file.storage.url(self.choices[0][1]) if self.choices else self.file.url

    @property
    def srcset(self) -> str:
        """The renditions with their widths, for a browser to choose from; "" where there are none."""
        url = self.file.storage.url
        choices = [(width, url(name)) for width, name in self.choices]
        if choices and choices[-1][0] < min(self.width, RENDITION_WIDTHS[-1]):
            choices.append((self.width, self.file.url))  # a rendition of full width was no smaller, so there is none
        return ", ".join(f"{address} {width}w" for width, address in choices)


class FormerFile(models.Model):
    """A file that the picture had before it was replaced. Texts go on naming it, and pages show the file of today."""

    name = models.CharField("ファイル", max_length=100, unique=True)
    image = models.ForeignKey(Image, models.CASCADE, verbose_name="画像", related_name="former_files")
    is_kept = models.BooleanField("残した", default=True)  # whether its own address still shows it
    replaced_at = models.DateTimeField("差し替えた日時", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "前のファイル"
        default_permissions = ()  # permission on the picture decides

    def __str__(self) -> str:
        return self.name


class PictureUse(models.Model):
    """That the stored text of an article shows the picture. A save of the article keeps it."""

    image = models.ForeignKey(Image, models.CASCADE, verbose_name="画像", related_name="uses_in_texts", db_index=False)
    post = models.ForeignKey("blog.Post", models.CASCADE, verbose_name="記事", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "本文の画像"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("image", "post"), name="picture_use_once")]

    def __str__(self) -> str:
        return f"{self.image_id}: {self.post_id}"
