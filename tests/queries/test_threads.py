"""Threads as readers see them."""

from datetime import timedelta

import pytest

from blog.editing.saving import save_post
from blog.models import Post, Thread
from blog.queries.article_page import article_page
from blog.queries.threads import LISTED, folded, folded_keys, timeline
from tests.factories import PUBLISHED_AT, make_draft, make_post, make_scheduled

pytestmark = pytest.mark.django_db


def hour(number):
    return PUBLISHED_AT + timedelta(hours=number)


def in_thread(*posts):
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(thread=Thread.objects.create())
    return [Post.objects.get(pk=post.pk) for post in posts]


def test_timeline_lists_the_public_articles_of_the_thread_oldest_first():
    posts = in_thread(*(make_post(at=hour(number)) for number in (2, 0, 1)), make_scheduled(), make_draft())
    assert timeline(posts[0]).posts == [posts[1], posts[2], posts[0]]


def test_article_that_is_alone_has_no_timeline():
    post, _ = in_thread(make_post(), make_scheduled())
    assert timeline(post).posts == timeline(make_post()).posts == []


@pytest.mark.sqlite
def test_long_timeline_is_cut_and_says_so():
    posts = in_thread(*(make_post(at=hour(number)) for number in range(LISTED + 2)))
    assert timeline(posts[-1]) == (posts[2:], 2)


@pytest.mark.sqlite
def test_old_article_stands_first_in_its_own_timeline():
    posts = in_thread(*(make_post(at=hour(number)) for number in range(LISTED + 2)))
    assert timeline(posts[1]) == ([posts[1], *posts[2:]], 1)
    assert timeline(posts[0]) == ([posts[0], *posts[2:]], 1)


def test_a_list_shows_the_newest_of_a_thread_with_the_number_of_the_others(django_assert_num_queries):
    old, middle, new = in_thread(*(make_post(at=hour(number)) for number in range(3)))
    other = make_post(at=hour(9))
    in_thread(*(make_post(at=hour(-9)), make_post(at=hour(-8))))
    with django_assert_num_queries(1):
        posts = folded([other, new, middle, old])
    assert [(post, post.others_in_thread) for post in posts] == [(other, 0), (new, 2)]


def test_keys_of_a_thread_become_its_newest_in_the_place_of_the_first(django_assert_num_queries):
    old, middle, new = in_thread(*(make_post(at=hour(number)) for number in range(3)))
    other, last = make_post(at=hour(9)), make_post(at=hour(8))
    with django_assert_num_queries(1):
        assert folded_keys([other.pk, middle.pk, new.pk, last.pk, old.pk]) == [other.pk, new.pk, last.pk]
    assert folded_keys([middle.pk, old.pk, other.pk]) == [middle.pk, other.pk]
    assert folded_keys([]) == []


def test_article_that_somebody_paid_for_does_not_stand_for_its_thread():
    unpaid = [make_post(at=hour(number)) for number in range(2)]
    old, new, paid = in_thread(*unpaid, make_post(at=hour(3), is_sponsored=True))
    other = make_post(at=hour(2))
    posts = folded([paid, other, new, old])
    assert [(post, post.others_in_thread) for post in posts] == [(other, 0), (new, 2)]
    assert folded_keys([paid.pk, other.pk, new.pk, old.pk]) == [other.pk, new.pk]
    assert (folded([paid]), folded_keys([paid.pk])) == ([paid], [paid.pk])


def test_a_list_without_threads_costs_no_query(django_assert_num_queries):
    posts = [make_post(), make_post()]
    with django_assert_num_queries(0):
        assert folded(posts) == posts


def test_what_the_thread_lists_is_not_related_too():
    first, second = in_thread(make_post(tags=["甲"]), make_post(tags=["甲"], at=hour(3)))
    make_post(at=hour(1))
    make_post(at=hour(2))
    assert second not in [related.post for related in article_page(first)["related"]]


@pytest.mark.sqlite
def test_page_lists_related_articles_once_also_if_the_body_does_so_by_hand():
    post, other = make_post(), make_post()
    save_post(post, related=[(other, "理由")])
    assert article_page(post)["related"]
    for heading, is_list in {"関連記事": True, "【あわせて読みたい記事】": True, "関連記事の選び方": False}.items():
        post.body = f"本文です。\n\n## {heading}\n\n- [別の記事](/x/)\n"
        save_post(post)
        assert bool(article_page(post)["related"]) is not is_list


def test_pages_fold_threads_and_archives_do_not(client):
    first, second = in_thread(make_post("初報です"), make_post("続報です", at=hour(1)))
    page = client.get(first.category.get_absolute_url()).content.decode()
    assert f'<a href="{second.get_absolute_url()}#thread">続報ほか1本</a>' in page
    assert "初報です" not in page
    archive = client.get("/2026/04/").content.decode()
    assert "初報です" in archive
    assert "続報ほか" not in archive
    article = client.get(first.get_absolute_url()).content.decode()
    assert article.index("この話題の経過") < article.index("続報です")
    assert 'aria-current="page"' in article[article.index("この話題の経過") :]
