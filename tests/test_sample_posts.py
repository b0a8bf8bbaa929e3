"""The articles of load tests are true to what the site stores, and the same ones every time."""

import pytest

from blog.models import Post, TaggedPost
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


def test_a_used_seed_is_refused_before_anything_is_written() -> None:
    create_sample_posts(1, chars=100, seed=5)
    with pytest.raises(ImproperSample, match="choose another seed"):
        create_sample_posts(3, chars=100, seed=5)
    assert Post.objects.count() == 1
