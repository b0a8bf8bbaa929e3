"""Lists hold the public posts, in their order, and no row but the post's own says which these are."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from blog.models import Post, Tag
from blog.queries.post_list import all_posts, days_in_use, months_in_use, posts_of, posts_of_days
from blog.queries.tags import related_tags, tag_index
from tests.factories import (
    PUBLISHED_AT,
    make_draft,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
)

pytestmark = pytest.mark.django_db
HIDDEN = (make_draft, make_in_review, make_scheduled, make_unpublished)


def lists_of(post):
    """Every list that the post is in."""
    return [all_posts(), *map(posts_of, (post.category, post.author, *post.tag_list))]


def test_every_list_has_the_public_posts_newest_first():
    posts = [make_post(at=PUBLISHED_AT - timedelta(hours=hours), tags=["甲"]) for hours in (1, 0, 3, 2)]
    for make in HIDDEN:
        make(tags=["甲"])
    for found in lists_of(posts[0]):
        assert (found.count(), found[:10]) == (4, [posts[1], posts[0], posts[3], posts[2]])
        assert found[1:3] == [posts[0], posts[3]]


def test_article_withdrawn_by_a_plain_save_is_in_no_list_of_its_tags(client):
    """A copy of its date beside each tag showed it there on."""
    post = make_post("取り下げる記事", tags=["甲"])
    make_post(tags=["甲"])
    post.unpublish()
    post.save()
    for path in ("/tags/甲/", "/tags/甲/feed.xml", "/tags/"):
        assert "取り下げる記事" not in client.get(path).text
    [section] = tag_index().sections
    assert [tag.post_count for tag in section.tags] == [1]
    assert posts_of(Tag.objects.get()).count() == 1


def test_scheduled_post_is_in_its_lists_from_its_minute_on(time_machine):
    time_machine.move_to(PUBLISHED_AT, tick=False)
    post = make_scheduled(after=timedelta(hours=1), tags=["甲"])
    assert months_in_use() == []
    time_machine.move_to(PUBLISHED_AT + timedelta(hours=1), tick=False)
    for found in lists_of(post):
        assert (found.count(), found[:5]) == (1, [post])
    assert months_in_use() == [(date(2026, 4, 1), 1)]
    assert timezone.now() == post.published_at


def test_archives_go_by_the_day_in_the_address():
    early, late = make_post(), make_post(at=PUBLISHED_AT + timedelta(days=1))
    make_post(at=PUBLISHED_AT + timedelta(days=40))
    Post.objects.filter(pk=early.pk).update(url_date=date(2026, 3, 31), url_month=202603)
    assert posts_of_days(date(2026, 3, 1), date(2026, 3, 31))[:9] == [early]
    assert posts_of_days(date(2026, 4, 1), date(2026, 4, 30))[:9] == [late]
    assert months_in_use() == [(date(2026, 5, 1), 1), (date(2026, 4, 1), 1), (date(2026, 3, 1), 1)]
    assert days_in_use(date(2026, 3, 1), date(2026, 4, 30)) == [(date(2026, 4, 2), 1), (date(2026, 3, 31), 1)]


def test_tags_are_counted_and_related_by_public_posts_only():
    for number in range(3):
        make_post(at=PUBLISHED_AT + timedelta(hours=number), tags=["半導体", "電力"])
    make_post(tags=["半導体", "光"])
    for make in HIDDEN:
        make(tags=["半導体", "隠れたタグ"])
    index = tag_index()
    assert [(tag.name, tag.post_count) for tag in index.sections[0].tags] == [("半導体", 4), ("電力", 3)]
    assert [tag.name for tag in index.others] == ["光"]
    related = related_tags(Tag.objects.get(name="半導体"))
    assert [(tag.name, tag.shared) for tag in related] == [("電力", 3), ("光", 1)]
