"""The addresses of an article, in its form."""

import re

import pytest
from django.urls import reverse

from blog.editing.saving import add_alias, save_post
from tests.admin.desk import DeskCase
from tests.factories import make_post

# About what the desk shows of a path: PostgreSQL gets the same statements from other modules.
pytestmark = pytest.mark.sqlite


class LedgerTests(DeskCase):
    def paths(self, post):
        html = self.client.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()
        return re.findall(r"<li><code>(.*?)</code>(?: <span>(.*?)</span>)?</li>", html)

    def test_editor_sees_every_address_and_which_one_readers_get(self):
        post = make_post(slug="金利")
        add_alias(post, "/old/<address>/")
        post.slug = "利率"
        save_post(post)
        assert self.paths(post) == [
            ("/2026/04/01/利率/", "いまのURL"),
            ("/2026/04/01/金利/", "転送"),
            ("/old/&lt;address&gt;/", "転送"),
        ]

    def test_withdrawn_article_leads_nowhere(self):
        post = make_post(slug="a")
        add_alias(post, "/old/")
        post.unpublish()
        save_post(post)
        assert self.paths(post) == [("/2026/04/01/a/", "いまのURL"), ("/old/", "")]
        response = self.client.get(reverse("admin:blog_post_change", args=[post.pk]))
        self.assertContains(response, "どのURLも「ページが見つかりません」と答えます")
