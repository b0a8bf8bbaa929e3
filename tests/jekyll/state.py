"""The content of a site without keys and times of writing, to compare it before and after export and import."""

from pathlib import Path
from typing import Any

from blog.editing.fields import FIELDS, Kind
from blog.jekyll.exporting import Exported, export_jekyll
from blog.jekyll.importing import import_jekyll
from blog.jekyll.report import Report
from blog.models import Author, Category, FrontPick, Image, Page, Permalink, Post, PostSource, Tag, TagGroup

IMAGE = ("file", "source_digest", "original_name", "alt", "caption", "credit", "width", "height", "focus_x", "focus_y")
PICK = ("post__title", "category__slug", "position", "until")
AMENDMENT = ("kind", "note", "passages", "left_out", "changed_at", "told_at")
PAGE = ("path", "title", "description", "body", "is_published", "footer_position", "updated_at")

IN_THE_ROW = (Kind.TEXT, Kind.LINES, Kind.FLAG)


def site_state() -> dict[str, Any]:
    return {
        "posts": sorted(map(_post_state, Post.objects.all()), key=lambda post: (post["title"], post["path"])),
        "ledger": sorted(_ledger()),
        "sections": sorted(Category.objects.values_list("name", "slug", "description", "notice", "position")),
        "authors": sorted(Author.objects.values_list("name", "slug", "bio", "links", "avatar__file")),
        "tags": sorted(map(_tag_state, Tag.objects.all())),
        "tag groups": list(TagGroup.objects.values_list("name", "position")),
        "pages": list(Page.objects.order_by("path").values_list(*PAGE)),
        "front page": list(FrontPick.objects.order_by("pk").values_list(*PICK)),
        "images": list(Image.objects.order_by("source_digest").values_list(*IMAGE)),
    }


def _tag_state(tag: Tag) -> tuple[Any, ...]:
    return tag.name, tag.slug, tag.description, tag.group and tag.group.name, tag.position, tag.other_spellings


def _ledger() -> list[tuple[str, str, bool]]:
    """(path, end, is handmade) of each: an import turns a redirect to an article into an address of that article."""
    rows = Permalink.objects.select_related("post")
    return [(row.path, row.post.title if row.post else _title_at(row.target), row.is_handmade) for row in rows]


def _title_at(path: str) -> str:
    return next((post.title for post in Post.objects.all() if post.path == path), path)


def _post_state(post: Post) -> dict[str, Any]:
    return {
        **{field.name: getattr(post, field.name) for field in FIELDS if field.kind in IN_THE_ROW},
        "path": post.path,
        "state": str(post.state),
        "published_at": post.published_at,
        "updated_at": post.updated_at,
        "guid": post.guid if post.path else "",
        "author": post.author.name,
        "section": post.category.name,
        "tags": [tag.name for tag in post.tag_list],
        "share_image": post.share_image.file.name if post.share_image else "",
        "lead_image": post.lead_image.file.name if post.lead_image else "",
        "related": [(row.target.title, row.reason) for row in post.related_rows.all()],
        "amendments": list(post.amendments.values_list(*AMENDMENT)),
        "amendment_count": post.amendment_count,
        "pillar": post.pillar.title if post.pillar else "",
    }


def empty_site() -> None:
    Permalink.objects.all().delete()
    Post.objects.update(pillar=None)
    for model in (Post, PostSource, Page, Tag, TagGroup, Category, Author, Image):
        model.objects.all().delete()


def round_trip(target: Path) -> tuple[Exported, Report]:
    """Exports the site, empties it, and imports the export."""
    exported = export_jekyll(target)
    empty_site()
    return exported, import_jekyll(target)


def assert_survives(target: Path) -> None:
    """Checks that the site is the same after an export, the deletion of all rows and an import."""
    before = site_state()
    exported, report = round_trip(target)
    assert (exported.problems, report.failed) == ([], [])
    assert site_state() == before
