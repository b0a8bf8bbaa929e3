"""Pairs of editors who save one post or static page at the same moment, through the code that the desk runs.

Of each pair one must be saved and the other told; and whatever either of them typed must still be there afterwards:
in the post or page, in a pending version or in the history.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from blog.editing.merging import merge_snapshots
from blog.editing.pending import keep_unmerged, save_pending, save_version
from blog.editing.saving import StaleVersion, save_post
from blog.editing.snapshots import Snapshot, page_snapshot, unsaved_snapshot
from blog.editing.static_pages import save_page, save_page_version
from blog.models import Page, Post
from blog.models.history import Revision
from tests.factories import make_page, make_released
from tests.patience import PATIENCE

Kind = Revision.Kind
EDITORS = 8  # at once; as many as the pool of connections holds
BODY = "はじめの段落。\n\n次の段落。\n\n終わりの段落。\n"
PLACES = {"same place": ("次", "次"), "different places": ("はじめ", "終わり")}
WAYS = {"both live": (False, False), "both pending": (True, True), "live and pending": (False, True)}
STATIC_PAGE = "static page"
PAIRS = [(place, way) for way in (*WAYS, STATIC_PAGE) for place in PLACES]


@dataclass
class Tally:
    pairs: int = 0
    saved: int = 0
    told: int = 0
    merged: int = 0
    overwritten: int = 0
    lost: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        return self.saved == self.told == self.merged + self.overwritten == self.pairs and not (
            self.lost or self.errors
        )

    def __str__(self) -> str:
        told = f"{self.told} told, of whom {self.merged} merged and {self.overwritten} overwrote"
        counts = (
            f"{self.pairs} pairs: {self.saved} saved, {told}; {len(self.lost)} texts lost, {len(self.errors)} errors"
        )
        return "\n".join([f"{counts} ({self.seconds:.0f} s)", *self.lost[:5], *self.errors[:5]])


@dataclass
class Pair:
    """Two editors before one post."""

    number: int
    item: Post | Page
    both_opened: Barrier = field(default_factory=lambda: Barrier(2))
    outcomes: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        return PAIRS[self.number % len(PAIRS)][0]

    def text(self, side: int) -> str:
        return f"編集者{side}が記事{self.number}に書いた"

    def edited(self, body: str, side: int) -> str:
        return body.replace(f"{PLACES[self.place][side]}の段落", f"{self.text(side)}段落")

    def save(self, side: int, user: User) -> str:
        _, way = PAIRS[self.number % len(PAIRS)]
        post = Post.objects.get(pk=self.item.pk)
        began = post.version
        tags = [tag.name for tag in post.tag_list]
        self.both_opened.wait(PATIENCE)
        post.body = self.edited(post.body, side)
        try:
            if WAYS[way][side]:
                save_pending(post, by=user, tags=tags, related=[], expected_version=began)
            else:
                save_post(post, by=user, tags=tags, related=[], expected_version=began)
        except StaleVersion as stale:
            keep_unmerged(stale.stored, unsaved_snapshot(post, tags, []), by=user, version=began)
            return "told"
        return "saved"

    def settle(self, user: User) -> str:
        """What the one who was told does then: merges what can be merged, else overwrites."""
        late = self.item.revisions.get(kind=Kind.UNMERGED)
        base, newest = self.item.revisions.as_of(late.version), self.item.revisions.in_line().first()
        item = type(self.item).objects.get(pk=self.item.pk)
        merge = merge_snapshots(base.snapshot, late.snapshot, newest.snapshot)
        snapshot, kind = (late.snapshot, Kind.OVERWRITTEN) if merge.conflicts else (merge.resolved, Kind.MERGED)
        self.put(item, snapshot, by=user, expected_version=item.version, kind=kind, source=late)
        return kind

    def put(self, post: Post, snapshot: Snapshot, **about: Any) -> None:
        save_version(post, snapshot, is_pending=bool(post.pending_revision), **about)

    def lost(self) -> Iterator[str]:
        """Texts that are in no version any more, and those that ought to be in the newest and are not."""
        bodies = [revision.snapshot["body"] for revision in self.item.revisions.all()]
        newest = self.item.revisions.in_line().first().snapshot["body"]
        for side in (0, 1):
            if not any(self.text(side) in body for body in bodies):
                yield f"lost: {self.text(side)}"
            elif self.place == "different places" and self.text(side) not in newest:
                yield f"not merged: {self.text(side)}"


class PagePair(Pair):
    """Two editors before one static page."""

    def save(self, side: int, user: User) -> str:
        page = Page.objects.get(pk=self.item.pk)
        began = page.version
        self.both_opened.wait(PATIENCE)
        page.body = self.edited(page.body, side)
        try:
            save_page(page, by=user, expected_version=began)
        except StaleVersion as stale:
            keep_unmerged(stale.stored, page_snapshot(page), by=user, version=began)
            return "told"
        return "saved"

    def put(self, page: Page, snapshot: Snapshot, **about: Any) -> None:
        save_page_version(page, snapshot, **about)


def new_pair(number: int) -> Pair:
    if PAIRS[number % len(PAIRS)][1] == STATIC_PAGE:
        return PagePair(number, make_page(f"/drill-{number}/", body=BODY))
    return Pair(number, make_released(slug=f"drill-{number}", body=BODY, tags=["A"]))


def drill(number: int) -> Tally:
    """Lets `number` pairs save at once, then lets those who were told settle it, and looks for what is missing."""
    began, tally = time.monotonic(), Tally(number)
    users = [User.objects.create_user(f"editor-{side}", is_staff=True, is_superuser=True) for side in (0, 1)]
    pairs = [new_pair(index) for index in range(number)]

    with ThreadPoolExecutor(EDITORS) as threads:
        # In this order: the second of a pair is the next to begin once the first has.
        turns = [(pair, threads.submit(_turn, pair, side, users[side])) for pair in pairs for side in (0, 1)]
    for pair, turn in turns:
        if error := turn.exception():
            tally.errors.append(f"{pair.place}: {error!r}")
        else:
            pair.outcomes.append(turn.result())
    for pair in pairs:
        tally.saved += pair.outcomes.count("saved")
        tally.told += pair.outcomes.count("told")
        if sorted(pair.outcomes) == ["saved", "told"]:
            kind = pair.settle(users[1])
            tally.merged += kind == Kind.MERGED
            tally.overwritten += kind == Kind.OVERWRITTEN
        tally.lost += pair.lost()
    tally.seconds = time.monotonic() - began
    return tally


def _turn(pair: Pair, side: int, user: User) -> str:
    try:
        return pair.save(side, user)
    finally:
        connection.close()  # each thread has its own
