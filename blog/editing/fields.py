"""The one table of the fields of an article that people edit, and a shorter one of those of a static page.

Importer, exporter, revisions, merging and preview read this table. A new field of the model needs a row here and no
change in them. `tests/editing/test_fields.py` fails for a field that has no row.
"""

from enum import Enum
from typing import Any, NamedTuple

from django.db.models import CharField

from blog.models import Author, Category, Image, Page, Post

Row = Author | Category | Image | Post


class Kind(Enum):
    TEXT = "a text, which may be empty"
    LINES = "short lines, stored as one text; a list in a file"
    FLAG = "yes or no"
    NUMBER = "a number, or none"
    ROW = "another row, or none"
    TAGS = "tags, in the writer's order"
    RELATED = "other articles with reasons, in the writer's order"


class Field(NamedTuple):
    """One field of an article. `key` is its name in the front matter of a file.

    A file writes `word` for a flag that differs from `default`. Files of the old site have no fields that
    are `is_ours`: an import leaves their values alone if the file has no such key. An export writes the key of a
    text that is `is_kept` even if the text is empty. Amendments show readers what changed in a text that `is_read`.
    """

    name: str
    kind: Kind
    key: str = ""
    model: type[Row] | None = None
    default: bool = False
    word: str = "true"
    is_ours: bool = False
    is_read: bool = False
    is_kept: bool = False


# In the order in which an editor reads them.
FIELDS = (
    Field("title", Kind.TEXT, "title", is_read=True, is_kept=True),
    Field("excerpt", Kind.TEXT, "excerpt", is_read=True, is_kept=True),
    Field("key_points", Kind.LINES, "key_points", is_ours=True, is_read=True),
    Field("body", Kind.TEXT, is_read=True),
    Field("tags", Kind.TAGS, "tags"),
    Field("category", Kind.ROW, "categories", Category),
    Field("author", Kind.ROW, "author", Author),
    Field("lead_image", Kind.ROW, "lead_image", Image, is_ours=True),
    Field("share_image", Kind.ROW, "image", Image),
    Field("pillar", Kind.ROW, "pillar_article", Post),
    Field("related", Kind.RELATED, "related_articles"),
    Field("is_sponsored", Kind.FLAG, "sponsored", is_ours=True),
    Field("noindex", Kind.FLAG, "robots", word="noindex"),
    Field("in_sitemap", Kind.FLAG, "sitemap", default=True, word="false"),
    Field("slug", Kind.TEXT),
    Field("description", Kind.TEXT, "description", is_kept=True),
    Field("canonical_url", Kind.TEXT, "canonical_url"),
    Field("correction", Kind.TEXT, "correction", is_ours=True),
)

CONTENT = tuple(field.name for field in FIELDS)
TEXTS = tuple(field.name for field in FIELDS if field.kind in (Kind.TEXT, Kind.LINES))
READ = tuple(field.name for field in FIELDS if field.is_read)
FLAGS = tuple(field.name for field in FIELDS if field.kind is Kind.FLAG)
ROWS = {field.name: field.model for field in FIELDS if field.model}
# The state of a post. The verbs of the model change it; restoring an old version does not.
STATE = ("status", "published_at")

# A static page has no state beside its content. A name that an article has too is of the same kind in both.
PAGE_FIELDS = (
    Field("title", Kind.TEXT),
    Field("path", Kind.TEXT),
    Field("body", Kind.TEXT),
    Field("description", Kind.TEXT),
    Field("is_published", Kind.FLAG),
    Field("footer_position", Kind.NUMBER),
)
PAGE_CONTENT = tuple(field.name for field in PAGE_FIELDS)
KINDS = {field.name: field.kind for field in (*FIELDS, *PAGE_FIELDS)}


def is_text(name: str) -> bool:
    return KINDS.get(name) in (Kind.TEXT, Kind.LINES)


def is_line(name: str, of: type[Post | Page] = Post) -> bool:
    """Whether a text has one line."""
    return isinstance(of._meta.get_field(name), CharField)


def empty(name: str) -> str | bool | list[Any] | None:
    """The value of a field in a version that was written before the field existed."""
    field = next(field for field in (*FIELDS, *PAGE_FIELDS) if field.name == name)
    match field.kind:
        case Kind.TEXT | Kind.LINES:
            return ""
        case Kind.FLAG:
            return field.default
        case Kind.TAGS | Kind.RELATED:
            return []
        case Kind.ROW | Kind.NUMBER:
            return None


def label(name: str, of: type[Post | Page] = Post) -> str:
    """The name of a field at the desk."""
    field = of._meta.get_field(name)
    return str(field.verbose_name)  # type: ignore[union-attr]  # none is a reverse relation
