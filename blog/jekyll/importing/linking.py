"""Links related articles and pillars once both articles are imported, in this run or a later one."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from blog.editing.saving import save_post
from blog.jekyll.edits import edited_fields
from blog.jekyll.files.tree import POST_SUFFIXES
from blog.jekyll.names import Names
from blog.models import Post, PostRevision, PostSource, RelatedPost


class Linked(NamedTuple):
    """The articles that a file names and that are imported."""

    related: list[tuple[str, str]]
    rows: list[tuple[Post, str]]
    pillar: str
    pillar_id: int | None
    is_complete: bool

    def differs_from(self, imported: dict[str, Any]) -> bool:
        return [list(row) for row in self.related] != imported["related"] or self.pillar != imported["pillar"]


def find_linked(wanted: dict[str, Any], *, own_name: str) -> Linked:
    """Finds articles by the stems of their file names. The article itself is left out."""
    stems = [stem for stem in (*(stem for stem, _ in wanted["related"]), wanted["pillar"]) if stem]
    found: dict[str, tuple[str, int]] = {}
    if stems:
        names = [f"{stem}{suffix}" for stem in stems for suffix in POST_SUFFIXES]
        for name, post in PostSource.objects.filter(name__in=names, post__isnull=False).values_list("name", "post"):
            found[Path(name).stem] = (name, post)
    own = Path(own_name).stem
    limit = RelatedPost._meta.get_field("reason").max_length
    related = {stem: reason[:limit] for stem, reason in wanted["related"] if stem in found and stem != own}
    pillar = wanted["pillar"] if wanted["pillar"] in found and wanted["pillar"] != own else ""
    return Linked(
        related=[(found[stem][0], reason) for stem, reason in related.items()],
        rows=[(Post(pk=found[stem][1]), reason) for stem, reason in related.items()],
        pillar=found[pillar][0] if pillar else "",
        pillar_id=found[pillar][1] if pillar else None,
        is_complete=all(stem in found or stem == own for stem in stems),
    )


def link(source: PostSource, linked: Linked, names: Names) -> None:
    """Links the post to the articles that were found, unless an editor chose others."""
    post = Post.objects.locked().get(pk=source.post_id)
    imported = dict(source.imported)
    if linked.differs_from(imported) and not {"related", "pillar"} & set(edited_fields(post, imported, names)):
        post.pillar_id = linked.pillar_id
        save_post(post, related=linked.rows, kind=PostRevision.Kind.IMPORTED, at_once=False)
        imported |= {"related": linked.related, "pillar": linked.pillar}
    if linked.is_complete:
        del imported["waiting"]
    if imported != source.imported:
        PostSource.objects.filter(pk=source.pk).update(imported=imported)


def link_waiting(names: Names, progress: Callable[[str, int, int], None]) -> None:
    """Links posts to articles that were imported after them, in this run or a later one."""
    sources = PostSource.objects.filter(imported__has_key="waiting", post__isnull=False).order_by("pk").defer("raw")
    waiting = list(sources.values_list("pk", flat=True))
    for done, pk in enumerate(waiting, start=1):
        with suppress(Post.DoesNotExist, PostSource.DoesNotExist):  # somebody deleted it meanwhile
            source = sources.get(pk=pk)
            linked = find_linked(source.imported["waiting"], own_name=source.name)
            if linked.is_complete or linked.differs_from(source.imported):
                with transaction.atomic():
                    link(source, linked, names)
        progress("linking", done, len(waiting))
