"""Authors, sections, tags and pages: old addresses redirect, and rows in use are not deleted."""

import re

import pytest

from blog.models import Author, Category, Page, Permalink, Tag
from tests.admin.desk import DeskCase, url_of
from tests.factories import make_author, make_category, make_page, make_post

pytestmark = pytest.mark.sqlite


class ListsTests(DeskCase):
    def test_box_of_a_row_sends_its_key_and_is_named_after_it(self):
        author = make_author('書き手の"甲" <b>')
        (box,) = re.findall(
            '<input type="checkbox" name[^>]*>', self.client.get(url_of(Author, "changelist")).content.decode()
        )
        assert f'name="_selected_action" value="{author.pk}"' in box
        assert 'aria-label="「書き手の&quot;甲&quot; &lt;b&gt;」を選ぶ"' in box

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

    @pytest.mark.postgresql
    def test_what_nothing_uses_can_be_deleted(self):
        for obj in (make_author(), make_category(), Tag.objects.create(name="A", slug="a"), make_page()):
            assert self.client.post(url_of(obj, "delete"), {"post": "yes"}).status_code == 302
            assert not type(obj).objects.exists()


class TagTests(DeskCase):
    def test_address_of_a_new_tag_is_made_from_its_name(self):
        assert self.added(Tag, name="C++").slug == "cplusplus"
        assert self.added(Tag, name="！！").slug

    def test_name_with_a_comma_is_refused_because_it_would_be_split(self):
        for name in ("A,B", "A、B", "A，B", "、", "　"):
            with self.subTest(name):
                assert "name" in self.refused(Tag, name=name)

    def test_known_name_is_refused(self):
        Tag.objects.create(name="AI", slug="ai")
        for name in ("AI", "ＡＩ"):
            with self.subTest(name):
                assert "name" in self.refused(Tag, name=name)


class PageTests(DeskCase):
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
