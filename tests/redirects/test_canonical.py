"""An article that names another page of this site as its original names that page where it is now."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings

from blog.editing.saving import save_post
from blog.models import Post
from blog.redirects.canonical import canonical_url
from tests.factories import PUBLISHED_AT, make_post

# About spellings of an address: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORMS = ("", "tate/", "index.md")


@pytest.fixture
def original():
    return make_post(slug="金利", at=PUBLISHED_AT - timedelta(days=1))


def move(post, slug):
    post.slug = slug
    save_post(post)


@pytest.mark.parametrize("spell", [str, quote, lambda path: settings.SITE_URL + quote(path)])
def test_original_that_moved_is_named_where_it_is(client, original, spell):
    named = spell(original.path)
    post = make_post(canonical_url=named)
    move(original, "moved")
    there = f"{settings.SITE_URL}/2026/03/31/moved/"
    for form in FORMS:
        assert there in client.get(f"{post.get_absolute_url()}{form}").text, form
    assert f'<{there}>; rel="canonical"' in client.get(f"{post.get_absolute_url()}index.md")["Link"]
    assert Post.objects.get(pk=post.pk).canonical_url == named


@pytest.mark.parametrize("path", ["/", "/about/", "/category/markets/", "/nowhere/", "https://first.example/a/?x=1"])
def test_page_that_is_there_or_nowhere_is_named_as_it_was_written(path):
    post = make_post(canonical_url=path)
    assert canonical_url(post) == (path if path.startswith("https") else settings.SITE_URL + path)
