"""The filters, the order and the counts of the list of articles."""

from datetime import UTC, datetime, timedelta
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.admin import base
from tests.admin.desk import DeskCase
from tests.factories import make_author, make_category, make_draft, make_post, make_scheduled, make_unpublished

LIST = reverse("admin:blog_post_changelist")


class NarrowingTests(DeskCase):
    def titles(self, query=""):
        return [post.title for post in self.client.get(LIST + query).context["cl"].result_list]

    def test_own_articles_are_those_of_the_editors_byline(self):
        make_post("別の人の記事")
        make_draft("私の記事", author=make_author("私", "me", user=self.editor))
        assert self.titles("?own=1") == ["私の記事"]
        assert len(self.titles("?own=x")) == 2

    def test_month_is_that_of_the_address(self):
        make_draft("下書き")
        make_post("三月末", at=datetime(2026, 3, 31, 14, 59, tzinfo=UTC))
        make_post("四月", at=datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
        make_unpublished("取り下げ", at=datetime(2026, 4, 30, tzinfo=UTC))
        assert self.titles("?month=202603") == ["三月末"]
        assert self.titles("?month=202604") == ["取り下げ", "四月"]
        response = self.client.get(LIST + "?month=202604")
        self.assertContains(response, '<option value="202604" selected>2026年4月</option>', html=True)

    def test_month_that_is_not_offered_narrows_nothing(self):
        make_post("記事")
        for month in ("209913", "x", "' OR 1=1", "0", "9" * 30, ""):
            assert self.titles(f"?month={month}") == ["記事"], month

    def test_choice_of_a_month_keeps_what_was_chosen_before(self):
        make_post()
        response = self.client.get(LIST + '?state=published&q="><b>&p=1')
        self.assertContains(response, '<input type="hidden" name="state" value="published">', html=True)
        self.assertContains(response, 'name="q" value="&quot;&gt;&lt;b&gt;"')
        self.assertNotContains(response, '<input type="hidden" name="p"')

    def test_dated_articles_stand_by_their_date(self):
        make_post("新しい", at=datetime(2026, 4, 2, tzinfo=UTC))
        make_post("古い", at=datetime(2026, 4, 1, tzinfo=UTC))
        for query in ("?state=published", "?month=202604", "?state=published&month=202604"):
            assert self.titles(query) == ["新しい", "古い"]
        make_scheduled("明後日", after=timedelta(days=2))
        make_scheduled("明日", after=timedelta(days=1))
        assert self.titles("?state=scheduled") == ["明後日", "明日"]

    def test_filters_cost_no_query_more_with_more_articles(self):
        url = f"{LIST}?own=1&state=published&month=202604"
        counts = []
        for number in range(3):
            make_post(
                author=make_author(f"著者{number}", f"author-{number}"),
                category=make_category(f"部{number}", f"s{number}"),
            )
            with CaptureQueriesContext(connection) as queries:
                assert self.client.get(url).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] == counts[2] <= 10


class CountTests(DeskCase):
    def test_list_is_counted_no_further_than_somebody_would_turn_its_pages(self):
        for _ in range(4):
            make_draft()
        response = self.client.get(LIST)
        self.assertContains(response, "4件")
        self.assertNotContains(response, "以上")
        with mock.patch.object(base, "COUNTED", 3), CaptureQueriesContext(connection) as queries:
            response = self.client.get(LIST)
        self.assertContains(response, "3件以上")
        counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
        assert counts
        assert all("LIMIT 4" in sql for sql in counts)
