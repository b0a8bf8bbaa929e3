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


def test_what_the_thread_lists_is_not_related_too():
    first, second = in_thread(make_post(tags=["甲"]), make_post(tags=["甲"], at=hour(3)))
    make_post(at=hour(1))
    make_post(at=hour(2))
    assert second not in [related.post for related in article_page(first)["related"]]


@pytest.mark.sqlite
@pytest.mark.parametrize("heading", ["関連記事", "【あわせて読みたい記事】"])
def test_list_of_related_articles_at_the_end_of_a_body_gives_its_place_to_ours(client, heading):
    """On 97 % of the articles it hid ours, and was the same three old links under hundreds."""
    post, other = make_post(), make_post("選んだ記事")
    post.body = f"本文です。\n\n## {heading}\n\n- [三つの古い記事](/x/)\n"
    save_post(post, related=[(other, "理由")])
    page = client.get(post.get_absolute_url()).text
    assert page.count("関連記事</h2>") == 1
    assert page.index('class="related"') < page.index("選んだ記事")
    for text in (page, client.get(f"{post.get_absolute_url()}tate/").text, client.get("/feed.xml").text):
        assert "三つの古い記事" not in text
    assert "三つの古い記事" in client.get(f"{post.get_absolute_url()}index.md").text


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
