"""The filters, the order and the counts of the list of articles."""

import re
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blog.admin import base
from blog.admin.post import listing as search
from blog.admin.post.admin import PostAdmin
from blog.editing.permissions import WRITER
from blog.editing.saving import save_post
from blog.editing.versions.pending import save_pending
from blog.models import Post, PostFinding
from blog.text.desk import ERRORS
from tests.admin.desk import DeskCase
from tests.factories import (
    make_author,
    make_category,
    make_draft,
    make_image,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

LIST = reverse("admin:blog_post_changelist")


class NarrowingTests(DeskCase):
    def titles(self, query=""):
        return [post.title for post in self.client.get(LIST + query).context["cl"].result_list]

    @pytest.mark.sqlite
    def test_own_articles_are_those_of_the_editors_byline(self):
        make_post("別の人の記事")
        make_draft("私の記事", author=make_author("私", "me", user=self.editor))
        assert self.titles("?own=1") == ["私の記事"]
        assert len(self.titles("?own=x")) == 2

    @pytest.mark.sqlite
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

    @pytest.mark.sqlite
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

    def test_marks_tell_what_an_article_waits_for_or_lacks(self):
        waits, returned, flawed = (
            make_post("控えあり"),
            make_in_review("戻した"),
            make_draft("傷", body="# 😀の見出し\n"),
        )
        make_post("絵のある記事", lead_image=make_image())
        returned.return_to_writer("理由")
        save_post(returned)
        waits.title = "控えた題"
        save_pending(waits, by=self.editor, tags=[], related=[], expected_version=waits.version)
        assert self.titles("?mark=changes") == ["控えあり"]
        assert self.titles("?mark=returned") == ["戻した"]
        assert self.titles("?mark=no_picture") == ["傷", "戻した", "控えあり"]
        assert self.titles("?mark=findings") == ["傷"]
        PostFinding.objects.filter(post=flawed).update(code=min(ERRORS))
        assert self.titles("?mark=errors") == ["傷"]
        assert len(self.titles("?mark=x")) == 4

    def test_search_is_given_up_without_the_filters(self):
        make_draft("言葉")
        page = self.client.get(reverse("admin:blog_post_changelist"), {"q": "言葉", "state": "draft", "tag": "甲"})
        self.assertContains(page, '<a href="?state=draft&amp;tag=%E7%94%B2">検索をやめる</a>')

    def test_writer_is_not_told_of_the_history_of_others(self):
        post = make_post("他人の記事", body="# 😀の見出し\n")
        post.title = "控えた題"
        save_pending(post, by=self.editor, tags=[], related=[], expected_version=post.version)
        self.client.force_login(make_user("writer", role=WRITER))
        assert self.titles("?mark=changes") == self.titles("?mark=findings") == []

    def test_tag_is_named_in_any_case(self):
        make_post("ある", tags=["ChatGPT"])
        make_post("ない")
        assert self.titles("?tag=chatgpt") == ["ある"]
        assert self.titles("?tag=ない語") == []
        assert len(self.titles("?tag=")) == 2
        assert self.client.get(f"{LIST}?tag=%00").status_code in (200, 302)

    def test_tag_of_a_hidden_article_finds_nothing_for_a_writer(self):
        make_draft("伏せた記事", tags=["極秘"])
        self.client.force_login(make_user("writer", role=WRITER))
        assert self.titles("?tag=極秘") == []

    def test_list_stands_by_the_last_save_where_an_index_serves_that(self):
        first = make_post("先")
        make_post("後")
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            save_post(first, by=self.editor)
        assert self.titles("?o=4") == ["先", "後"]
        assert self.titles("?o=-4") == ["後", "先"]
        assert self.client.get(f"{LIST}?o=4&own=1").status_code == 302
        if connection.vendor == "sqlite":
            assert "post_last_saved" in self.client.get(f"{LIST}?o=4").context["cl"].queryset[:50].explain()

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
    """COUNTED is lowered to 3, so that a few articles are many."""

    def setUp(self):
        super().setUp()
        self.enterContext(mock.patch.object(base, "COUNTED", 3))
        self.enterContext(mock.patch.object(search, "COUNTED", 3))
        self.enterContext(mock.patch.object(PostAdmin, "list_per_page", 2))

    def shown(self, query=""):
        """The number of articles in words."""
        html = self.client.get(LIST + query).content.decode()
        return re.search("約?[0-9,]+件[^<]*", html.partition('<p class="paginator">')[2])[0].strip()

    def pages(self, query=""):
        """The titles of each page, from the first to the last that the list links to."""
        paginator = self.client.get(LIST + query).context["cl"].paginator
        sign = "&" if query else "?"
        lists = [self.client.get(f"{LIST}{query}{sign}p={number}").context["cl"] for number in paginator.page_range]
        return [[post.title for post in cl.result_list] for cl in lists]

    def test_counters_tell_the_true_number(self):
        author, section = make_author("私", "me", user=self.editor), make_category("部", "section")
        for number in range(4):
            make_post(author=author, category=section, at=datetime(2026, 4, 1 + number, tzinfo=UTC))
            make_post(at=datetime(2026, 3, 1, tzinfo=UTC))
        make_draft(author=author, category=section)
        make_unpublished(author=author, category=section, at=datetime(2026, 4, 30, tzinfo=UTC))
        make_scheduled(author=author, category=section)
        for query, number in {
            "": 11,
            "?state=published": 8,
            "?own=1": 7,
            f"?author__id__exact={author.pk}": 7,
            f"?category__id__exact={section.pk}": 7,
            f"?category__id__exact={section.pk}&state=published": 4,
            "?month=202604": 5,
            "?month=202604&state=published": 4,
        }.items():
            with self.subTest(query):
                assert self.shown(query) == f"{number}件"
                assert len(self.client.get(LIST + query).context["cl"].queryset) == number

    def test_writer_is_told_the_number_of_those_that_the_writer_sees(self):
        writer = make_user("writer", role=WRITER)
        author = make_author("書き手", "writer", user=writer)
        for _ in range(4):
            make_post()
            make_draft("伏せた記事")
        make_scheduled("伏せた予約")
        make_scheduled(author=author)
        make_draft(author=author)
        self.client.force_login(writer)
        assert self.shown() == "6件"

    def test_number_that_no_counter_tells_is_said_to_be_an_estimate(self):
        section = make_category("部", "section")
        for _ in range(4):
            make_draft()
        assert self.shown("?state=draft") == "約4件"
        self.assertContains(self.client.get(f"{LIST}?state=draft"), "（見積もり）")
        for _ in range(4):
            make_post(category=section)
        assert self.shown(f"?category__id__exact={section.pk}&author__id__exact={make_author().pk}").startswith("約")

    def test_filter_that_no_counter_knows_is_not_overlooked(self):
        for number in range(9):
            post = make_post(f"記事{number}", tags=["甲"] if number < 4 else [])
            if number < 4:
                post.title = "次の題"
                save_pending(post, by=self.editor, tags=["甲"], related=[], expected_version=post.version)
        assert self.shown() == "9件"
        for query in ("?tag=甲", "?mark=changes", "?state=published&tag=甲"):
            assert self.shown(query).startswith("約"), query

    def test_estimate_takes_the_rows_to_lie_as_close_as_the_newest_ones(self):
        sections = make_category("部", "section"), make_category()
        for number in range(60):
            make_draft(category=sections[number % 2])
        query = f"?state=draft&category__id__exact={sections[0].pk}"
        assert 27 <= self.client.get(LIST + query).context["cl"].paginator.count <= 33

    def test_every_article_stands_on_one_page_up_to_the_last(self):
        titles = [f"記事{number}" for number in range(9)]
        for number, title in enumerate(titles):
            make_post(title, at=datetime(2026, 4, 1 + number, tzinfo=UTC))
        newest = titles[::-1]
        expected = [newest[0:2], newest[2:4], newest[4:6], newest[6:8], newest[8:9]]
        for query in ("", "?state=published", "?month=202604"):
            with self.subTest(query):
                assert self.pages(query) == expected

    def test_last_page_of_an_estimated_list_ends_with_its_last_row(self):
        for number in range(40):
            make_draft(f"記事{number}")
        Post.objects.filter(title__in=[f"記事{number}" for number in range(1, 20)]).delete()  # far apart from the rest
        pages = self.pages("?state=draft")
        assert len(pages) > 11
        assert (pages[0], pages[-1][-1]) == (["記事39", "記事38"], "記事0")

    def test_last_page_is_read_from_the_end(self):
        for number in range(9):
            make_post(at=datetime(2026, 4, 1 + number, tzinfo=UTC))
        with CaptureQueriesContext(connection) as queries:
            self.client.get(f"{LIST}?p=5")
        rows = [query["sql"] for query in queries if '"blog_post"."excerpt"' in query["sql"]]
        assert len(rows) == 1
        assert "OFFSET" not in rows[0]

    @pytest.mark.sqlite
    def test_rows_are_counted_no_further_than_somebody_would_turn_the_pages(self):
        for _ in range(5):
            make_draft()
        with CaptureQueriesContext(connection) as queries:
            self.client.get(f"{LIST}?state=draft")
        counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
        assert counts
        assert all("LIMIT 4" in sql for sql in counts)

    def test_search_says_that_it_shows_the_best_only(self):
        for _ in range(5):
            make_draft("同じ題名")
        self.assertContains(self.client.get(f"{LIST}?q=同じ題名"), "3件以上。よく合うものだけを並べています。")
