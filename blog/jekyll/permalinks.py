"""Gives every article of a tree its URL before anything is written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from types import MappingProxyType
from typing import Literal, NamedTuple

from blog.jekyll.reading import FileName
from blog.jekyll.tree import PostFile
from blog.text.japanese import post_slug

_POST_PATH = re.compile(r"/([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})/([^/]+?)(?:/|/index\.html|\.html)?")

State = Literal["new", "changed", "unchanged", "conflict", "failed"]
# The owner of a path: the key of a stored post, the name of a new file, the target of a redirect (which begins with a
# slash, as no file name does), or the path of a static page.
Owner = int | str
NONE: Mapping[str, str] = MappingProxyType({})


def post_path(path: str) -> FileName | None:
    """Day and slug, in the spelling of our URLs, of a decoded path in the form of an article's path; else None."""
    if (match := _POST_PATH.fullmatch(path)) and (slug := post_slug(match[4])):
        try:
            return FileName(date(int(match[1]), int(match[2]), int(match[3])), slug)
        except ValueError:
            return None
    return None


@dataclass(slots=True)
class PostImport:
    """A file of an article during an import, without its text."""

    file: PostFile
    digest: str
    by_name: FileName
    state: State = "new"
    source: int | None = None
    post: int | None = None
    version: int | None = None  # edit number of the stored post at the comparison
    moment: datetime | None = None
    live: FileName | None = None  # its address in Jekyll; None for a draft that was never public
    is_stated: bool = False  # the tree says so, in contrast to an address that follows from the date
    is_draft: bool = False
    current: str = ""  # path of the stored post
    is_fixed: bool = False  # the stored post keeps its address
    aliases: tuple[str, ...] = ()
    stated_aliases: tuple[str, ...] = ()  # those in the table of addresses, which were its own before
    guid: str = ""
    updated_at: datetime | None = None
    path: str = ""
    granted: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def owner(self) -> Owner:
        return self.name if self.post is None else self.post


class TakenAlias(NamedTuple):
    path: str
    name: str
    owner: Owner


def assign(
    items: Iterable[PostImport], ledger: Mapping[str, Owner], redirects: Mapping[str, str] = NONE
) -> list[TakenAlias]:
    """Gives each item its `path` and its `granted` aliases. Returns the aliases that belong to something else.

    Paths are given in this order: permalinks that the tree states; live permalinks, the later date first; other paths
    for the articles that lost theirs, with the day of the file name or a numbered slug; `redirects`, path to path;
    aliases that files ask for; aliases from file names. A path of the ledger keeps its owner.

    A refused redirect is returned with an empty name.
    """
    owners = dict(ledger)
    by_name = sorted(items, key=lambda item: item.name)
    losers = []
    for item in sorted((e for e in by_name if _is_moving(e)), key=_precedence, reverse=True):
        if not _claim(item, item.live.path, owners):
            losers.append(item)
    for item in sorted(losers, key=lambda item: item.name):
        if not (item.current and _claim(item, item.current, owners)):
            next(path for path in _ways_out(item) if _claim(item, path, owners))
    for item in by_name:
        if not _is_moving(item):
            item.path = item.current
    refused = [
        TakenAlias(path, "", owners[path]) for path, to in redirects.items() if owners.setdefault(path, to) != to
    ]
    placed = [item for item in by_name if item.path]
    aliases = [(item, path) for item in placed for path in item.stated_aliases]
    aliases += [(item, path) for item in placed for path in dict.fromkeys(item.aliases)]
    aliases += [(item, item.by_name.path) for item in placed if item.by_name.path not in item.aliases]
    return refused + [taken for item, path in aliases if (taken := _grant(item, path, owners))]


def _is_moving(item: PostImport) -> bool:
    return item.state in ("new", "changed") and item.live is not None and not item.is_fixed


def _precedence(item: PostImport) -> tuple:
    return (item.is_stated, not item.is_draft, item.moment, item.name)


def _claim(item: PostImport, path: str, owners: dict[str, Owner]) -> bool:
    if owners.setdefault(path, item.owner) != item.owner:
        return False
    item.path = path
    return True


def _ways_out(item: PostImport) -> Iterable[str]:
    yield item.by_name.path
    for number in count(2):
        yield FileName(item.live.day, f"{item.live.slug}-{number}").path


def _grant(item: PostImport, path: str, owners: dict[str, Owner]) -> TakenAlias | None:
    is_new = item.state in ("new", "changed")
    owner = owners.setdefault(path, item.owner) if is_new else owners.get(path, "")
    if path == item.path or owner == "":
        return None
    if owner != item.owner:
        return TakenAlias(path, item.name, owner)
    if path not in item.granted:
        item.granted.append(path)
    return None
