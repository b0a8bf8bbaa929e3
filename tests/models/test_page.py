import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase

from blog.models import Page
from tests.factories import make_page


class PageTests(TestCase):
    def test_body_is_rendered_by_the_sites_renderer(self):
        assert "<script" not in make_page(body="**太字** <script>alert(1)</script>").body_html

    def test_path_that_a_route_owns_is_refused(self):
        for path in ("/admin/", "/tags/about/", "/feeds/", "/media/x/", "/2026/", "/search/", "/static/x/"):
            with pytest.raises(ValidationError):
                Page(path=path, title="題").full_clean()

    def test_path_in_another_spelling_is_refused(self):
        for path in ("about", "/about", "/About/", "//about/", "/a//b/", "/", "/../etc/", "/a b/", "/a\x00/"):
            with pytest.raises(ValidationError):
                Page(path=path, title="題").full_clean()

    def test_japanese_and_nested_paths_are_fine(self):
        for path in ("/運営会社/", "/company/privacy/"):
            assert make_page(path=path).get_absolute_url().endswith("/")

    def test_footer_lists_published_pages_in_their_order(self):
        make_page("/b/", footer_position=2)
        make_page("/a/", footer_position=1)
        make_page("/c/", footer_position=0, is_published=False)
        make_page("/d/")
        assert [page.path for page in Page.objects.for_footer()] == ["/a/", "/b/"]
