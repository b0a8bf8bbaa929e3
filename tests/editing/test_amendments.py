"""Telling readers of a change: only of what readers have seen, before and after."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from blog.editing.amendments import NothingToTell, amend, newest_read, read_before, withdraw_amendment
from blog.editing.pending import save_pending, save_version
from blog.editing.permissions import EDITOR
from blog.editing.saving import save_post
from blog.models import Amendment, Change, Post, PostRevision
from tests.factories import make_draft, make_post, make_scheduled, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def editor():
    return make_user(role=EDITOR)


def rewritten(post: Post, body: str, by=None, **fields) -> PostRevision:
    post = Post.objects.get(pk=post.pk)
    post.body = body
    for name, value in fields.items():
        setattr(post, name, value)
    save_post(post, by=by)
    return post.revisions.in_line().first()


def told(revision: PostRevision, editor, **about) -> Amendment:
    return amend(revision, **({"kind": "correction", "note": "数字を直しました。", "by": editor} | about))


def texts(amendment: Amendment) -> str:
    return "".join(text for _, parts in amendment.passages for _, text in parts)


def test_change_of_what_readers_see_is_told_and_dates_the_article(editor):
    post = make_post(body="値は1です。")
    revision = rewritten(post, "値は2です。", editor)
    Change.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        amendment, now = told(revision, editor), timezone.now()
    assert Change.objects.count() == 1
    post.refresh_from_db()
    assert [[kind, text] for _, parts in amendment.passages for kind, text in parts] == [
        ["same", "値は"],
        ["removed", "1"],
        ["added", "2"],
        ["same", "です。"],
    ]
    assert amendment.changed_at == revision.created_at
    assert (post.amendment_count, post.amendment_list, post.updated_at) == (1, [amendment], now)


@pytest.mark.postgresql
def test_a_second_word_replaces_the_first_and_taking_back_ends_it(editor):
    post = make_post(body="値は1です。")
    revision = rewritten(post, "値は2です。", editor)
    first = told(revision, editor)
    second = told(revision, editor, kind="update", note="新しい値です。", shows_text=False)
    assert (second.pk, second.kind, second.note, second.passages) == (first.pk, "update", "新しい値です。", [])
    withdraw_amendment(revision, by=editor)
    withdraw_amendment(revision, by=editor)
    post.refresh_from_db()
    assert (post.amendment_count, Amendment.objects.count()) == (0, 0)


def test_nothing_of_before_the_publication_is_told(editor):
    post = make_draft(body="秘密の下書き。")
    rewritten(post, "秘密の推敲。", editor)
    post.refresh_from_db()
    post.body = "公開の初稿。"
    post.publish()
    save_post(post, by=editor)
    published = newest_read(post)
    assert read_before(published) is None
    with pytest.raises(NothingToTell):
        told(published, editor)
    assert texts(told(rewritten(post, "公開の本文。", editor), editor)) == "公開の初稿本文。"
    for revision in post.revisions.filter(was_read=False):
        with pytest.raises(NothingToTell):
            told(revision, editor)


def test_scheduled_text_counts_as_read_once_its_hour_has_come(editor):
    post = make_scheduled(body="予約の本文。", after=timedelta(hours=1))
    early = rewritten(post, "直した予約の本文。", editor)
    assert newest_read(post) is None
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        late = rewritten(post, "公開後の本文。", editor)
        assert read_before(late) == early
        assert "直した予約" in texts(told(late, editor))


def test_pending_version_is_never_told_until_it_is_released(editor):
    post = make_post(body="公開の本文。")
    live = rewritten(post, "公開の本文、改。", editor)
    edit = Post.objects.get(pk=post.pk)
    edit.body = "秘密の案。"
    save_pending(edit, by=editor, tags=[], related=[], expected_version=edit.version)
    waiting = Post.objects.get(pk=post.pk).pending_revision
    with pytest.raises(NothingToTell):
        told(waiting, editor)
    kept = Post.objects.get(pk=post.pk)  # a machine saves: the revision holds the pending content and the new state
    kept.noindex = True
    save_post(kept)
    kept.refresh_from_db()
    assert not kept.pending_revision.was_read
    assert newest_read(kept) == live
    about = {"kind": PostRevision.Kind.RELEASED, "source": kept.pending_revision}
    save_version(kept, waiting.snapshot | {"body": "放つ本文。"}, by=editor, expected_version=kept.version, **about)
    released = newest_read(kept)
    assert read_before(released) == live
    assert "秘密" not in texts(told(released, editor))


def test_what_was_written_while_withdrawn_is_not_told(editor):
    post = make_post(body="公開の本文。")
    post.unpublish()
    save_post(post, by=editor)
    rewritten(post, "秘密の下書き。", editor)
    post = Post.objects.get(pk=post.pk)
    post.body = "戻した本文。"
    post.publish()
    save_post(post, by=editor)
    assert "秘密" not in texts(told(newest_read(post), editor))
    withdrawn = Post.objects.get(pk=post.pk)
    withdrawn.unpublish()
    save_post(withdrawn, by=editor)
    with pytest.raises(NothingToTell):
        told(newest_read(withdrawn), editor)
