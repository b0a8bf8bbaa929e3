"""The articles of load tests are true to what the site stores, and the same ones every time."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from blog.models import Post, TaggedPost
from blog.models.post.rendering import render_body
from blog.sample_posts import ImproperSample, create_sample_posts

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SHAPE = ("title", "slug", "published_at", "url_date", "guid", "body", "author__name", "category__name")


def contents() -> list[tuple]:
    tags = [list(post.tagged_posts.values_list("tag__name", flat=True)) for post in Post.objects.order_by("guid")]
    return [*Post.objects.order_by("guid").values_list(*SHAPE), *map(tuple, tags)]


@pytest.mark.postgresql
def test_same_seed_makes_same_posts_and_another_seed_others() -> None:
    create_sample_posts(12, chars=200, seed=3)
    first = contents()
    TaggedPost.objects.all().delete()
    Post.objects.all().delete()
    create_sample_posts(12, chars=200, seed=3)
    assert contents() == first
    Post.objects.all().delete()
    create_sample_posts(12, chars=200, seed=4)
    assert not {post.body for post in Post.objects.all()} & {row[5] for row in first[:12]}


@pytest.mark.postgresql
def test_posts_answer_as_published_from_their_path_and_every_list() -> None:
    create_sample_posts(8, chars=200)
    client = Client()
    assert Post.objects.published().count() == 8
    for post in Post.objects.all():
        assert post.title in client.get(post.get_absolute_url()).content.decode()
    for name in ("home", "archive_index", "tag_list", "feed"):
        assert client.get(reverse(f"blog:{name}")).status_code == 200


def test_posts_are_valid_and_rendered_as_a_save_would() -> None:
    create_sample_posts(6, chars=600)
    for post in Post.objects.all():
        post.full_clean()
        assert 600 <= len(post.body) <= 850
        rendered = render_body(post.body)
        assert (post.body_html, post.toc) == (rendered.html, rendered.toc)
        assert post.toc
        assert post.updated_at == post.published_at
        stored = {name: getattr(post, name) for name in ("reading_minutes", "url_date", "updated_at", "body_html")}
        post.save()
        assert {name: getattr(post, name) for name in stored} == stored


def test_a_used_seed_is_refused_before_anything_is_written() -> None:
    create_sample_posts(1, chars=100, seed=5)
    with pytest.raises(ImproperSample, match="choose another seed"):
        create_sample_posts(3, chars=100, seed=5)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("arguments", [{"count": 0}, {"count": 10**6}, {"count": 1, "chars": 0}])
def test_nonsense_is_refused_in_words(arguments: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="posts of"):
        call_command("create_sample_posts", **arguments)
    assert not Post.objects.exists()


def test_command_says_how_many_it_made() -> None:
    out = io.StringIO()
    call_command("create_sample_posts", count=2, chars=100, stdout=out)
    assert out.getvalue().startswith("2 posts in ")
