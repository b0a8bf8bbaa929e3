"""What a site says, apart from keys and hours of writing, to compare it with what comes of its export."""

from pathlib import Path
from typing import Any

from blog.jekyll.exporter import Exported, export_jekyll
from blog.jekyll.importer import import_jekyll
from blog.jekyll.report import Report
from blog.models import Author, Category, Image, Permalink, Post, PostSource, Tag


def site_state() -> dict[str, Any]:
    return {
        "posts": sorted(map(_post_state, Post.objects.all()), key=lambda post: (post["title"], post["path"])),
        "paths": sorted(Permalink.objects.filter(post__isnull=False).values_list("path", "post__title")),
        "sections": list(Category.objects.filter(posts__isnull=False).distinct().values_list("name", "slug")),
    }


def _post_state(post: Post) -> dict[str, Any]:
    return {
        "title": post.title,
        "path": post.path,
        "state": str(post.state),
        "published_at": post.published_at,
        "updated_at": post.updated_at,
        "guid": post.guid if post.path else "",
        "slug": post.slug,
        "author": post.author.name,
        "section": post.category.name,
        "tags": [tag.name for tag in post.tag_list],
        "excerpt": post.excerpt,
        "description": post.description,
        "body": post.body,
        "flags": (post.noindex, post.in_sitemap),
        "canonical_url": post.canonical_url,
        "correction": post.correction,
        "share_image": post.share_image.file.name if post.share_image else "",
        "lead_image": post.lead_image.file.name if post.lead_image else "",
        "related": [(row.target.title, row.reason) for row in post.related_rows.all()],
        "pillar": post.pillar.title if post.pillar else "",
    }


def empty_site() -> None:
    Permalink.objects.all().delete()
    Post.objects.update(pillar=None)
    for model in (Post, PostSource, Tag, Category, Author, Image):
        model.objects.all().delete()


def round_trip(target: Path) -> tuple[Exported, Report]:
    """Exports the site, empties it, and imports what was exported."""
    exported = export_jekyll(target)
    empty_site()
    return exported, import_jekyll(target)
