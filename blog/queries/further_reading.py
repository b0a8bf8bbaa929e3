"""The public articles that an article's page links to."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from math import log
from typing import Any, NamedTuple

from django.utils import timezone

from blog.database import fetch
from blog.models import Post, PostCount
from blog.models.post.counts import EVER
from blog.models.post.queryset import TAGGED_POSTS, visible_sql
from blog.text.words import headline_key

RELATED = 5
SPARE = 3  # articles for the places of those that turn out to be hidden or of the same headline
# Only the newest articles of each tag are read: a tag on every article would cost the whole archive.
NEWEST_OF_TAG = 40

OLDER, NEWER, FELLOW, CHOSEN, KINDRED, TAGGED, RARITY = range(7)
# Each statement gives rows of (kind, number, post, time, reason) from a short walk along an index. The plain bound
# beside the OR lets the index of the section start at the right row. The time only sorts, for which its text will do;
# the text is called `at`, since ORDER BY must sort by the column `published_at` itself.
_AT = "CAST(published_at AS text) AS at"
_OLDER = (
    f"SELECT {OLDER} AS kind, 0 AS number, id AS post, {_AT}, '' AS reason FROM blog_post WHERE category_id = %s"
    " AND {visible} AND (published_at < %s OR id < %s) ORDER BY published_at DESC, id DESC LIMIT 1"
)
_NEWER = (
    f"SELECT {NEWER}, 0, id, {_AT}, '' FROM blog_post WHERE category_id = %s AND {{visible}}"
    " AND published_at >= %s AND (published_at > %s OR id > %s) ORDER BY published_at, id LIMIT 1"
)
_FELLOWS = (
    f"SELECT {FELLOW}, 0, id, {_AT}, '' FROM blog_post WHERE category_id = %s AND {{visible}}"
    " ORDER BY published_at DESC, id DESC LIMIT %s"
)
_CHOSEN = (
    # SQLite joins the tables of a CROSS JOIN in this order; otherwise it would read all public posts first.
    f"SELECT {CHOSEN}, chosen.position, post.id, '', chosen.reason"
    " FROM blog_relatedpost AS chosen CROSS JOIN blog_post AS post"
    " WHERE post.id = chosen.target_id AND chosen.post_id = %s AND {visible}"
    " ORDER BY chosen.position, chosen.id LIMIT %s"
)
_KINDRED = (
    f"SELECT {KINDRED}, kindred.position, post.id, '', ''"
    " FROM blog_kindredpost AS kindred CROSS JOIN blog_post AS post"
    " WHERE post.id = kindred.target_id AND kindred.post_id = %s AND {visible} ORDER BY kindred.position"
)
_TAGGED = (
    f"SELECT {TAGGED}, tag_id, content_object_id, {_AT}, '' FROM blog_taggedpost WHERE tag_id = %s AND {{visible}}"
    " ORDER BY published_at DESC, content_object_id DESC LIMIT %s"
)
_RARITY = f"SELECT {RARITY}, count, key, '', '' FROM blog_postcount WHERE kind = %s AND key = %s AND month = %s"


class Related(NamedTuple):
    post: Post
    reason: str
    """The editor's reason for the choice, for readers; "" for a post that no editor chose."""


class FurtherReading(NamedTuple):
    """The next older and newer articles of its section, the pillar that sums up its theme, and related articles."""

    older: Post | None
    newer: Post | None
    pillar: Post | None
    related: list[Related]


def further_reading(
    post: Post, *, limit: int = RELATED, chosen: dict[int, str] | None = None, listed: Iterable[int] = ()
) -> FurtherReading:
    """Finds further reading in two queries; `chosen` maps keys to reasons and replaces the editors' stored choice.

    Related are first the editors' choices, in their order, then the closest articles (`blog.search.related`). Where
    these are too few, or not found yet, articles that share rare tags follow, then the newest of the section. The older
    and the newer article, those that the page lists already (`listed`), a second one of the same headline or thread,
    and a paid one in the place of another of its thread are related only if editors chose them. A shared tag weighs
    1 / (1 + ln n) if n articles have it: 0.6 for two articles, 0.13 for a thousand. Of equal weights, the newest comes
    first.
    """
    rows = _walks(post, limit)
    if chosen is None:
        chosen = {row[2]: row[4] for row in rows[CHOSEN]}
    beside = {kind: row[2] for kind in (OLDER, NEWER) for row in rows[kind]}
    passed = {post.pk, *beside.values(), *listed}
    found = [*(row[2] for row in rows[KINDRED]), *_by_weight(rows), *(row[2] for row in rows[FELLOW])]
    related = list(dict.fromkeys([*chosen, *(pk for pk in found if pk not in passed)]))[: limit + SPARE]
    wanted = {*related, *beside.values(), post.pillar_id} - {None}
    # Asked for the public ones of these few, SQLite would first read all public posts.
    posts = {pk: found for pk, found in Post.objects.for_row().order_by().in_bulk(wanted).items() if found.is_public}
    older, newer, pillar = (posts.get(pk) for pk in (beside.get(OLDER), beside.get(NEWER), post.pillar_id))
    shown = _of_each_story(post, [posts[pk] for pk in related if pk in posts], chosen)
    return FurtherReading(older, newer, pillar, shown[:limit])


def _of_each_story(post: Post, found: list[Post], chosen: dict[int, str]) -> list[Related]:
    """The chosen, and one of each other headline and thread. A paid one gives its place to another of its thread."""
    told: set[object] = {headline_key(post.title)}  # headlines and threads
    unpaid: dict[int | None, Post] = {
        other.thread_id: other
        for other in reversed(found)
        if other.thread_id
        and not other.is_sponsored
        and other.pk not in chosen  # it has a place of its own
        and headline_key(other.title) not in told
    }
    shown = []
    for each in found:
        gives_place = each.is_sponsored and each.pk not in chosen
        other = unpaid.get(each.thread_id, each) if gives_place else each
        story = {headline_key(other.title), *([other.thread_id] if other.thread_id else [])}
        if other.pk in chosen or not story & told:
            told |= story
            shown.append(Related(other, chosen.get(other.pk, "")))
    return shown


def _by_weight(rows: dict[int, list[tuple[Any, ...]]]) -> list[int]:
    worth = {tag: 1 / (1 + log(max(number, 1))) for _, number, tag, _, _ in rows[RARITY]}
    weights: dict[tuple[Any, int], float] = defaultdict(float)
    for _, tag, pk, at, _ in rows[TAGGED]:
        weights[at, pk] += worth.get(tag, 1)
    return [pk for _, _, pk in sorted(((weight, *post) for post, weight in weights.items()), reverse=True)]


def _walks(post: Post, limit: int) -> dict[int, list[tuple[Any, ...]]]:
    """Returns the rows of each kind in order. All are one statement of SQL, because the ORM writes no LIMIT within a
    UNION for SQLite, and each tag would need two queries of its own.
    """
    now, section = timezone.now(), post.category_id
    at = post.published_at or now
    visible, due = visible_sql(now=now)
    visible_tag, tag_due = visible_sql(TAGGED_POSTS, now=now)
    # The walk must start at the article itself, so the statement has only the nearer of the two upper bounds.
    upto, until = visible_sql(now=now, before=at + timedelta.resolution)
    walks = [
        (_OLDER.format(visible=upto), section, *until, at, post.pk),
        (_NEWER.format(visible=visible), section, *due, at, at, post.pk),
        # Enough for `limit` after the article, its neighbours and those already related are left out.
        (_FELLOWS.format(visible=visible), section, *due, 2 * limit + 3),
        (_CHOSEN.format(visible=visible), post.pk, *due, limit),
        (_KINDRED.format(visible=visible), post.pk, *due),
    ]
    for tag in post.tag_list:
        walks.append((_TAGGED.format(visible=visible_tag), tag.pk, *tag_due, NEWEST_OF_TAG))
        walks.append((_RARITY, PostCount.Kind.TAG, tag.pk, EVER))
    sql = " UNION ALL ".join(f"SELECT * FROM ({walk}) AS walk{number}" for number, (walk, *_) in enumerate(walks))
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in fetch(sql, *(value for _, *values in walks for value in values)):
        rows[row[0]].append(row)
    for kind in (CHOSEN, KINDRED):
        rows[kind].sort(key=lambda row: row[1])
    rows[FELLOW].sort(key=lambda row: row[3:1:-1], reverse=True)
    return rows
