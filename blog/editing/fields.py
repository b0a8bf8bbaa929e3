"""The one table of what a person edits of an article: how revisions, forms and files hold each part of it.

Importer, exporter, revisions, merging and preview read this table, so that a field that is added to the model needs a
row here and nothing in them. `tests/editing/test_fields.py` fails for a field that has none.
"""

from enum import Enum
from typing import Any, NamedTuple

from blog.models import Author, Category, Image, Post

Row = Author | Category | Image | Post


class Kind(Enum):
    TEXT = "a text, empty where there is none"
    LINES = "short lines, stored as one text; a list in a file"
    FLAG = "yes or no"
    ROW = "another row, or none"
    TAGS = "tags, in the writer's order"
    RELATED = "other articles with reasons, in the writer's order"


class Field(NamedTuple):
    """`key` is what a file calls it. `word` is what a file says for a flag that is not `default`.

    The archive knows all keys but those that are `is_ours`: as long as no file speaks of one, it stays as the desk has
    it. A text that is `is_kept` has its key in a file even where it is empty.
    """

    name: str
    kind: Kind
    key: str = ""
    model: type[Row] | None = None
    default: bool = False
    word: str = "true"
    is_ours: bool = False
    is_kept: bool = False


# In the order in which an editor reads them.
FIELDS = (
    Field("title", Kind.TEXT, "title", is_kept=True),
    Field("excerpt", Kind.TEXT, "excerpt", is_kept=True),
    Field("key_points", Kind.LINES, "key_points", is_ours=True),
    Field("body", Kind.TEXT),
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
FLAGS = tuple(field.name for field in FIELDS if field.kind is Kind.FLAG)
ROWS = {field.name: field.model for field in FIELDS if field.model}
# Where the post stands: the verbs of the post move it, and putting an old version back does not.
STATE = ("status", "published_at")


def empty(name: str) -> str | bool | list[Any] | None:
    """What a version holds for a field that was added to the table after it was written."""
    field = next(field for field in FIELDS if field.name == name)
    match field.kind:
        case Kind.TEXT | Kind.LINES:
            return ""
        case Kind.FLAG:
            return field.default
        case Kind.TAGS | Kind.RELATED:
            return []
        case Kind.ROW:
            return None


def label(name: str) -> str:
    """What the desk calls a field."""
    field = Post._meta.get_field(name)
    return str(field.verbose_name)  # type: ignore[union-attr]  # none of them is the other side of another's
