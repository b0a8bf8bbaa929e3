"""What readers were told of changes after publication, as a table in `_data`: no file holds the text of before."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from blog.editing.fields import READ
from blog.editing.versions.amendments import import_amendments
from blog.jekyll.data_files import Table
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import Tree
from blog.jekyll.report import Report
from blog.jekyll.tables.front_picks import article_named, moment
from blog.jekyll.tables.site_data import problem_text
from blog.models import Amendment, Post
from blog.text.changes import from_json

AMENDMENTS = Table("changes", ["article", "kind", "note", "changed_at", "told_at", "passages", "left_out"])


def amendment_rows(stems: Mapping[int, str]) -> Iterator[list[str]]:
    """The rows of the table, which name an article by the stem of its file."""
    for row in Amendment.objects.order_by("post_id", "pk").iterator():
        moments = (row.changed_at.isoformat(), row.told_at.isoformat())
        passages = json.dumps(row.passages, ensure_ascii=False, separators=(",", ":"))
        yield [stems[row.post_id], row.kind, row.note, *moments, passages, str(row.left_out)]


def take_amendments(tree: Tree, report: Report) -> None:
    """Imports the changes of articles that have none. The articles must be imported before.

    An import is trusted here: nothing tells whether readers ever saw the texts of these passages, not even for articles
    that were not public yet.
    """
    found: dict[int, list[Amendment]] = defaultdict(list)
    for line, cells in AMENDMENTS.read(tree, report):
        try:
            amendment = _amendment(cells)
        except FileError as error:
            report.fail(AMENDMENTS.file, FileError(line, error.reason))
        else:
            found[amendment.post_id].append(amendment)
    for pk, amendments in found.items():
        with transaction.atomic():
            post = Post.objects.locked().get(pk=pk)
            if not post.amendment_count:
                import_amendments(post, amendments)


def _amendment(cells: dict[str, str]) -> Amendment:
    try:
        passages = from_json(json.loads(cells["passages"] or "[]"), READ)
    except ValueError as error:
        raise FileError(None, f"passages: {error}") from error
    except RecursionError as error:
        raise FileError(None, "passages: nested too deeply") from error
    moments = {name: moment(cells, name) for name in ("changed_at", "told_at")}
    amendment = Amendment(
        post_id=article_named(cells["article"]),
        kind=cells["kind"],
        note=cells["note"],
        passages=passages,
        left_out=cells["left_out"] or 0,
        **moments,
    )
    try:
        amendment.clean_fields()
    except ValidationError as error:
        raise FileError(None, problem_text(error)) from error
    return amendment
