"""Writes a Jekyll site for a test, imports it, and compares the rows."""

import io
import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.test.utils import CaptureQueriesContext
from PIL import Image as PILImage

from blog.editing.saving import save_post
from blog.jekyll.importing import import_jekyll
from blog.jekyll.report import Report
from blog.models import Post
from blog.search.index import stale_posts

CONFIG = """\
url: https://old.example
timezone: Asia/Tokyo
author: 編集部
content_categories:
- name: 市場
  slug: markets
  description: 市場の話
- name: 技術
  slug: tech
"""
FRONT_MATTER = {
    "title": "題",
    "date": "2026-04-01 10:00:00 +0900",
    "categories": ["市場"],
    "tags": ["AI"],
    "author": "編集部",
    "excerpt": "リード。",
    "description": "説明。",
}
NOON = {"date": "2026-04-01 12:00:00 +0900"}


class Site:
    def __init__(self, root: Path, config: str | None = CONFIG) -> None:
        self.root = root
        self.posts = root / "_posts"
        self.posts.mkdir(parents=True)
        if config is not None:
            (root / "_config.yml").write_text(config)

    def write(self, name: str, body: str = "本文。\n", **front_matter: Any) -> Path:
        """Writes the file of an article. A key with the value None is left out."""
        values = FRONT_MATTER | front_matter
        lines = [
            f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items() if value is not None
        ]
        return self.write_raw(name, f"---\n{''.join(lines)}---\n{body}".encode())

    def write_raw(self, name: str, data: bytes) -> Path:
        path = self.posts / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def write_image(self, path: str, colour: str = "red", size: tuple[int, int] = (4, 3)) -> bytes:
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data := png(colour, size))
        return data

    def run(self, **options: Any) -> Report:
        return import_jekyll(self.root, **options)


def png(colour: str = "red", size: tuple[int, int] = (4, 3)) -> bytes:
    out = io.BytesIO()
    PILImage.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def article(name: str) -> Post:
    """The post that came from the file."""
    return Post.objects.get(source__name=name)


def edit(name: str, **fields: Any) -> Post:
    """Saves the post that came from the file as the desk does."""
    post = article(name)
    for field, value in fields.items():
        setattr(post, field, value)
    return save_post(post)


def rows(*, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """Every row of the app, field by field."""
    return {
        model.__name__: [
            {
                key: bytes(value) if isinstance(value, memoryview) else value
                for key, value in row.items()
                if key not in without
            }
            for row in model.objects.order_by("pk").values()
        ]
        for model in apps.get_app_config("blog").get_models()
    }


def content() -> dict[str, Any]:
    """The content of every row, and whether the index has it, without keys, counters and times of writing."""
    posts = Post.objects.order_by("source__name").prefetch_related("related_rows__target__source", "permalinks")
    return {
        "posts": [
            {
                "file": post.source.name,
                "imported": post.source.imported,
                "raw": bytes(post.source.raw),
                "path": post.path,
                "guid": post.guid if post.path else "",
                "body": post.body,
                "updated_at": post.updated_at,
                "tags": [(tag.name, tag.slug) for tag in post.tag_list],
                "image": post.share_image.file.name if post.share_image else "",
                "pillar": post.pillar.source.name if post.pillar else "",
                "related": [(row.target.source.name, row.reason) for row in post.related_rows.all()],
                "paths": sorted(row.path for row in post.permalinks.all()),
            }
            for post in posts
        ],
        "indexed": not stale_posts().exists(),
        "ledger": sorted(apps.get_model("blog.Permalink").objects.values_list("path", "target")),
        "names": sorted(
            name
            for model in ("Author", "Category", "Tag")
            for name in apps.get_model("blog", model).objects.values_list("name", "slug")
        ),
    }


def writes(queries: CaptureQueriesContext) -> list[str]:
    """The statements among them that write."""
    verbs = ("INSERT", "UPDATE", "DELETE", "REPLACE")
    return [query["sql"] for query in queries if query["sql"].lstrip('"').upper().startswith(verbs)]
