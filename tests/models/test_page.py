import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import TestCase

from blog.editing.saving import add_alias
from blog.models import Page
from blog.queries.menus import menus
from tests.factories import make_page, make_post


class PageTests(TestCase):
    def test_path_that_a_route_owns_is_refused(self):
        for path in ("/admin/", "/tags/about/", "/feeds/", "/media/x/", "/2026/", "/search/", "/static/x/"):
            with pytest.raises(ValidationError):
                Page(path=path, title="題").full_clean()

    def test_path_in_another_spelling_is_refused(self):
        for path in ("about", "/about", "/About/", "//about/", "/a//b/", "/", "/../etc/", "/a b/", "/a\x00/"):
            with pytest.raises(ValidationError):
                Page(path=path, title="題").full_clean()

    def test_path_that_belongs_to_a_post_is_refused(self):
        add_alias(make_post(), "/old-report/")
        with pytest.raises(ValidationError) as caught:
            Page(path="/old-report/", title="題").full_clean()
        assert "path" in caught.value.message_dict

    def test_updated_at_moves_only_with_what_a_reader_notices(self):
        with time_machine.travel("2026-05-01T00:00:00Z", tick=False):
            page = make_page()
            before = page.updated_at
        page.footer_position = 3
        page.save()
        assert Page.objects.get().updated_at == before
        page.body = "新しい本文です。"
        page.save()
        assert Page.objects.get().updated_at > before

    def test_footer_lists_published_pages_in_their_order(self):
        make_page("/b/", footer_position=2)
        make_page("/a/", footer_position=1)
        make_page("/c/", footer_position=0, is_published=False)
        make_page("/d/")
        assert [item.url for item in menus().footer] == ["/a/", "/b/"]
