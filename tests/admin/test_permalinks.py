import pytest
from django.test import Client
from django.urls import reverse

from blog.models import Permalink
from tests.admin.desk import DeskCase, save, url_of
from tests.factories import make_category, make_page, make_post, make_unpublished, make_user

# About which paths are refused, in which words: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

LIST = reverse("admin:blog_permalink_changelist")


class PermalinkTests(DeskCase):
    def redirects(self):
        return dict(Permalink.objects.filter(post=None).values_list("path", "target"))

    def test_editor_adds_a_redirect(self):
        assert self.added(Permalink, path="/old/", target="/archive/").is_handmade
        assert self.redirects() == {"/old/": "/archive/"}
        response = Client().get("/old/?id=3")
        assert (response.status_code, response["Location"]) == (301, "/archive/?id=3")

    @pytest.mark.postgresql
    def test_address_copied_from_the_browser_is_taken_as_a_path(self):
        self.added(
            Permalink,
            path="http://127.0.0.1:8000/%E5%8F%A4%E3%81%84/",
            target="http://127.0.0.1:8000/tags/",
        )
        assert self.redirects() == {"/古い/": "/tags/"}

    def test_path_with_a_query_or_fragment_is_refused_in_words_and_not_cut(self):
        for path in ("/old?id=3", "/old/#top", "http://127.0.0.1:8000/old/?utm_source=x"):
            assert "「?」と「#」は使えません" in self.refused(Permalink, path=path, target="/tags/")["path"][0]
        assert self.redirects() == {}

    def test_target_that_shows_readers_nothing_is_refused(self):
        draft = make_unpublished()
        for target in (
            "/nowhere/",
            "/tags/none/",
            "/category/none/",
            draft.path,
            "/archive/?page=9",
            "/media/none.png",
        ):
            with self.subTest(target):
                assert "target" in self.refused(Permalink, path="/old/", target=target)
        words = self.refused(Permalink, path="/old/", target=draft.path)["target"][0]
        assert "読者が読めるページがありません" in words
        assert self.added(Permalink, path="/old/", target=make_post().path)

    def test_path_at_which_a_page_stands_is_refused(self):
        make_category(slug="latest")
        for path in ("/", "/feeds/", "/category/latest/", "/feeds/latest.xml", "/admin/"):
            self.refused(Permalink, path=path, target="/tags/")

    def test_redirect_that_leaves_the_site_or_goes_nowhere_is_refused(self):
        for target in (
            "https://evil.example/",
            "//evil.example/",
            "/%2Fevil.example/",
            "/%5Cevil.example/",
            "http://127.0.0.1:8000//evil.example/",
            "http://127.0.0.1:8000@evil.example/",
            "javascript:alert(1)",
            "/a\nb/",
            "/a\x00/",
            "about",
            "",
            "/old/",
            "/%6Fld/",
            "/" + "長" * 512,
        ):
            with self.subTest(target):
                assert self.refused(Permalink, path="/old/", target=target)
        assert self.redirects() == {}

    def test_target_that_leads_on_is_refused_with_where_it_leads(self):
        self.added(Permalink, path="/a/", target="/tags/")
        assert "「/tags/」" in self.refused(Permalink, path="/c/", target="/a/")["target"][0]

    def test_redirects_to_the_path_follow_it(self):
        page = make_page(path="/b/")
        self.added(Permalink, path="/a/", target="/b/")
        page.delete()
        self.added(Permalink, path="/b/", target="/tags/")
        assert self.redirects() == {"/a/": "/tags/", "/b/": "/tags/"}

    def test_redirect_that_an_editor_made_can_be_changed_in_both_paths(self):
        row = self.added(Permalink, path="/a/", target="/tags/")
        assert self.saved(row, target="/archive/", path="/x/").pk == row.pk
        assert self.redirects() == {"/x/": "/archive/"}
        other = self.added(Permalink, path="/y/", target="/tags/")
        assert self.refused(other, path="/x/")["path"] == ["このパスは、すでに登録されています。"]
        assert "target" in self.refused(row, target="/x/")
        assert "target" in self.refused(row, target="")

    def test_redirect_of_a_changed_address_keeps_its_path_and_only_its_target_is_corrected(self):
        row = Permalink.objects.lead("/a/", to="/b/")
        self.assertContains(self.client.get(url_of(row)), "変えられるのは転送先だけ")
        assert not self.saved(row, target="/tags/", path="/x/").is_handmade
        assert self.redirects() == {"/a/": "/tags/"}

    @pytest.mark.postgresql
    def test_editor_deletes_a_redirect_that_an_editor_made(self):
        row, more = (self.added(Permalink, path=path, target="/tags/") for path in ("/a/", "/b/"))
        assert self.client.post(url_of(row, "delete"), {"post": "yes"}).status_code == 302
        assert Client().get("/a/").status_code == 404
        self.delete_from_list(more)
        assert self.redirects() == {}

    @pytest.mark.postgresql
    def test_path_of_a_post_is_only_looked_at(self):
        row = make_post("記事").permalinks.get()
        response = self.client.get(url_of(row))
        self.assertContains(response, row.path)
        self.assertContains(response, "記事")
        self.assertNotContains(response, 'name="_save"')
        assert save(self.client, url_of(row), target="/x/").status_code == 403

    def delete_from_list(self, *rows):
        data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
        return self.client.post(LIST, data)

    @pytest.mark.postgresql
    def test_nobody_deletes_a_path_that_was_an_address(self):
        self.client.force_login(make_user("chief", is_superuser=True))
        make_post()
        Permalink.objects.create(path="/a/", target="/b/")
        for row in Permalink.objects.all():
            assert self.client.post(url_of(row, "delete"), {"post": "yes"}).status_code == 403
        handmade = self.added(Permalink, path="/b/", target="/tags/")
        self.assertContains(self.delete_from_list(*Permalink.objects.all()), "「/a/」（記事のパーマリンクと")
        assert Permalink.objects.count() == 3
        self.delete_from_list(handmade)
        assert Permalink.objects.count() == 2

    def test_list_tells_paths_of_posts_from_redirects(self):
        row = make_post("記事").permalinks.get()
        redirect = Permalink.objects.create(path="/a/", target="/b/")
        handmade = self.added(Permalink, path="/b/", target="/tags/")
        for query, expected, kind in (
            ("", [redirect, handmade], "すべての転送"),
            ("?kind=handmade", [handmade], '<td class="field-kind">編集者が作った転送</td>'),
            ("?kind=left", [redirect], '<td class="field-kind">前のURLからの転送</td>'),
            ("?kind=post", [row], '<td class="field-kind">記事のパーマリンク</td>'),
        ):
            response = self.client.get(LIST + query)
            assert list(response.context["cl"].result_list) == expected
            self.assertContains(response, kind)
        self.assertContains(self.client.get(f"{LIST}?kind=post"), "記事「記事」")
