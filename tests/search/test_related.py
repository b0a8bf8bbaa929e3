"""Which articles are close to each other."""

from datetime import timedelta

import pytest

from blog.editing.permissions import EDITOR
from blog.editing.saving import save_post
from blog.models import Post, QueuedTask
from blog.queries.further_reading import further_reading
from blog.search.related import relate, relate_all
from tests.factories import PUBLISHED_AT, make_category, make_draft, make_post, make_scheduled, make_user
from tests.queue import do_queued_tasks

pytestmark = pytest.mark.django_db


def kindred(post):
    return [row.target.title for row in post.kindred_rows.select_related("target")]


def related_all(*titles, **fields):
    fields.setdefault("excerpt", "")
    posts = [make_post(title, at=PUBLISHED_AT + timedelta(days=40 * n), **fields) for n, title in enumerate(titles)]
    relate_all(Post.objects.all())
    return posts


def test_articles_that_share_rare_words_are_close_the_closest_first():
    post, *_ = related_all("量子計算の冷却", "冷却の費用", "量子計算の冷却装置", "農業の収穫")
    assert kindred(post) == ["量子計算の冷却装置", "冷却の費用"]


def test_a_word_that_many_articles_have_makes_no_two_of_them_close():
    titles = [f"半導体と話題{number:02}" for number in range(12)]
    post, *_ = related_all(*titles)
    assert kindred(post) == []


def test_of_articles_with_one_headline_only_one_is_close_and_none_has_that_of_the_article_itself():
    post, *_ = related_all("量子計算の冷却", "量子計算の冷却", "量子計算の費用", "量子計算の費用")
    assert kindred(post) == ["量子計算の費用"]


def test_of_the_articles_of_a_thread_only_one_is_close():
    post = make_post("量子計算の材料", at=PUBLISHED_AT - timedelta(days=90))
    news = ["量子計算の冷却装置、東京で公開実験", "量子計算の冷却装置、東京での公開実験が完了"]
    told = [make_post(title, at=PUBLISHED_AT + timedelta(days=number)) for number, title in enumerate(news)]
    make_post("量子計算の費用", at=PUBLISHED_AT + timedelta(days=90))
    relate_all(Post.objects.all())
    assert len({Post.objects.get(pk=one.pk).thread_id for one in told} - {None}) == 1
    assert len(kindred(post)) == 2
    assert "量子計算の費用" in kindred(post)


def test_no_paid_article_stands_for_its_thread_where_another_of_it_is_close():
    post = make_post("量子計算の冷却装置の実験", at=PUBLISHED_AT - timedelta(days=90))
    make_post("量子計算の冷却装置、東京で公開実験", at=PUBLISHED_AT, is_sponsored=True)
    free = make_post("量子計算の装置、東京で公開実験", at=PUBLISHED_AT + timedelta(days=1))
    relate_all(Post.objects.all())
    assert kindred(post) == [free.title]


def test_only_published_articles_are_close_to_others():
    draft = make_draft("量子計算の下書き")
    post, *_ = related_all("量子計算の冷却")
    relate.call(draft.pk)
    assert kindred(post) == []
    assert kindred(draft) == ["量子計算の冷却"]
    assert not draft.subject_words.exists()


def test_a_scheduled_article_is_shown_under_others_only_when_it_is_due():
    post, scheduled = (
        make_post("量子計算の冷却"),
        make_scheduled("量子計算の費用", category=make_category("別", "other")),
    )
    relate_all(Post.objects.all())
    assert kindred(post) == [scheduled.title]
    assert further_reading(post).related == []


def test_a_save_at_the_desk_leaves_the_relating_to_the_worker():
    editor = make_user(role=EDITOR)
    other = make_post("量子計算の費用")
    relate.call(other.pk)
    post = make_post("農業の収穫")
    post.title = "量子計算の冷却"
    save_post(post, by=editor)
    do_queued_tasks()
    assert kindred(post) == [other.title]
    post.body = "本文だけを変えた。"
    save_post(post, by=editor)
    assert not QueuedTask.objects.ready().exists()


def test_a_withdrawn_article_is_close_to_no_other_any_more():
    post, other = related_all("量子計算の冷却", "量子計算の費用")
    other.unpublish()
    save_post(other)
    relate.call(other.pk)
    relate.call(post.pk)
    assert kindred(post) == []
