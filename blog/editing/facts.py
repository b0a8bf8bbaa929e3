"""Reads what the desk check must know of the rest of the site: only what the drafts name, in a query for each table."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.urls import Resolver404, resolve

from blog.addresses import OLD_PATHS, address, spellings
from blog.models import Author, Category, FormerFile, HouseWord, Image, Page, Passage, Permalink, Post, Tag
from blog.models.permalink import clean_path
from blog.text.desk import DRAFT_TEXTS, Draft, HouseWords, Mentions, World, mentions

# Of one article, so that a query about AT_ONCE articles has no more values than a database takes; the others count as
# right. Real articles name a tenth of that.
MOST_PATHS, MOST_PASSAGES, AT_ONCE = 200, 1_000, 20
MAX_PATH = 512  # characters: the ledger holds no longer one
_ARTICLE = re.compile("/[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+/?")  # the resolver would try its patterns one by one
NAMED = {"category": Category, "tag": Tag, "author": Author}  # pages whose address has a slug
# Readers find no page of a tag or an author without a public article, and a writer must not learn its name.
_PUBLIC_OF = {"tag": "tagged_posts__tag", "author": "author"}


def draft_of(post: Post) -> Draft:
    return Draft(**{name: getattr(post, name) for name in DRAFT_TEXTS}, day=post.url_date)


@dataclass(frozen=True)
class Subject:
    """An article to check. `pk` is None before its first save."""

    pk: int | None
    path: str
    draft: Draft
    named: Mentions

    @classmethod
    def of(cls, post: Post) -> "Subject":
        draft = draft_of(post)
        return cls(post.pk, post.path, draft, mentions(draft, settings.SITE_URL))

    @cached_property
    def passages(self) -> dict[int, str]:
        """The title and the paragraphs that the draft names: the key of each in the check, by its number in the
        database. Eight bytes of a hash are enough: the price of two equal ones is one wrong warning.
        """
        numbers = {_number(f"title {key}"): key for key in self.named.titles}
        return numbers | {_number(f"paragraph {key}"): key for key in sorted(self.named.paragraphs)[:MOST_PASSAGES]}


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


@dataclass
class Facts:
    """The answers of the database. `shared` holds articles that have a passage, with their addresses."""

    paths: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    images: set[str] = field(default_factory=set)
    shared: dict[int, dict[int, str]] = field(default_factory=dict)
    words: HouseWords = field(default_factory=HouseWords)

    def world(self, subject: Subject) -> World:
        """The world of one article: titles and paragraphs are those of others, and its own address answers."""
        titles: dict[str, str] = {}
        paragraphs: dict[str, str] = {}
        for number, key in subject.passages.items():
            others = (path for pk, path in self.shared.get(number, {}).items() if pk != subject.pk)
            if other := next(others, None):
                (titles if key in subject.named.titles else paragraphs)[key] = other
        named = subject.named
        return World(
            paths=named.paths & (self.paths | {subject.path}) - {""} | {*sorted(named.paths)[MOST_PATHS:]},
            moved={path: self.moved[path] for path in named.paths & self.moved.keys()},
            images=named.images & self.images | {*sorted(named.images)[MOST_PATHS:]},
            own_origin=settings.SITE_URL,
            titles=titles,
            paragraphs=paragraphs,
            words=self.words,
        )


class _Row(NamedTuple):
    """A row of the ledger."""

    path: str
    target: str
    post: int | None


def read_facts(subjects: Sequence[Subject], *, at: datetime | None = None) -> Facts:
    """Reads what these articles name, at most AT_ONCE. Public is what is so `at` a time, by default now."""
    paths = {path for one in subjects for path in sorted(one.named.paths)[:MOST_PATHS] if _is_path(path)}
    images = {path for one in subjects for path in sorted(one.named.images)[:MOST_PATHS] if _is_path(path)}
    candidates = {spelling for path in paths for spelling in spellings(path) if _is_path(spelling)} | images
    rows = _ledger(candidates)
    onward = {row.path: row.post for row in _ledger({row.target for row in rows} - {""})}
    ends = Passage.objects.filter(key__in={number for one in subjects for number in one.passages})
    shared = {key: {first, last} for key, first, last in ends.values_list("key").annotate(Min("post"), Max("post"))}
    wanted: set[Any] = {row.post or onward.get(row.target) for row in rows}.union(*shared.values())
    public = {
        post.pk: post.path
        for post in Post.objects.published(at).filter(pk__in=wanted - {None}).only("url_date", "slug")
    }
    facts = Facts(words=_house_words())
    facts.shared = {key: {pk: public[pk] for pk in sorted(pks) if pk in public} for key, pks in shared.items()}
    targets = {row.target for row in rows if row.target and not onward.get(row.target)}
    facts.paths, unknown = _pages(candidates - images | targets, at)
    facts.images = _pictures(images)
    for row in rows:
        owner = row.post or onward.get(row.target)
        to = public.get(owner, "") if owner else row.target
        if to == row.path:
            facts.paths.add(to)
        elif to and to not in unknown:  # else the link is dead, and its fix would tell a hidden name
            facts.moved[row.path] = to
            if to.startswith(settings.MEDIA_URL):
                facts.images.add(row.path)
    _follow(facts, paths)
    return facts


def _is_path(path: str) -> bool:
    """Whether a database can be asked for the path; PostgreSQL takes no NUL."""
    return len(path) <= MAX_PATH and path.isprintable()


def _ledger(paths: Collection[str]) -> list[_Row]:
    rows = Permalink.objects.filter(path__in=paths).values_list("path", "target", "post") if paths else ()
    return [_Row(*row) for row in rows]


def _pages(paths: Iterable[str], at: datetime | None) -> tuple[set[str], set[str]]:
    """Which of these are pages that readers find, and which would be if a row said so. Articles are left out."""
    found: set[str] = set()
    slugs: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in paths:
        try:
            match = None if _ARTICLE.fullmatch(path) else resolve(path)
        except Resolver404:
            continue
        kind = (match.url_name or "").partition("_")[0] if match else "post"
        if match and match.url_name == "page_detail":
            slugs["page"][path].add(path)
        elif match and kind in NAMED and "slug" in match.kwargs:
            slugs[kind][match.kwargs["slug"]].add(path)
        elif kind != "post":
            found.add(path)
    asked = {path for named in slugs.values() for by_slug in named.values() for path in by_slug}
    pages = slugs.pop("page", {})
    if pages:
        found.update(Page.objects.published().filter(path__in=pages).values_list("path", flat=True))
    for kind, named in slugs.items():
        rows: QuerySet[Any] = NAMED[kind]._default_manager.filter(slug__in=named)
        if of := _PUBLIC_OF.get(kind):
            rows = rows.filter(Exists(Post.objects.published(at).filter(**{of: OuterRef("pk")})))
        for slug in rows.values_list("slug", flat=True):
            found |= {clean_path(address(f"{kind}_{page}", slug)) for page in ("detail", "feed")}
    return found, asked - found


def _pictures(paths: Iterable[str]) -> set[str]:
    """Pictures of the site, also under a file that was replaced: texts go on naming it."""
    files = {path.removeprefix(settings.MEDIA_URL) for path in paths if path.startswith(settings.MEDIA_URL)}
    if not files:
        return set()
    now = Image.objects.filter(file__in=files).values_list("file", flat=True)
    former = FormerFile.objects.filter(name__in=files).values_list("name", flat=True)
    return {f"{settings.MEDIA_URL}{file}" for file in (*now, *former)}


def _house_words() -> HouseWords:
    kinds = HouseWord.Kind
    rows = list(HouseWord.objects.values_list("kind", "word", "preferred"))
    return HouseWords(
        banned=tuple(word for kind, word, _ in rows if kind == kinds.BANNED),
        preferred={word: preferred for kind, word, preferred in rows if kind == kinds.SPELLING},
        tails=tuple(word for kind, word, _ in rows if kind == kinds.TAIL),
    )


def _follow(facts: Facts, paths: Collection[str]) -> None:
    """Notes where other spellings and addresses of the old site lead."""
    for path in {*paths} - facts.paths - facts.moved.keys():
        for spelling in spellings(path):
            to = OLD_PATHS.get(spelling) or facts.moved.get(spelling) or (spelling if spelling in facts.paths else "")
            if to:
                facts.moved[path] = to
                break
