"""What the front page shows: picked, or else the newest."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import FrontPick, Post, Thread
from blog.queries.front_page import front_page
from tests.factories import PUBLISHED_AT, make_category, make_draft, make_post, make_scheduled, make_unpublished

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def posts(count, **fields):
    """Newest first, an hour apart."""
    return [make_post(at=PUBLISHED_AT - timedelta(hours=number), **fields) for number in range(count)]


def pick(post, position=0, **fields):
    return FrontPick.objects.create(post=post, position=position, **fields)


def shown():
    front = front_page()
    return [*front.top, *front.river, *(post for _, posts in front.sections for post in posts)]


def test_without_picks_the_newest_fill_every_place():
    first, second = make_category("一", "one", position=1), make_category("二", "two", position=2)
    make_category("空", "empty")
    ones = [make_post(category=first, at=PUBLISHED_AT - timedelta(hours=n)) for n in range(10)]
    twos = [make_post(category=second, at=PUBLISHED_AT - timedelta(days=9, hours=n)) for n in range(5)]
    for make in (make_draft, make_scheduled, make_unpublished):
        make(category=second)
    front = front_page()
    assert (front.top, front.river) == (ones[:3], ones[3:9])
    assert front.sections == [(first, ones[9:]), (second, twos[:4])]


@pytest.mark.postgresql
def test_of_a_thread_only_the_newest_stands_in_a_list():
    newest = posts(20)
    Post.objects.filter(pk__in=[post.pk for post in newest[1:6]]).update(thread=Thread.objects.create())
    front = front_page()
    assert front.top == [newest[0], newest[1], newest[6]]
    assert front.river == newest[7:13]
    assert front.sections == [(newest[0].category, newest[13:17])]


@pytest.mark.postgresql
def test_picks_lead_in_their_order_and_the_newest_follow():
    newest = posts(16)
    pick(newest[11], 0)
    pick(newest[5], 1)
    front = front_page()
    assert front.top == [newest[11], newest[5], newest[0]]
    assert front.river == [newest[n] for n in (1, 2, 3, 4, 6, 7)]


def test_picked_lead_of_a_section_stands_there_and_not_on_top():
    section = make_category("一", "one")
    newest = posts(20, category=section)
    pick(newest[1], category=section)
    front = front_page()
    assert front.top == [newest[n] for n in (0, 2, 3)]
    assert front.river == newest[4:10]
    assert front.sections == [(section, [newest[n] for n in (1, 10, 11, 12)])]


@pytest.mark.parametrize("make", [make_draft, make_scheduled, make_unpublished])
def test_pick_that_is_not_public_gives_its_place_to_the_newest(make):
    newest = posts(3)
    hidden = make()
    pick(hidden, 0)
    pick(hidden, 0, category=hidden.category)
    assert front_page().top == newest
    assert hidden not in shown()


@pytest.mark.postgresql
def test_pick_ends_with_its_minute_and_a_scheduled_one_begins_with_its_own(time_machine):
    time_machine.move_to(PUBLISHED_AT + timedelta(days=2))
    newest = posts(4)
    scheduled = make_scheduled(after=timedelta(minutes=5))
    pick(newest[3], 0, until=timezone.now() + timedelta(minutes=10))
    pick(scheduled, 1)
    assert front_page().top[:2] == [newest[3], newest[0]]
    time_machine.move_to(PUBLISHED_AT + timedelta(days=2, minutes=6))
    assert front_page().top[:2] == [newest[3], scheduled]
    time_machine.move_to(PUBLISHED_AT + timedelta(days=2, minutes=11))
    assert front_page().top[0] == scheduled


@pytest.mark.postgresql
def test_many_sections_and_picks_cost_five_queries(django_assert_num_queries):
    for number in range(12):
        section = make_category(f"部門{number}", f"section-{number}", position=number)
        pick(posts(3, category=section)[2], category=section)
    with django_assert_num_queries(5):
        assert len([post.category.name for post in shown()]) == 36


def test_no_article_and_no_thread_stands_twice():
    sections = [make_category(f"部門{number}", f"section-{number}", position=number) for number in range(3)]
    newest = [make_post(at=PUBLISHED_AT - timedelta(hours=n), category=sections[n % 3]) for n in range(30)]
    pick(newest[20], 0)
    pick(newest[21], category=newest[21].category)
    thread = Thread.objects.create()
    Post.objects.filter(pk__in=[newest[n].pk for n in (0, 7, 12, 13, 14)]).update(thread=thread)
    articles = shown()
    assert len(articles) == len({post.pk for post in articles}) == 3 + 6 + 12
    assert [post for post in articles if post.thread_id] == [Post.objects.get(pk=newest[0].pk)]


def test_top_stories_are_of_different_sections():
    daily, weekly = make_category("日刊", "daily", position=1), make_category("週刊", "weekly", position=2)
    dormant = make_category("休刊", "dormant", position=3)
    newest = posts(20, category=daily)
    other = make_post(at=PUBLISHED_AT - timedelta(days=5), category=weekly)
    make_post(at=PUBLISHED_AT - timedelta(days=30), category=dormant)
    assert front_page().top == [newest[0], other, newest[1]]


def test_lead_goes_round_the_sections_that_have_news_day_by_day(time_machine):
    time_machine.move_to(PUBLISHED_AT + timedelta(days=9))
    sections = [make_category(f"部門{number}", f"section-{number}", position=number) for number in range(3)]
    make_category("空", "empty", position=4)
    leads = []
    for days in range(6):
        for number, section in enumerate(sections):  # the last section always has the newest article
            make_post(at=PUBLISHED_AT + timedelta(days=days, minutes=number), category=section)
        front = front_page()
        leads.append(front.top[0].category)
        assert front.top[0].url_date == max(Post.objects.values_list("url_date", flat=True))
        assert len({post.category for post in front.top}) == 3
    assert set(leads[:3]) == set(leads[3:]) == set(sections)


def test_paid_article_leads_neither_the_page_nor_its_section():
    sections = [make_category(f"部門{number}", f"section-{number}", position=number) for number in range(2)]
    paid = [
        make_post(at=PUBLISHED_AT + timedelta(hours=1), category=section, is_sponsored=True) for section in sections
    ]
    newest = [make_post(at=PUBLISHED_AT - timedelta(hours=n), category=sections[n % 2]) for n in range(20)]
    front = front_page()
    assert not {*paid} & {*front.top}
    assert front.river[:2] == paid[::-1]
    late = [
        make_post(at=PUBLISHED_AT + timedelta(minutes=n), category=sections[0], is_sponsored=True) for n in range(12)
    ]
    (_, firsts), _ = front_page().sections
    assert firsts[0] in newest
    assert {*firsts[1:]} <= {*late}


def test_paid_article_leads_where_editors_picked_it_or_nothing_else_is_there():
    paid = make_post(is_sponsored=True)
    assert front_page() == ([paid], [], [])
    newest = posts(8)
    assert front_page().top == newest[:3]
    pick(paid)
    assert front_page().top == [paid, *newest[:2]]
