"""The front page: the editors' picks, and the newest articles where they picked none."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Value

from blog.database import fetch_together
from blog.models import Category, FrontPick, Post

TOP_STORIES = 3  # the lead and the two beside it
RIVER_LENGTH = 6
POSTS_PER_SECTION = 4
EVERYWHERE = 0  # in place of a section's key: all sections
FRESH_DAYS = 7  # how much older than the newest article the others on top may be to bring in another section


class FrontPage(NamedTuple):
    """The top stories, the river of news by time, and the sections with articles that stand nowhere above.

    No article stands twice, and of a thread only the newest, unless editors picked others. What somebody paid for is
    news among news: it leads the page or a section, or stands for a thread, only if editors picked it, or if there is
    nothing else.
    """

    top: list[Post]
    river: list[Post]
    sections: list[tuple[Category, list[Post]]]


class Key(NamedTuple):
    """What decides the place of an article: its key, section, thread and day, and whether somebody paid for it."""

    post: int
    section: int
    thread: int | None
    day: date
    is_paid: bool

    @classmethod
    def of(cls, post: Post) -> "Key":
        day: Any = post.url_date  # which every public post has
        return cls(post.pk, post.category_id, post.thread_id, day, post.is_sponsored)


class Places:
    """Gives each article one place, and each thread too."""

    def __init__(self) -> None:
        self.posts: set[int] = set()
        self.threads: set[int] = set()

    def pick(self, keys: Iterable[Key], number: int) -> list[Key]:
        """Takes the first articles that have no place yet."""
        return self._take(keys, number, lambda key: False)

    def fill(self, keys: Iterable[Key], number: int) -> list[Key]:
        """Does what `pick` does, but passes over articles of a thread that has a place."""
        return self._take(keys, number, lambda key: key.thread in self.threads)

    def _take(self, keys: Iterable[Key], number: int, is_taken: Callable[[Key], bool]) -> list[Key]:
        taken: list[Key] = []
        for key in keys:
            if len(taken) < number and key.post not in self.posts and not is_taken(key):
                taken.append(key)
                self.posts.add(key.post)
                if key.thread is not None:
                    self.threads.add(key.thread)
        return taken


def front_page() -> FrontPage:
    """Returns what the front page shows now, in four queries."""
    sections = list(Category.objects.only("name", "slug"))
    picked: dict[int, list[Key]] = defaultdict(list)
    for pick in FrontPick.objects.in_force():
        picked[pick.category_id or EVERYWHERE].append(Key.of(pick.post))
    number_picked = sum(map(len, picked.values()))
    newest = _newest([section.pk for section in sections], TOP_STORIES + 2 * RIVER_LENGTH + number_picked)
    own = {section: [key for key in keys if not key.is_paid] for section, keys in newest.items()}
    places = Places()
    top = places.pick(picked[EVERYWHERE], TOP_STORIES)
    leads = {section.pk: places.pick(picked[section.pk], 1) for section in sections}
    order = [section.pk for section in sections]
    while len(top) < TOP_STORIES and (more := places.fill(_next_on_top(top, own, order), 1)):
        top += more
    top = top or places.fill(newest[EVERYWHERE], 1)
    left = [key for key in newest[EVERYWHERE] if key.post not in places.posts]
    river = places.fill(left, min(RIVER_LENGTH, (len(left) + 1) // 2))  # of few articles, half are left to the sections
    lists = {}
    for pk, picked_lead in leads.items():
        lead = picked_lead or places.fill(own[pk], 1)
        lists[pk] = lead + places.fill(newest[pk], POSTS_PER_SECTION - len(lead))
    posts = Post.objects.for_row().order_by().in_bulk(places.posts)
    return FrontPage(
        top=[posts[key.post] for key in top],
        river=[posts[key.post] for key in river],
        sections=[
            (section, [posts[key.post] for key in lists[section.pk]]) for section in sections if lists[section.pk]
        ],
    )


def _next_on_top(top: list[Key], newest: dict[int, list[Key]], order: list[int]) -> list[Key]:
    """The articles for the next place on top, the best first.

    The lead is the newest article of a section that has one on the newest day: of each of them in turn, day by day, so
    that the section whose articles come last every morning does not lead for ever. Beside it, sections that are not on
    top yet come first, with the newest article of each if it is not much older than the newest of all.
    """
    latest = newest[EVERYWHERE] or sorted(chain(*newest.values()), key=lambda key: key.day, reverse=True)
    if not latest:
        return []
    day = latest[0].day
    if not top:
        todays = [pk for pk in order if any(key.section == pk and key.day == day for key in latest)]
        turn = todays[day.toordinal() % len(todays)] if todays else latest[0].section
        return [*(key for key in latest if key.section == turn), *latest]
    there = {key.section for key in top}
    firsts = sorted((newest[pk][0] for pk in order if newest[pk]), key=lambda key: key.day, reverse=True)
    others = [key for key in [*latest, *firsts] if key.section not in there and (day - key.day).days <= FRESH_DAYS]
    return [*others, *latest]


def _newest(sections: list[int], number: int) -> dict[int, list[Key]]:
    """Returns the newest public articles, newest first, of each section and of all (EVERYWHERE).

    Each list has up to `number` + POSTS_PER_SECTION articles, and of a thread only the newest that nobody paid for. One
    that somebody paid for is there if no list has another of its thread. Each takes one short walk along an index,
    twice as long as the list in case it meets threads; a window function would read the archive.
    """
    wanted = number + POSTS_PER_SECTION
    public = Post.objects.published().newest_first()
    walks = [
        (public.filter(category=section) if section else public)
        .annotate(walk=Value(section))
        .values_list("walk", "published_at", "pk", "category", "thread", "url_date", "is_sponsored")[: 2 * wanted]
        for section in (EVERYWHERE, *sections)
    ]
    found: dict[int, list[Key]] = {section: [] for section in (EVERYWHERE, *sections)}
    seen = set()
    for section, _, pk, own, thread, day, is_paid in sorted(fetch_together(walks), key=itemgetter(1, 2), reverse=True):
        if (section, thread, is_paid) not in seen and len(found[section]) < wanted:
            found[section].append(Key(pk, own, thread, date.fromisoformat(str(day)), bool(is_paid)))
            if thread is not None:
                seen.add((section, thread, is_paid))
    unpaid = {thread for _, thread, is_paid in seen if not is_paid}
    return {
        section: [key for key in keys if not key.is_paid or key.thread not in unpaid] for section, keys in found.items()
    }
