"""The data of the site as tables in `_data`: sections, authors, tags with their groups, pictures and redirects."""

from collections.abc import Callable, Iterator

from django.core.exceptions import ValidationError

from blog.jekyll.data_files import Table
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import Tree
from blog.jekyll.names import Named
from blog.jekyll.report import Report
from blog.models import Author, Category, Image, Permalink, Tag, TagGroup
from blog.text.japanese import SPELLING_SEPARATOR

NAMED: dict[type[Named], Table] = {
    Category: Table("categories", ["name", "slug", "description", "notice", "position"]),
    Author: Table("authors", ["name", "slug", "bio", "avatar", "links"]),
    Tag: Table("tags", ["name", "slug", "description", "group", "position", "other_spellings"]),
}
TAG_GROUPS = Table("tag_groups", ["name", "position"])
IMAGES = Table("images", ["file", "source_digest", "original_name", "alt", "caption", "credit", "focus_x", "focus_y"])
REDIRECTS = Table("redirects", ["path", "target", "is_handmade"])


def named_rows(model: type[Named], image_path: Callable[[Image], str]) -> Iterator[list[str]]:
    rows = Tag.objects.select_related("group").prefetch_related("spellings") if model is Tag else model.objects.all()
    for row in rows.order_by("pk"):
        yield [_cell(getattr(row, column), image_path) for column in NAMED[model].columns]


def tag_group_rows() -> Iterator[list[str]]:
    for group in TagGroup.objects.all():
        yield [group.name, str(group.position)]


def _cell(value: Image | TagGroup | list[str] | str | int | None, image_path: Callable[[Image], str]) -> str:
    match value:
        case Image():
            return image_path(value)
        case list():
            return SPELLING_SEPARATOR.join(value)
        case _:
            return str(value or "")


def image_row(image: Image, path: str) -> list[str]:
    return [path, *(str(getattr(image, column)) for column in IMAGES.columns[1:])]


def redirect_rows(paths: set[str]) -> Iterator[list[str]]:
    """The redirects that lead to none of `paths`, and those that editors made.

    These are paths of articles, whose files name their redirects: as paths that stay.
    """
    rows = Permalink.objects.filter(post=None).order_by("path").values_list("path", "target", "is_handmade")
    for path, target, is_handmade in rows.iterator():
        if is_handmade or target not in paths:
            yield [path, target, "1" if is_handmade else ""]


def read_redirects(tree: Tree, report: Report) -> tuple[dict[str, str], dict[str, int], set[str]]:
    """The redirects, path to path in the spelling of the ledger, the line of each, and those that editors made."""
    redirects: dict[str, str] = {}
    lines: dict[str, int] = {}
    handmade: set[str] = set()
    for line, cells in REDIRECTS.read(tree, report):
        is_handmade = cells.pop("is_handmade") == "1"
        row = Permalink(**cells)
        try:
            row.clean_fields(exclude=["post"])
            if not row.target or row.path == row.target or row.path in redirects:
                raise FileError(None, "it leads nowhere, to itself, or stands above already")
        except FileError as error:
            report.fail(REDIRECTS.file, FileError(line, error.reason))
        except ValidationError as error:
            report.fail(REDIRECTS.file, FileError(line, problem_text(error)))
        else:
            redirects[row.path], lines[row.path] = row.target, line
            if is_handmade:
                handmade.add(row.path)
    return redirects, lines, handmade


def problem_text(error: ValidationError) -> str:
    return "; ".join(f"{field}: {' '.join(problems)}" for field, problems in error.message_dict.items())
