"""Pictures. An upload is decoded and encoded anew, and its file is named by its content."""

from pathlib import PurePosixPath

from django.db import models

RENDITION_WIDTHS = (480, 800, 1200, 1600)
SHARE_WIDTH = 1200  # what social networks show at most
# The types that `blog.pictures.uploads` writes; a browser runs none of them.
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
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "画像"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.alt or self.original_name or str(self.file)

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


def height_at(width: int, full_width: int, full_height: int) -> int:
    """The height of a rendition of the width."""
    return max(1, round(full_height * width / full_width))
