"""What an edition makes of the articles of a day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from blog.models import FrontPick, Post
from blog.queries.edition import compose, edges, newest_day
from tests.factories import PUBLISHED_AT, make_category, make_draft, make_post, make_scheduled, make_unpublished

pytestmark = pytest.mark.django_db

DAY = date(2026, 4, 1)
PARAGRAPH = "読むのに時間のかかる段落です。" * 100 + "\n\n"


def written(title, paragraphs=1, **fields):
    return make_post(title, body=PARAGRAPH * paragraphs, **fields)


def composed():
    return compose(Post.objects.published().for_list())


def titles(edition):
    sections = [
        (section.name, [(post.title, brief) for post, brief in stories]) for section, stories in edition.sections
    ]
    return edition.lead.title, [post.title for post in edition.seconds], sections


def test_longer_article_stands_before_a_shorter_one_and_of_equal_length_the_section_decides():
    first, second = make_category("一", "one", position=1), make_category("二", "two", position=2)
    written("短い二", category=second)
    written("短い一", category=first)
    written("長い二", 40, category=second)
    assert titles(composed()) == ("長い二", ["短い一", "短い二"], [])


@pytest.mark.sqlite
def test_picks_of_editors_lead_in_their_order_before_those_of_sections():
    written("最も長い", 60)
    for place, title in ((1, "第二"), (0, "第一")):
        FrontPick.objects.create(post=written(title), position=place)
    pick = written("セクションの")
    FrontPick.objects.create(post=pick, category=pick.category, position=0)
    assert titles(composed()) == ("第一", ["第二", "セクションの"], [("市場", [("最も長い", False)])])


def test_pick_whose_time_is_over_weighs_nothing():
    FrontPick.objects.create(post=written("短い"), until=PUBLISHED_AT)
    written("長い", 40)
    assert composed().lead.title == "長い"


@pytest.mark.sqlite
def test_article_that_somebody_paid_for_comes_last():
    written("広告", 60, is_sponsored=True)
    written("記事")
    assert titles(composed()) == ("記事", ["広告"], [])


@pytest.mark.sqlite
def test_other_stories_stand_by_section_and_the_lighter_half_is_brief():
    first, second = make_category("一", "one", position=1), make_category("二", "two", position=2)
    for number in range(8):
        at = PUBLISHED_AT - timedelta(minutes=number)
        written(f"記事{number}", 10 * (8 - number), category=first if number % 2 else second, at=at)
    assert titles(composed()) == (
        "記事0",
        ["記事1", "記事2"],
        [
            ("一", [("記事3", False), ("記事5", False), ("記事7", True)]),
            ("二", [("記事4", False), ("記事6", True)]),
        ],
    )


def test_edges_are_the_nearest_days_with_public_articles():
    for days in (-40, -3, 0, 2):
        make_post(at=PUBLISHED_AT + timedelta(days=days))
    make_unpublished(at=PUBLISHED_AT + timedelta(days=1))
    make_draft()
    make_scheduled()
    assert edges(DAY) == (DAY - timedelta(days=3), DAY + timedelta(days=2), 41)
    assert edges(DAY + timedelta(days=2)) == (DAY, None, 43)
    assert edges(DAY - timedelta(days=40)) == (None, DAY - timedelta(days=3), 1)
    assert newest_day() == DAY + timedelta(days=2)


def test_number_of_an_edition_does_not_change_when_a_day_before_it_is_withdrawn():
    post = make_post(at=datetime(2026, 3, 20, tzinfo=UTC))
    make_post(at=datetime(2026, 3, 1, tzinfo=UTC))
    before = edges(DAY).number
    post.unpublish()
    post.save()
    assert edges(DAY).number == before == 32
