"""Authors, sections, tags and pages: old addresses redirect, and rows in use are not deleted."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.models import Author, Category, Page, Permalink, Tag
from tests.admin.desk import DeskCase, url_of
from tests.factories import make_author, make_category, make_draft, make_page, make_post

pytestmark = pytest.mark.sqlite


class ListsTests(DeskCase):
    def test_list_counts_posts_in_any_state_at_constant_cost(self):
        make_post(tags=["A", "B"])
        make_draft(tags=["A"])
        for model, expected in ((Author, {"編集部": 2}), (Category, {"市場": 2}), (Tag, {"A": 2, "B": 1})):
            url = url_of(model, "changelist")
            rows = self.client.get(url).context["cl"].result_list
            assert {row.name: row.post_count for row in rows if row.name in expected} == expected
            with CaptureQueriesContext(connection) as few:
                self.client.get(url)
            for number in range(5):
                name = f"{model.__name__}{number}"
                make_post(
                    author=make_author(name, name.lower()), category=make_category(name, name.lower()), tags=[name]
                )
            with CaptureQueriesContext(connection) as many:
                self.client.get(url)
            assert len(few) == len(many) <= 7

    def test_box_of_a_row_sends_its_key_and_is_named_after_it(self):
        author = make_author('書き手の"甲" <b>')
        (box,) = re.findall(
            '<input type="checkbox" name[^>]*>', self.client.get(url_of(Author, "changelist")).content.decode()
        )
        assert f'name="_selected_action" value="{author.pk}"' in box
        assert 'aria-label="「書き手の&quot;甲&quot; &lt;b&gt;」を選ぶ"' in box

    def test_editor_s_list_of_tags_counts_without_a_look_at_the_posts(self):
        with CaptureQueriesContext(connection) as queries:
            self.client.get(url_of(Tag, "changelist"))
        assert not any('"blog_post"' in query["sql"] for query in queries)

    @pytest.mark.postgresql
    def test_renamed_address_leads_to_the_new_one_with_its_feed(self):
        make_post(tags=["旧"])
        for model, old, new in (
            (Author, "/authors/editors/", "/authors/new/"),
            (Category, "/category/markets/", "/category/new/"),
            (Tag, "/tags/旧/", "/tags/new/"),
        ):
            confirmed = {"confirmed": "旧 /tags/new/"} if model is Tag else {}
            self.saved(model.objects.get(), slug="new", **confirmed)
            assert Permalink.objects.get(path=old).target == new
        assert Permalink.objects.filter(path__contains="feed").count() == 3

    @pytest.mark.postgresql
    def test_saving_without_a_change_adds_no_redirect(self):
        make_post(tags=["旧"])
        for model in (Author, Category, Tag):
            self.saved(model.objects.get())
        self.saved(make_page())
        assert not Permalink.objects.filter(post=None).exists()

    def test_address_that_is_taken_or_misspelt_is_refused(self):
        author = make_author("調査班", "research")
        make_author()
        for slug in ("editors", "Research Team", "a/b", "..", "", "長" * 101):
            with self.subTest(slug):
                assert "slug" in self.refused(author, slug=slug)

    @pytest.mark.postgresql
    def test_what_posts_use_is_not_deleted_and_the_refusal_names_them(self):
        post = make_post("使っている記事", tags=["A"])
        for obj in (post.author, post.category, post.tag_list[0]):
            for data in ({}, {"post": "yes"}):
                response = self.client.post(url_of(obj, "delete"), data)
                self.assertContains(response, f"「{obj}」は削除できません。")
                self.assertContains(response, f'「<a href="{url_of(post)}">使っている記事</a>」')
            bulk = {"action": "delete_selected", "_selected_action": [obj.pk], "post": "yes"}
            self.assertContains(self.client.post(url_of(type(obj), "changelist"), bulk), "使っている記事")
            assert type(obj).objects.filter(pk=obj.pk).exists()

    def test_refusal_names_some_of_many(self):
        for _ in range(25):
            make_post()
        response = self.client.post(url_of(Author.objects.get(), "delete"))
        assert response.content.decode().count("記事「<a") == 20
        self.assertContains(response, "ほかにもあります。")

    @pytest.mark.postgresql
    def test_what_nothing_uses_can_be_deleted(self):
        for obj in (make_author(), make_category(), Tag.objects.create(name="A", slug="a"), make_page()):
            assert self.client.post(url_of(obj, "delete"), {"post": "yes"}).status_code == 302
            assert not type(obj).objects.exists()


class TagTests(DeskCase):
    def test_address_of_a_new_tag_is_made_from_its_name(self):
        assert self.added(Tag, name="C++").slug == "cplusplus"
        assert self.added(Tag, name="！！").slug

    def test_emptied_address_of_a_known_tag_stays(self):
        tag = self.added(Tag, name="生成AI")
        assert self.saved(tag, name="生成エーアイ", slug="").slug == tag.slug

    def test_name_with_a_comma_is_refused_because_it_would_be_split(self):
        for name in ("A,B", "A、B", "A，B", "、", "　"):
            with self.subTest(name):
                assert "name" in self.refused(Tag, name=name)

    def test_name_gets_the_spelling_that_writers_tags_get(self):
        assert self.added(Tag, name="ＡＩ　倫理").name == "AI 倫理"

    def test_known_name_is_refused(self):
        Tag.objects.create(name="AI", slug="ai")
        for name in ("AI", "ＡＩ"):
            with self.subTest(name):
                assert "name" in self.refused(Tag, name=name)


class PageTests(DeskCase):
    def test_untouched_page_is_saved_to_the_byte(self):
        page = make_page(body="\n\n 本文\r\n次 \n", description="二行の\n説明 ")
        before = Page.objects.values("body", "body_html", "description").get()
        self.saved(page)
        assert Page.objects.values("body", "body_html", "description").get() == before

    def test_moved_page_leads_on(self):
        self.saved(make_page(path="/about/"), path="/company/about/", confirmed_path="/company/about/")
        assert Permalink.objects.get(path="/about/").target == "/company/about/"

    def test_path_of_another_part_of_the_site_is_refused(self):
        for path in ("/admin/", "/tags/x/", "/2026/", "about", "//evil.example/", "/../", "/a b/", "/A/", "/"):
            with self.subTest(path):
                assert "path" in self.refused(Page, title="頁", path=path)

    @pytest.mark.postgresql
    def test_filter_offers_the_words_of_the_column(self):
        public, hidden = make_page(), make_page("/hidden/", is_published=False)
        page = self.client.get(url_of(Page, "changelist"))
        for words in ("?is_published__exact=1", "?is_published__exact=0", "非公開"):
            self.assertContains(page, words)
        self.assertNotContains(page, "いいえ")
        for value, row in (("1", public), ("0", hidden)):
            found = self.client.get(url_of(Page, "changelist"), {"is_published__exact": value}).context["cl"].queryset
            assert list(found) == [row]

    def test_only_a_published_page_links_to_itself(self):
        assert self.client.get(url_of(make_page())).context["absolute_url"] == "/about/"
        hidden = make_page(path="/hidden/", is_published=False)
        assert not self.client.get(url_of(hidden)).context.get("absolute_url")

    def test_list_loads_no_rendered_text(self):
        make_page()
        with CaptureQueriesContext(connection) as queries:
            self.client.get(reverse("admin:blog_page_changelist"))
        assert not any("body_html" in query["sql"] for query in queries)
