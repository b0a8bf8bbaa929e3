"""The filters, the order and the counts of the list of articles."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from blog.editing.pending import save_pending
from blog.editing.permissions import WRITER
from blog.editing.saving import save_post
from blog.models import PostFinding
from blog.text.desk import ERRORS
from tests.admin.desk import DeskCase
from tests.factories import (
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
    def test_month_is_that_of_the_address(self):
        make_draft("下書き")
        make_post("三月末", at=datetime(2026, 3, 31, 14, 59, tzinfo=UTC))
        make_post("四月", at=datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
        make_unpublished("取り下げ", at=datetime(2026, 4, 30, tzinfo=UTC))
        assert self.titles("?month=202603") == ["三月末"]
        assert self.titles("?month=202604") == ["取り下げ", "四月"]
        response = self.client.get(LIST + "?month=202604")
        self.assertContains(response, '<option value="202604" selected>2026年4月</option>', html=True)

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

    def test_writer_is_not_told_of_the_history_of_others(self):
        post = make_post("他人の記事", body="# 😀の見出し\n")
        post.title = "控えた題"
        save_pending(post, by=self.editor, tags=[], related=[], expected_version=post.version)
        self.client.force_login(make_user("writer", role=WRITER))
        assert self.titles("?mark=changes") == self.titles("?mark=findings") == []

    def test_tag_of_a_hidden_article_finds_nothing_for_a_writer(self):
        make_draft("伏せた記事", tags=["極秘"])
        self.client.force_login(make_user("writer", role=WRITER))
        assert self.titles("?tag=極秘") == []
