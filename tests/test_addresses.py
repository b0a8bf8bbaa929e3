"""Addresses: what becomes of a path that is to be read outside the site."""

from datetime import date

import pytest
from django.test import override_settings
from django.urls import reverse

from blog.addresses import absolute_url, address, article_address, edition_path


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", "https://www.example.jp/"),
        ("/金利/", "https://www.example.jp/%E9%87%91%E5%88%A9/"),
        ("/100%25/?q=%26&page=2#節", "https://www.example.jp/100%25/?q=%26&page=2#%E7%AF%80"),
        ("https://media.example/a.png", "https://media.example/a.png"),
    ],
)
def test_absolute_url(path, address):
    with override_settings(SITE_URL="https://www.example.jp"):
        assert absolute_url(path) == address


@pytest.mark.parametrize("slug", ["a-2", "金利", "c++", "100%25", "a:b@c~d!$&'()*,;=", "«»é", "a b"])
def test_paths_of_articles_and_editions_are_those_of_their_routes(slug):
    day = date(2026, 4, 1)
    assert article_address(day, slug) == reverse("blog:post_detail", args=[2026, 4, 1, slug])
    assert edition_path(day) == reverse("blog:archive_day", args=[2026, 4, 1])
    assert address("tag_detail", slug) == reverse("blog:tag_detail", args=[slug])
