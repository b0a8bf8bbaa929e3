"""The front page: the editors' picks, and the newest articles where they picked none."""

from collections import defaultdict
from typing import NamedTuple

from blog.database import fetch
from blog.models import Category, FrontPick, Post
from blog.models.post.queryset import visible_sql

TOP_STORIES = 3  # the lead and the two beside it
RIVER_LENGTH = 6
POSTS_PER_SECTION = 4
EVERYWHERE = 0  # in place of a section's key: all sections


class FrontPage(NamedTuple):
    """The top stories, the river of news by time, and the sections with articles that are not top stories.

    The river goes by time and the sections by subject, so an article may stand in both. Of a thread only the newest
    article stands in a list, unless editors picked others.
    """

    top: list[Post]
    river: list[Post]
    sections: list[tuple[Category, list[Post]]]


def front_page() -> FrontPage:
    """Returns what the front page shows now, in four queries."""
    sections = list(Category.objects.only("name", "slug"))
    picked: dict[int, list[int]] = defaultdict(list)
    for section, post in FrontPick.objects.in_force().values_list("category", "post"):
        picked[section or EVERYWHERE].append(post)
    number_picked = sum(map(len, picked.values()))
    newest = _newest([section.pk for section in sections], TOP_STORIES + RIVER_LENGTH + number_picked)
    shown: set[int] = set()

    def take(keys: list[int], number: int) -> list[int]:
        new = [key for key in dict.fromkeys(keys) if key not in shown][:number]
        shown.update(new)
        return new

    top = take(picked[EVERYWHERE], TOP_STORIES)
    leads = {section.pk: take(picked[section.pk], 1) for section in sections}
    top += take(newest[EVERYWHERE], TOP_STORIES - len(top))
    river = [key for key in newest[EVERYWHERE] if key not in top][:RIVER_LENGTH]
    lists = {pk: lead + take(newest[pk], POSTS_PER_SECTION - len(lead)) for pk, lead in leads.items()}
    posts = Post.objects.for_list().order_by().in_bulk(shown.union(river))
    return FrontPage(
        top=[posts[pk] for pk in top],
        river=[posts[pk] for pk in river],
        sections=[(section, [posts[pk] for pk in lists[section.pk]]) for section in sections if lists[section.pk]],
    )


def _newest(sections: list[int], number: int) -> dict[int, list[int]]:
    """Returns the keys of the newest public posts, newest first, of each section and of all (EVERYWHERE).

    Each list has up to `number` + POSTS_PER_SECTION keys, and of a thread only the newest. Each takes one short walk
    along an index, twice as long as the list in case it meets threads; a window function would read the whole archive.
    It is SQL because the ORM takes ten times as long to write the statement as the database takes to run it.
    """
    visible, visible_values = visible_sql()
    walks, values, wanted = [], [], number + POSTS_PER_SECTION
    for section in (EVERYWHERE, *sections):
        condition = "" if section == EVERYWHERE else "category_id = %s AND "
        walks.append(
            f"SELECT * FROM (SELECT {int(section)} AS section, CAST(published_at AS text) AS at, id, thread_id"
            f" FROM blog_post WHERE {condition}{visible}"
            " ORDER BY published_at DESC, id DESC LIMIT %s) AS walk"
        )
        values += [*([section] if condition else []), *visible_values, 2 * wanted]
    found: dict[int, list[int]] = {section: [] for section in (EVERYWHERE, *sections)}
    rows = fetch(" UNION ALL ".join(walks), *values)
    told = set()
    for section, _, pk, thread in sorted(rows, key=lambda row: row[1:3], reverse=True):
        if (section, thread) not in told and len(found[section]) < wanted:
            found[section].append(pk)
            if thread is not None:
                told.add((section, thread))
    return found
