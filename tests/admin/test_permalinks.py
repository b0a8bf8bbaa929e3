from django.urls import reverse

from blog.models import Permalink
from tests.admin.desk import DeskCase, save, url_of
from tests.factories import make_category, make_page, make_post, make_user

LIST = reverse("admin:blog_permalink_changelist")


class PermalinkTests(DeskCase):
    def redirects(self):
        return dict(Permalink.objects.filter(post=None).values_list("path", "target"))

    def test_editor_adds_a_redirect(self):
        self.added(Permalink, path="/old/", target="/about/")
        assert self.redirects() == {"/old/": "/about/"}

    def test_address_copied_from_the_browser_is_taken_as_a_path(self):
        self.added(
            Permalink,
            path="http://127.0.0.1:8000/%E5%8F%A4%E3%81%84/?utm_source=x",
            target="http://127.0.0.1:8000/tags/ai/",
        )
        assert self.redirects() == {"/古い/": "/tags/ai/"}

    def test_target_with_a_query_or_fragment_is_refused_and_not_cut(self):
        for target in ("/search/?q=AI", "/tags/#top"):
            self.refused(Permalink, path="/古い/", target=target)

    def test_path_at_which_a_page_stands_is_refused(self):
        make_category(slug="latest")
        for path in ("/", "/feeds/", "/category/latest/", "/feeds/latest.xml", "/2026/", "/admin/"):
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

    def test_path_that_shows_something_is_refused(self):
        post, page = make_post(), make_page()
        for path in (post.path, page.path):
            with self.subTest(path):
                assert "path" in self.refused(Permalink, path=path, target="/archive/")

    def test_target_that_leads_on_is_refused_with_where_it_leads(self):
        self.added(Permalink, path="/a/", target="/b/")
        assert "/b/" in self.refused(Permalink, path="/c/", target="/a/")["target"][0]

    def test_redirects_to_the_path_follow_it(self):
        self.added(Permalink, path="/a/", target="/b/")
        self.added(Permalink, path="/b/", target="/c/")
        assert self.redirects() == {"/a/": "/c/", "/b/": "/c/"}

    def test_wrong_target_can_be_corrected_and_the_path_cannot(self):
        row = self.added(Permalink, path="/a/", target="/b/")
        self.saved(row, target="/c/", path="/x/")
        assert self.redirects() == {"/a/": "/c/"}
        assert "target" in self.refused(row, target="/a/")
        assert "target" in self.refused(row, target="")

    def test_path_of_a_post_is_only_looked_at(self):
        row = make_post("記事").permalinks.get()
        response = self.client.get(url_of(row))
        self.assertContains(response, row.path)
        self.assertContains(response, "記事")
        self.assertNotContains(response, 'name="_save"')
        assert save(self.client, url_of(row), target="/x/").status_code == 403

    def test_nobody_deletes_a_path(self):
        self.client.force_login(make_user("chief", is_superuser=True))
        make_post()
        Permalink.objects.create(path="/a/", target="/b/")
        for row in Permalink.objects.all():
            assert self.client.post(url_of(row, "delete"), {"post": "yes"}).status_code == 403
        response = self.client.get(LIST)
        self.assertNotContains(response, "delete_selected")
        data = {"action": "delete_selected", "_selected_action": [row.pk for row in Permalink.objects.all()]}
        self.client.post(LIST, {**data, "post": "yes"})
        assert Permalink.objects.count() == 2

    def test_list_tells_paths_of_posts_from_redirects(self):
        row = make_post("記事").permalinks.get()
        redirect = Permalink.objects.create(path="/a/", target="/b/")
        for kind, expected in (("post", [row]), ("redirect", [redirect])):
            assert list(self.client.get(f"{LIST}?kind={kind}").context["cl"].result_list) == [expected[0]]
        self.assertContains(self.client.get(LIST), "記事「記事」")

    def test_list_costs_the_same_whatever_its_length_and_loads_no_text(self):
        make_post()
        with self.assertNumQueries(6):
            self.client.get(LIST)
        for _ in range(10):
            make_post()
        with self.assertNumQueries(6):
            self.client.get(LIST)
