"""Every page of every list is what a plain slice of the sorted posts would be, wherever the walk to it begins."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Author, Category, Post, Tag
from blog.queries.post_list import DayList, OneDayList, PostList, all_posts, posts_of
from blog.queries.recount import repair_drift
from tests.factories import PUBLISHED_AT, make_author, make_category, make_draft, make_post, make_scheduled

SIZE = 7


def pages(posts: PostList) -> list[list[Post]]:
    return [posts[start : start + SIZE] for start in range(0, posts.count(), SIZE)]


def slices(posts: list[Post]) -> list[list[Post]]:
    return [posts[start : start + SIZE] for start in range(0, len(posts), SIZE)]


class PagesTests(TestCase):
    """Ninety posts over eleven months, many in some and none in others, some at the same moment, some to come."""

    @classmethod
    def setUpTestData(cls):
        random = Random(1)
        cls.now = PUBLISHED_AT
        months = [random.randrange(330) for _ in range(60)] + [random.randrange(40, 60) for _ in range(20)]
        moments = [PUBLISHED_AT - timedelta(days=days, hours=random.randrange(24)) for days in months]
        moments += [PUBLISHED_AT - timedelta(days=45)] * 5
        moments += [PUBLISHED_AT + timedelta(days=days) for days in (1, 2, 40)]
        random.shuffle(moments)
        sections = [make_category(f"部{number}", f"section-{number}") for number in range(2)]
        authors = [make_author(f"筆{number}", f"author-{number}") for number in range(2)]
        with time_machine.travel(cls.now, tick=False):
            for number, at in enumerate(moments):
                tags = ["甲"] if number % 3 else ["甲", "乙"]
                post = make_post(at=at, category=sections[number % 2], author=authors[number // 40 % 2], tags=tags)
                if number % 10 == 0:  # its address keeps another day
                    post.url_date -= timedelta(days=20)
                    post.save()
            make_draft(tags=["甲"], category=sections[0], author=authors[0])
        repair_drift()

    def setUp(self):
        travel = time_machine.travel(self.now, tick=False)
        travel.start()
        self.addCleanup(travel.stop)

    def test_all_posts(self):
        expected = list(Post.objects.published().newest_first())
        assert len(expected) == 85
        assert all_posts().count() == 85
        assert pages(all_posts()) == slices(expected)

    def test_sections_authors_and_tags(self):
        for model, field in ((Category, "category"), (Author, "author"), (Tag, "tagged_posts__tag")):
            for item in model.objects.all():
                expected = list(Post.objects.published().newest_first().filter(**{field: item}))
                assert len(expected) > 2 * SIZE
                assert pages(posts_of(item)) == slices(expected), item

    def test_years_and_months(self):
        spans = [(date(2026, 1, 1), date(2026, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31))]
        spans += [(date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 3, 1), date(2026, 3, 31))]
        for first, last in spans:
            posts = Post.objects.published().filter(url_date__range=(first, last))
            expected = list(posts.order_by("-url_date", "-published_at", "-pk"))
            assert expected
            assert pages(DayList(first, last)) == slices(expected), first

    def test_days(self):
        for day in Post.objects.published().values_list("url_date", flat=True).distinct():
            expected = list(Post.objects.published().filter(url_date=day).order_by("-published_at", "-pk"))
            assert pages(OneDayList(day)) == slices(expected), day

    def test_slice_that_reaches_over_the_end_is_shorter(self):
        assert len(all_posts()[80:100]) == 5
        assert all_posts()[85:90] == []

    def test_scheduled_post_is_in_the_list_from_its_minute_on(self):
        with time_machine.travel(PUBLISHED_AT + timedelta(days=1, seconds=-1), tick=False):
            assert all_posts().count() == 85
        with time_machine.travel(PUBLISHED_AT + timedelta(days=1), tick=False):
            assert all_posts().count() == 86
            assert all_posts()[0:1] == [Post.objects.get(published_at=timezone.now())]
            assert pages(all_posts()) == slices(list(Post.objects.published().newest_first()))

    def test_walk_begins_at_the_nearest_edge_and_skips_few_rows(self):
        """Offsets stand in the statements: none is larger than half of the fullest month."""
        with CaptureQueriesContext(connection) as captured:
            pages(all_posts())
        offsets = [
            int(query["sql"].rpartition("OFFSET ")[2].partition(")")[0])
            for query in captured
            if "OFFSET" in query["sql"]
        ]
        assert len(offsets) == 13
        assert max(offsets) < 20


@pytest.mark.django_db
def test_list_of_nothing_has_no_pages():
    assert (all_posts().count(), all_posts()[0:5]) == (0, [])
    make_scheduled(tags=["甲"])
    for posts in (all_posts(), posts_of(Tag.objects.get()), posts_of(Category.objects.get())):
        assert (posts.count(), posts[0:5]) == (0, [])


@pytest.mark.django_db
def test_page_costs_two_statements_however_deep(django_assert_num_queries):
    for month in range(1, 7):
        make_post(at=datetime.fromisoformat(f"2026-{month:02}-01T00:00:00+09:00"))
    for start in (0, 2, 5):
        with django_assert_num_queries(2):
            assert len(all_posts()[start : start + 1]) == 1


@pytest.mark.django_db
def test_months_of_places_in_a_list_are_those_of_its_posts():
    months = (date(2026, 3, 1), date(2026, 1, 1), date(2025, 11, 1))
    for month in months:
        for hours in range(3):
            make_post(at=datetime(month.year, month.month, 9, hours, tzinfo=UTC))
    make_scheduled()
    posts = all_posts()
    assert posts.months_at(0, 8) == (months[0], months[2])
    assert posts.months_at(2, 3) == (months[0], months[1])
    assert posts.months_at(5, 6) == (months[1], months[2])
