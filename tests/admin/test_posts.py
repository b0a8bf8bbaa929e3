"""The list of articles, their related rows, and their deletion."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blog.editing.saving import add_alias
from blog.models import FrontPick, Permalink, Post, RelatedPost
from tests.admin.desk import DeskCase, save, url_of
from tests.factories import (
    make_author,
    make_draft,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

pytestmark = pytest.mark.sqlite

LIST = reverse("admin:blog_post_changelist")


def related_fields(*rows, initial=0):
    """The fields of the inline for rows of (target, reason, position)."""
    data = {"related_rows-TOTAL_FORMS": len(rows), "related_rows-INITIAL_FORMS": initial}
    for number, (target, reason, position) in enumerate(rows):
        data |= {
            f"related_rows-{number}-target": target.pk,
            f"related_rows-{number}-reason": reason,
            f"related_rows-{number}-position": position,
        }
    return data


class ListTests(DeskCase):
    def titles(self, query=""):
        response = self.client.get(LIST + query)
        assert response.status_code == 200
        return [post.title for post in response.context["cl"].result_list]

    def test_list_says_the_state_and_the_time_in_japan(self):
        make_post("公開中")
        with time_machine.travel(timezone.now()):
            make_scheduled("予約中", after=timedelta(days=1))
        make_draft("書きかけ")
        make_in_review("確認待ち中")
        make_unpublished("引いたもの")
        response = self.client.get(LIST)
        for words in ("下書き", "確認待ち", "予約", "公開", "取り下げ"):
            self.assertContains(response, f'<td class="field-state">{words}</td>')
        self.assertContains(response, "2026/04/01 12:00")

    def test_filter_finds_each_state(self):
        makers = {
            "draft": make_draft,
            "in_review": make_in_review,
            "scheduled": make_scheduled,
            "published": make_post,
            "withdrawn": make_unpublished,
        }
        for state, make in makers.items():
            make(state)
        for state in makers:
            assert self.titles(f"?state={state}") == [state]

    def queries_of(self, url):
        self.client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert self.client.get(url).status_code == 200
        return [query["sql"] for query in queries]

    def test_list_costs_the_same_whatever_its_length_and_loads_no_text(self):
        for number in range(3):
            make_post(author=make_author(f"著者{number}", f"author-{number}"), tags=[f"タグ{number}"])
        few = self.queries_of(LIST)
        for number in range(20):
            make_post(author=make_author(f"著者{number}", f"author-{number}"), tags=[f"タグ{number}"])
        many = self.queries_of(LIST)
        assert len(many) == len(few)
        for column in ("body", "body_html", "toc"):
            assert not any(f'"blog_post"."{column}"' in sql for sql in many)


class RelatedPostsTests(DeskCase):
    def chosen(self, post):
        return [(row.target.title, row.reason) for row in post.related_rows.select_related("target")]

    def test_related_posts_stand_in_the_order_of_their_numbers(self):
        a, b, c = make_post("A"), make_post("B"), make_post("C")
        post = self.saved(make_post(), **related_fields((a, "", ""), (b, "前提", 2), (c, "続き", 1)))
        assert self.chosen(post) == [("C", "続き"), ("B", "前提"), ("A", "")]

    def test_related_post_can_be_moved_and_taken_away(self):
        post, a, b = make_post(), make_post("A"), make_post("B")
        post = self.saved(post, **related_fields((a, "", 1), (b, "", 2)))
        post = self.saved(post, **{"related_rows-0-position": 3})
        assert self.chosen(post) == [("B", ""), ("A", "")]
        post = self.saved(post, **{"related_rows-0-DELETE": "on"})
        assert self.chosen(post) == [("A", "")]

    def test_post_is_not_related_to_itself_nor_twice_to_another(self):
        post, other = make_post(), make_post()
        for rows in ([(post, "", "")], [(other, "", 1), (other, "", 2)]):
            response = save(self.client, url_of(post), **related_fields(*rows))
            assert response.status_code == 200
            assert not RelatedPost.objects.exists()


class AddressTests(DeskCase):
    def test_only_a_public_post_links_to_its_page(self):
        public = make_post(slug="日本語")
        assert self.client.get(url_of(public)).context["absolute_url"] == public.get_absolute_url()
        for post in (make_draft(), make_in_review(), make_scheduled(), make_unpublished()):
            assert not self.client.get(url_of(post)).context.get("absolute_url"), post.state


class DeleteTests(DeskCase):
    def bulk_delete(self, *posts, **more):
        data = {"action": "delete_selected", "_selected_action": [post.pk for post in posts], **more}
        return self.client.post(LIST, data)

    def test_post_that_was_ever_public_cannot_be_deleted(self):
        for post in (make_post(), make_unpublished()):
            assert self.client.get(url_of(post, "delete")).status_code == 403
            assert self.client.post(url_of(post, "delete"), {"post": "yes"}).status_code == 403
            self.assertNotContains(self.client.get(url_of(post)), url_of(post, "delete"))

    def test_bulk_delete_with_a_public_post_deletes_nothing_and_says_why(self):
        draft, public = make_draft("書きかけ"), make_post("公開中")
        for more in ({}, {"post": "yes"}):
            response = self.bulk_delete(draft, public, **more)
            self.assertContains(response, "「公開中」（公開したことのある記事は、削除せずに取り下げてください）")
        assert Post.objects.count() == 2

    def test_draft_can_be_deleted_with_what_hangs_on_it(self):
        draft = make_draft(tags=["A"])
        add_alias(draft, "/2026/01/01/imported/")
        FrontPick.objects.create(post=draft)  # from when it was scheduled
        make_post().related_rows.create(target=draft)
        self.assertContains(self.client.get(url_of(draft, "delete")), 'name="post"')
        assert self.client.post(url_of(draft, "delete"), {"post": "yes"}).status_code == 302
        assert not Post.objects.filter(pk=draft.pk).exists()
        assert not Permalink.objects.filter(path="/2026/01/01/imported/").exists()


class PermissionTests(DeskCase):
    def test_somebody_who_may_only_look_reads_the_post_and_saves_nothing(self):
        self.client.force_login(make_user("reader", permissions=("view_post",)))
        post = make_post("公開中", body="本文です。", tags=["A"])
        response = self.client.get(url_of(post))
        self.assertContains(response, "本文です。")
        self.assertContains(response, "公開")
        self.assertNotContains(response, "None")
        self.assertNotContains(response, "Tag names")
        self.assertNotContains(response, 'name="_save"')
        assert self.client.post(url_of(post), {"title": "改題"}).status_code == 403
        assert self.client.get(url_of(Post, "add")).status_code == 403
