"""Reads what the desk check must know of the rest of the site, for one article or for many, in one statement.

A save of an article must stay cheap, so the statement reads only what the drafts name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.urls import Resolver404, resolve

from blog.addresses import OLD_PATHS, address, article_path, spellings
from blog.database import fetch
from blog.editing.checking.passages import passage_keys
from blog.models import HouseWord, Post
from blog.models.permalink import clean_path
from blog.models.post.queryset import Condition, visible_sql
from blog.text.desk import DRAFT_TEXTS, Draft, HouseWords, Mentions, World, mentions

_ARTICLE = re.compile("/[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+/?")  # the resolver would try its patterns one by one
MAX_PATH = 512  # characters: the ledger holds no longer one
MAX_NAMED = 15_000  # values in a statement about several articles
MAX_ASKED = 1_500  # addresses of one article; the others count as right, since a statement holds a limited number
SPELLINGS = 5
# The tables of pages whose address has a slug.
NAMED = {"category": "blog_category", "tag": "blog_tag", "author": "blog_author"}
# Readers find no page of a tag or an author without a public article, and a writer must not learn its name.
_SHOWN = {
    "tag": "SELECT 1 FROM blog_taggedpost AS tagged JOIN blog_post ON blog_post.id = tagged.content_object_id"
    " WHERE tagged.tag_id = blog_tag.id AND",
    "author": "SELECT 1 FROM blog_post WHERE author_id = blog_author.id AND",
}

_PATHS = """
SELECT 'path', link.path, link.target, CAST(COALESCE(link.post_id, onward.post_id) AS text),
    CAST(post.url_date AS text), post.slug
FROM blog_permalink AS link
LEFT JOIN blog_permalink AS onward ON onward.path = link.target AND link.target > ''
LEFT JOIN blog_post AS post ON post.id = COALESCE(link.post_id, onward.post_id) AND {visible}
WHERE link.path IN ({})"""
_NAMED = "SELECT '{kind}', slug, '', '', '', '' FROM {table} WHERE {shown}slug IN ({{}})"
_PAGES = "SELECT 'page', path, '', '', '', '' FROM blog_page WHERE is_published AND path IN ({})"
_IMAGES = "SELECT 'image', file, '', '', '', '' FROM blog_image WHERE file IN ({})"
_WORDS = "SELECT 'word', kind, word, preferred, '', '' FROM blog_houseword"
# The first and the last article that has the passage, one of which may be the article itself. There may be thousands
# in between, since some paragraphs stand in every article. Only public ones count: a finding that named another would
# tell a writer what somebody has not published yet. SQLite joins the tables of a CROSS JOIN in this order; otherwise it
# would ask for every passage anew for each public article.
_WANTED = """
WITH wanted(key) AS (VALUES {}), ends(key, first, last) AS MATERIALIZED (
    SELECT key, (SELECT MIN(post_id) FROM blog_passage WHERE key = wanted.key),
        (SELECT MAX(post_id) FROM blog_passage WHERE key = wanted.key)
    FROM wanted
)
"""
_SHARED = """
SELECT 'shared', CAST(ends.key AS text), CAST(post.id AS text), post.title, CAST(post.url_date AS text), post.slug
FROM ends CROSS JOIN blog_post AS post WHERE {condition} AND {visible}"""
_AT_ENDS = ("post.id = first", "post.id = last AND last > first")  # most passages stand in one article alone
_OWN = "SELECT 'own', CAST(post_id AS text), CAST(number AS text), CAST(key AS text), '', '' FROM blog_passage"
_FINDINGS = "SELECT 'finding', CAST(post_id AS text), CAST(number AS text), digest, '', '' FROM blog_postfinding"


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
        return passage_keys(self.named)

    @property
    def weight(self) -> int:
        """About how many values a statement has for it."""
        paths, images = (min(len(paths), MAX_ASKED) for paths in (self.named.paths, self.named.images))
        return SPELLINGS * paths + images + len(self.named.paragraphs) + 3


def in_turns(subjects: Sequence[Subject]) -> Iterator[tuple[int, int]]:
    """Yields (start, end) of groups of articles that together fit into one statement (MAX_NAMED values)."""
    start = weight = 0
    for at, subject in enumerate(subjects):
        if weight and weight + subject.weight > MAX_NAMED:
            yield start, at
            start, weight = at, 0
        weight += subject.weight
    if start < len(subjects):
        yield start, len(subjects)


@dataclass
class Facts:
    """The answer of the database. `passages` and `digests` hold the stored rows of each article, by their numbers."""

    paths: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    images: set[str] = field(default_factory=set)
    shared: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    words: HouseWords = field(default_factory=HouseWords)
    passages: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    digests: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    def world(self, subject: Subject) -> World:
        """The world of one article: titles and paragraphs are those of others, and its own address answers."""
        titles: dict[str, str] = {}
        paragraphs: dict[str, str] = {}
        for number, key in subject.passages.items():
            others = self.shared.get(number, {})
            other = next((path for pk, path in others.items() if pk != subject.pk), None)
            if other is not None:
                (titles if key in subject.named.titles else paragraphs)[key] = other
        named = subject.named
        return World(
            paths=named.paths & (self.paths | {subject.path}) - {""} | {*sorted(named.paths)[MAX_ASKED:]},
            moved={path: self.moved[path] for path in named.paths & self.moved.keys()},
            images=named.images & self.images | {*sorted(named.images)[MAX_ASKED:]},
            own_origin=settings.SITE_URL,
            titles=titles,
            paragraphs=paragraphs,
            words=self.words,
        )


def read_facts(subjects: Sequence[Subject], *, now: datetime | None = None, stored: bool = True) -> Facts:
    """Reads what the articles name, in one query; with `stored`, also their stored findings and passages.

    Articles count as public that are so at `now`. A second query is needed if an old address leads
    to a tag, an author or a static page.
    """
    asked = _Question()
    paths, images = set[str](), set[str]()
    for subject in subjects:
        paths.update(filter(_is_path, sorted(subject.named.paths)[:MAX_ASKED]))
        images.update(filter(_is_path, sorted(subject.named.images)[:MAX_ASKED]))
    wanted = sorted({number for subject in subjects for number in subject.passages})
    candidates = {spelling for path in paths for spelling in spellings(path)} | images
    condition, values = visible_sql(now=now)
    asked.add(_PATHS.format("{}", visible=condition), candidates, *values)
    static = set(asked.pages((path for path in candidates if path not in images), now))
    files = {path.removeprefix(settings.MEDIA_URL) for path in images if path.startswith(settings.MEDIA_URL)}
    asked.add(_IMAGES, files)
    if wanted:
        asked.arms += [_SHARED.format(condition=which, visible=condition) for which in _AT_ENDS]
        asked.values += [*values, *values]
    asked.arms.append(_WORDS)
    keys = [subject.pk for subject in subjects if subject.pk and stored]
    for arm in (_OWN, _FINDINGS):
        asked.add(f"{arm} WHERE post_id IN ({{}})", keys)
    facts = _answers(fetch(asked.sql(wanted), *wanted, *asked.values))
    facts.paths |= static
    _forget_dead_ends(facts, now)
    _follow(facts, paths)
    return facts


@dataclass
class _Question:
    """The statement, put together from an arm for each table that is asked."""

    arms: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, arm: str, among: Iterable[object], *before: object) -> None:
        """Adds an arm that looks among these values, if there are any. `before` are the values before those."""
        if among := sorted(among):  # type: ignore[type-var]  # all of one type
            self.arms.append(arm.format(", ".join(["%s"] * len(among))))
            self.values += [*before, *among]

    def pages(self, paths: Iterable[str], now: datetime | None) -> Iterator[str]:
        """Asks for pages that stand in a table, and yields the paths of those that are always there."""
        slugs: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            if _ARTICLE.fullmatch(path):
                continue
            try:
                match = resolve(path)
            except Resolver404:
                continue
            kind = (match.url_name or "").partition("_")[0]
            if match.url_name == "page_detail":
                slugs["page"].add(path)
            elif kind in NAMED and "slug" in match.kwargs:
                slugs[kind].add(match.kwargs["slug"])
            elif match.url_name != "post_detail":
                yield path
        self.add(_PAGES, slugs.pop("page", ()))
        for kind, found in slugs.items():
            shown, values = _shown(kind, now)
            self.add(_NAMED.format(kind=kind, table=NAMED[kind], shown=shown), found, *values)

    def sql(self, wanted: Sequence[int]) -> str:
        before = _WANTED.format(", ".join(["(%s)"] * len(wanted))) if wanted else ""
        return before + " UNION ALL ".join(self.arms)


def _shown(kind: str, now: datetime | None) -> Condition:
    """The condition under which readers find the page, with its values; "" if they always do."""
    if kind not in _SHOWN:
        return "", []
    condition, values = visible_sql(now=now)
    return f"EXISTS ({_SHOWN[kind]} {condition}) AND ", values


def _is_path(path: str) -> bool:
    """Whether a database can be asked for the path; PostgreSQL takes no NUL."""
    return len(path) <= MAX_PATH and path.isprintable()


def _answers(rows: Iterable[tuple[str, ...]]) -> Facts:
    facts = Facts()
    words: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, one, two, three, day, slug in rows:
        match kind:
            case "path":
                _lead(facts, one, target=two, owner=three, now_at=_post_path(day, slug))
            case "image":
                facts.images.add(f"{settings.MEDIA_URL}{one}")
            case "shared":
                facts.shared[int(one)][int(two)] = _post_path(day, slug) or three
            case "own":
                facts.passages[int(one)][int(two)] = int(three)
            case "finding":
                facts.digests[int(one)][int(two)] = three
            case "word":
                words[one].append((two, three))
            case "page":
                facts.paths.add(one)
            case _:
                facts.paths |= _pages_of(kind, one)
    kinds = HouseWord.Kind
    facts.words = HouseWords(
        banned=tuple(word for word, _ in words[kinds.BANNED]),
        preferred=dict(words[kinds.SPELLING]),
        tails=tuple(word for word, _ in words[kinds.TAIL]),
    )
    return facts


def _lead(facts: Facts, path: str, *, target: str, owner: str | None, now_at: str) -> None:
    """Notes what a row of the ledger says. One whose article is not public says nothing, so a link there is dead."""
    if owner and not now_at:
        return
    to = now_at or target
    if to == path:
        facts.paths.add(path)
    else:
        facts.moved[path] = to
        if to.startswith(settings.MEDIA_URL):
            facts.images.add(path)


def _forget_dead_ends(facts: Facts, now: datetime | None) -> None:
    """Drops redirects to pages that readers cannot see: such a link is dead, and its fix would tell a writer the
    present name of a hidden tag.
    """
    asked = _Question()
    targets = set(filter(_may_be_hidden, facts.moved.values()))
    list(asked.pages(targets, now))
    if asked.arms:
        hidden = targets - _answers(fetch(asked.sql(()), *asked.values)).paths
        facts.moved = {path: to for path, to in facts.moved.items() if to not in hidden}


def _may_be_hidden(path: str) -> bool:
    """Whether readers find the page only if a row says so."""
    try:
        name = resolve(path).url_name or ""
    except Resolver404:
        return False
    return name == "page_detail" or name.partition("_")[0] in _SHOWN


def _follow(facts: Facts, paths: Iterable[str]) -> None:
    """Notes where other spellings and addresses of the old site lead."""
    for path in paths:
        if path in facts.paths or path in facts.moved:
            continue
        for spelling in spellings(path):
            to = OLD_PATHS.get(spelling) or facts.moved.get(spelling) or (spelling if spelling in facts.paths else "")
            if to:
                facts.moved[path] = to
                break


def _post_path(day: str, slug: str) -> str:
    """The path of a post by what its row holds; "" without a day."""
    return article_path(date.fromisoformat(day), slug) if day and slug else ""


def _pages_of(kind: str, slug: str) -> set[str]:
    return {clean_path(address(f"{kind}_{page}", slug)) for page in ("detail", "feed")}
