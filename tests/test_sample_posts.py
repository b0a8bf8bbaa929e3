"""The articles of load tests are true to what the site stores, and the same ones every time."""

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from blog.models import Category, Permalink, Post, Tag, TaggedPost
from blog.models.post.rendering import render_body
from blog.sample_posts import ImproperSample, create_sample_posts
from tests.factories import make_author, make_category

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


def test_ledger_holds_the_path_of_every_post_and_nothing_else() -> None:
    create_sample_posts(10, chars=100)
    assert {row.post_id: row.path for row in Permalink.objects.all()} == {
        post.pk: post.path for post in Post.objects.all()
    }


@pytest.mark.postgresql
def test_posts_come_oldest_first_over_ten_years() -> None:
    create_sample_posts(20, chars=100)
    days = list(Post.objects.order_by("pk").values_list("published_at", flat=True))
    assert days == sorted(days)
    assert (days[0].year, days[-1].year) == (2016, 2025)


@pytest.mark.postgresql
def test_commonest_tag_is_on_two_of_five_and_the_rest_thin_out() -> None:
    create_sample_posts(500, chars=100)
    shares = Counter(TaggedPost.objects.values_list("tag__name", flat=True)).most_common()
    assert shares[0][1] == 200
    assert shares[0][1] > shares[1][1] > 2 * shares[9][1] > 4 * shares[49][1]
    fewest = Post.objects.annotate(number=Count("tagged_posts")).order_by("number").first()
    assert fewest.number >= 1


@pytest.mark.postgresql
def test_other_seeds_add_posts_to_the_same_sections_and_tags() -> None:
    create_sample_posts(5, chars=100, seed=1)
    sections, tags = Category.objects.count(), Tag.objects.count()
    create_sample_posts(5, chars=100, seed=2)
    assert Post.objects.count() == Permalink.objects.count() == 10
    assert (Category.objects.count(), Tag.objects.count()) == (sections, tags)


def test_a_site_that_has_one_of_the_names_keeps_it() -> None:
    make_category("市場", slug="our-markets")
    make_author("わたしたち", slug="editors-1")
    create_sample_posts(5, chars=100)
    assert Category.objects.get(name="市場").slug == "our-markets"


def test_a_used_seed_is_refused_before_anything_is_written() -> None:
    create_sample_posts(1, chars=100, seed=5)
    with pytest.raises(ImproperSample, match="choose another seed"):
        create_sample_posts(3, chars=100, seed=5)
    assert Post.objects.count() == 1


def test_writing_twice_as_many_posts_takes_as_many_queries() -> None:
    create_sample_posts(1, chars=100, seed=1)  # sections, authors and tags are there
    number = 29 if connection.vendor == "postgresql" else 30  # SQLite's search index is a table of its own
    with assertNumQueries(number):
        create_sample_posts(5, chars=100, seed=2)
    with assertNumQueries(number):
        create_sample_posts(10, chars=100, seed=3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"count": 0}, "number of posts"),
        ({"count": -5}, "number of posts"),
        ({"count": 10**12}, "number of posts"),
        ({"count": 1, "chars": 0}, "length of a post"),
        ({"count": 1, "chars": 10**9}, "length of a post"),
        ({"count": 1, "seed": -1}, "seed must be"),
        ({"count": 1, "seed": 10**40}, "seed must be"),
    ],
)
def test_nonsense_is_refused_in_words(arguments: dict[str, int], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("create_sample_posts", **arguments)
    assert not Post.objects.exists()


def test_command_says_how_many_it_made() -> None:
    out = io.StringIO()
    call_command("create_sample_posts", count=2, chars=100, stdout=out)
    assert out.getvalue().startswith("2 posts in ")
