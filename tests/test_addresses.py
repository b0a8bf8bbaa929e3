"""Addresses: what becomes of a path that is to be read outside the site."""

import pytest
from django.test import override_settings

from blog.addresses import absolute_url


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("", "https://www.example.jp/"),
        ("/", "https://www.example.jp/"),
        ("/金利/", "https://www.example.jp/%E9%87%91%E5%88%A9/"),
        ("/%E9%87%91%E5%88%A9/", "https://www.example.jp/%E9%87%91%E5%88%A9/"),
        ("/100%25/?q=%26&page=2#節", "https://www.example.jp/100%25/?q=%26&page=2#%E7%AF%80"),
        ("https://media.example/a.png", "https://media.example/a.png"),
    ],
)
def test_absolute_url(path, address):
    with override_settings(SITE_URL="https://www.example.jp"):
        assert absolute_url(path) == address
