"""Which article lives at which URL, decided for a whole tree before anything is written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from types import MappingProxyType
from typing import Literal, NamedTuple

from blog.jekyll.importing.article import FileName
from blog.jekyll.importing.tree import PostFile
from blog.models.permalink import clean_path
from blog.text.japanese import post_slug

_POST_PATH = re.compile(r"/([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})/([^/]+?)(?:/|/index\.html|\.html)?")

State = Literal["new", "changed", "unchanged", "conflict", "failed"]
# A post that is stored, by its key; a file that is not yet, by its name; a redirect, by its target, which begins
# with a slash, as no file name does; a static page, by its own path.
Owner = int | str
NONE: Mapping[str, str] = MappingProxyType({})


def post_path(path: str) -> FileName | None:
    """Day and slug of a decoded path that has the form of an article's, in the spelling our URLs have."""
    if (match := _POST_PATH.fullmatch(path)) and (slug := post_slug(match[4])):
        try:
            return FileName(date(int(match[1]), int(match[2]), int(match[3])), slug)
        except ValueError:
            return None
    return None


@dataclass(slots=True)
class Entry:
    """What is kept in memory of each file while a tree is imported."""

    file: PostFile
    digest: str
    by_name: FileName
    state: State = "new"
    source: int | None = None
    post: int | None = None
    version: int | None = None  # of the stored post when it was compared
    moment: datetime | None = None
    live: FileName | None = None  # where Jekyll put it; None for a draft that was never public
    is_draft: bool = False
    current: str = ""  # where a stored post lives
    is_fixed: bool = False  # the stored post keeps its address
    aliases: tuple[str, ...] = ()
    pictures: tuple[tuple[str, bool], ...] = ()  # those it names: path in the tree, and whether its body shows it
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
    entries: Iterable[Entry], ledger: Mapping[str, Owner], redirects: Mapping[str, str] = NONE
) -> list[TakenAlias]:
    """Gives each entry its `path` and its `granted` aliases; returns the aliases that lead elsewhere.

    Live permalinks come first, the later date before the earlier; then who lost one, at the day of its file name or
    under a numbered slug; then `redirects`, path to path, which have no name where they are taken, and no owner
    either where they lead in a circle; then the aliases that a file asks for, before those that its name alone gives.
    What the ledger holds stays where it is.
    """
    owners = dict(ledger)
    by_name = sorted(entries, key=lambda entry: entry.name)
    losers = []
    for entry in sorted((e for e in by_name if _is_moving(e)), key=_precedence, reverse=True):
        if not _claim(entry, entry.live.path, owners):
            losers.append(entry)
    for entry in sorted(losers, key=lambda entry: entry.name):
        if not (entry.current and _claim(entry, entry.current, owners)):
            next(path for path in _ways_out(entry) if _claim(entry, path, owners))
    for entry in by_name:
        if not _is_moving(entry):
            entry.path = entry.current
    refused = _add_redirects(redirects, owners)
    placed = [entry for entry in by_name if entry.path]
    aliases = [(entry, path) for entry in placed for path in dict.fromkeys(entry.aliases)]
    aliases += [(entry, entry.by_name.path) for entry in placed if entry.by_name.path not in entry.aliases]
    return refused + [taken for entry, path in aliases if (taken := _grant(entry, path, owners))]


def _add_redirects(redirects: Mapping[str, str], owners: dict[str, Owner]) -> list[TakenAlias]:
    free = {path: target for path, target in redirects.items() if owners.get(path, target) == target}
    onward = {path: owner for path, owner in owners.items() if isinstance(owner, str) and owner.startswith("/")}
    circling = circles(onward | free)
    owners.update((path, target) for path, target in free.items() if path not in circling)
    taken = [TakenAlias(path, "", owners[path]) for path in redirects if path not in free]
    return taken + [TakenAlias(path, "", "") for path in free if path in circling]


def circles(redirects: Mapping[str, str]) -> set[str]:
    """The paths that lead back to themselves, in however many steps; each is looked at once."""
    found: set[str] = set()
    seen: set[str] = set()
    for path in redirects:
        trail: list[str] = []
        while path in redirects and path not in seen:
            seen.add(path)
            trail.append(path)
            path = redirects[path]
        if path in trail:
            found.update(trail[trail.index(path) :])
    return found


def _is_moving(entry: Entry) -> bool:
    return entry.state in ("new", "changed") and entry.live is not None and not entry.is_fixed


def _precedence(entry: Entry) -> tuple:
    return (not entry.is_draft, entry.moment, entry.name)


def _claim(entry: Entry, path: str, owners: dict[str, Owner]) -> bool:
    if owners.setdefault(path, entry.owner) != entry.owner:
        return False
    entry.path = path
    return True


def _ways_out(entry: Entry) -> Iterable[str]:
    yield entry.by_name.path
    for number in count(2):
        yield FileName(entry.live.day, f"{entry.live.slug}-{number}").path


def _grant(entry: Entry, path: str, owners: dict[str, Owner]) -> TakenAlias | None:
    is_new = entry.state in ("new", "changed")
    owner = owners.setdefault(path, entry.owner) if is_new else owners.get(path, "")
    if path == entry.path or owner == "":
        return None
    if owner != entry.owner:
        return TakenAlias(path, entry.name, owner)
    entry.granted.append(path)
    return None


class Addresses:
    """Where a path of the old site leads now: to the path of an article, or nowhere."""

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}

    def add(self, path: str, leads_to: str) -> None:
        self._paths[path] = leads_to

    def find(self, path: str) -> str | None:
        """`path` may be encoded, of another case, without its last slash, with a trailing hyphen."""
        path = clean_path(path)
        if found := self._paths.get(path) or self._paths.get(f"{path}/"):
            return found
        article = post_path(path)
        return self._paths.get(article.path) if article else None
