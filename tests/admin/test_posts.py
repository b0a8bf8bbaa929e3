"""The list of articles, their related rows, and their deletion."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blog.admin.post.related import MAX_RELATED
from blog.editing.saving import add_alias, save_post
from blog.models import FrontPick, Permalink, Post, RelatedPost
from tests.admin.desk import DeskCase, errors_of, save, url_of, values_at
from tests.factories import (
    make_author,
    make_category,
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

    def test_filters_by_section_and_author(self):
        make_post("A", category=make_category("政策", "policy"))
        make_post("B", author=make_author("調査班", "research"))
        assert self.titles(f"?category__id__exact={make_category('政策', 'policy').pk}") == ["A"]
        assert self.titles(f"?author__id__exact={make_author('調査班', 'research').pk}") == ["B"]

    def test_newest_row_stands_first_dated_or_not(self):
        for make, title in ((make_draft, "1"), (make_post, "2"), (make_draft, "3")):
            make(title)
        assert self.titles() == ["3", "2", "1"]

    def queries_of(self, url):
        self.client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert self.client.get(url).status_code == 200
        return [query["sql"] for query in queries]

    def test_list_costs_the_same_whatever_its_length_and_loads_no_text(self):
        for number in range(3):
            make_post(author=make_author(f"著者{number}", f"author-{number}"), tags=[f"タグ{number}"])
        few = self.queries_of(LIST)
        for number in range(20):
            make_post(author=make_author(f"著者{number}", f"author-{number}"), tags=[f"タグ{number}"])
        many = self.queries_of(LIST)
        assert len(many) == len(few) <= 9
        for column in ("body", "body_html", "toc"):
            assert not any(f'"blog_post"."{column}"' in sql for sql in many)

    def test_autocompletion_loads_no_text(self):
        make_post("円安の行方")
        url = reverse("admin:autocomplete") + "?app_label=blog&model_name=post&field_name=pillar&term="
        sqls = self.queries_of(url + quote("円安"))
        assert json.loads(self.client.get(url + quote("円安")).content)["results"][0]["text"] == "円安の行方"
        assert not any('"blog_post"."body' in sql for sql in sqls)

    def test_fields_that_point_at_something_are_completed_as_one_types(self):
        html = self.client.get(url_of(Post, "add")).content.decode()
        for name in ("author", "category", "lead_image", "share_image", "pillar", "related_rows-__prefix__-target"):
            start = html.index(f'name="{name}"')
            assert "admin-autocomplete" in html[start : start + 700], name

    def test_form_costs_the_same_whatever_the_number_of_posts_and_loads_no_other_text(self):
        post = make_post(tags=["A"], pillar=make_post())
        few = self.queries_of(url_of(post))
        for _ in range(20):
            make_post(tags=["A"])
        many = self.queries_of(url_of(post))
        assert len(many) == len(few) <= 12
        assert sum('"blog_post"."body"' in sql for sql in many) == 1


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

    @pytest.mark.postgresql
    def test_new_post_can_have_related_posts_at_once(self):
        fields = related_fields((make_post("A"), "前提", ""))
        post = self.added(Post, title="新", author=make_author().pk, category=make_category().pk, **fields)
        assert self.chosen(post) == [("A", "前提")]

    def test_post_is_not_related_to_itself_nor_twice_to_another(self):
        post, other = make_post(), make_post()
        for rows in ([(post, "", "")], [(other, "", 1), (other, "", 2)]):
            response = save(self.client, url_of(post), **related_fields(*rows))
            assert response.status_code == 200
            assert not RelatedPost.objects.exists()

    def test_more_than_a_page_can_show_are_refused_and_cost_no_more(self):
        post, others = make_post(), [make_post() for _ in range(2 * MAX_RELATED)]
        data = {**values_at(self.client, url_of(post)), "title": "改題"}
        few, many = [(post, "", "") for post in others], [(others[0], "", "")] * 300
        for rows in (few[: MAX_RELATED + 1], few, many):
            with CaptureQueriesContext(connection) as queries:
                response = self.client.post(url_of(post), {**data, **related_fields(*rows)})
            self.assertContains(response, "関連記事は20件までです。")
            assert len(queries) < 30 + 2 * MAX_RELATED
            assert response.content.count(b"-reason") < 20 * MAX_RELATED
        response = self.client.post(url_of(post), {**data, **related_fields(), "related_rows-TOTAL_FORMS": 2_000})
        self.assertContains(response, "関連記事は20件までです。")
        assert self.chosen(post) == []

    def test_looking_up_many_costs_what_one_does(self):
        def cost(rows):
            data = {**values_at(self.client, url_of(make_post())), "title": "", **related_fields(*rows)}
            url = url_of(make_post())
            with CaptureQueriesContext(connection) as queries:
                self.client.post(url, data)
            return sum("WHERE" in query["sql"] for query in queries) - len(rows)  # each is shown by its title

        others = [(make_post(), "", "") for _ in range(MAX_RELATED)]
        assert cost(others[:1]) == cost(others)

    def test_what_an_import_brought_is_kept_however_much_it_is(self):
        post, others = make_post(), [make_post(f"第{number}") for number in range(MAX_RELATED + 5)]
        save_post(post, related=[(other, "") for other in others])
        post = self.saved(post, title="改題")
        assert [title for title, _ in self.chosen(post)] == [other.title for other in others]

    def test_history_says_what_was_changed(self):
        post = self.saved(make_post(), title="改題", **related_fields((make_post("A"), "", "")))
        response = self.client.get(url_of(post, "history"))
        self.assertContains(response, "タイトル")
        self.assertContains(response, "関連記事")


class AddressTests(DeskCase):
    def test_only_a_public_post_links_to_its_page(self):
        public = make_post(slug="日本語")
        assert self.client.get(url_of(public)).context["absolute_url"] == public.get_absolute_url()
        for post in (make_draft(), make_in_review(), make_scheduled(), make_unpublished()):
            assert not self.client.get(url_of(post)).context.get("absolute_url"), post.state

    def test_post_that_does_not_exist_leads_back_to_the_start(self):
        for key in ("999999", "abc", "1_5C", "9" * 30):
            response = self.client.get(reverse("admin:blog_post_change", args=[key]))
            assert response.status_code == 302, key


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

    def test_drafts_can_be_deleted_in_bulk(self):
        assert self.bulk_delete(make_draft(), make_scheduled(), post="yes").status_code == 302
        assert not Post.objects.exists()

    def test_writer_without_the_permission_deletes_nothing(self):
        self.client.force_login(make_user("writer", permissions=("view_post", "change_post")))
        draft = make_draft()
        assert self.client.post(url_of(draft, "delete"), {"post": "yes"}).status_code == 403
        self.bulk_delete(draft, post="yes")
        assert Post.objects.filter(pk=draft.pk).exists()


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

    def test_anonymous_is_sent_to_the_login(self):
        self.client.logout()
        for url in (LIST, url_of(make_draft()), url_of(Post, "add"), reverse("admin:index")):
            response = self.client.get(url)
            assert response.status_code == 302
            assert response["Location"].startswith(reverse("admin:login"))

    def test_form_is_kept_when_the_title_is_missing(self):
        data = {**values_at(self.client, url_of(Post, "add")), "title": "", "body": "長い本文"}
        response = self.client.post(url_of(Post, "add"), data)
        assert "title" in errors_of(response)
        self.assertContains(response, "長い本文")
