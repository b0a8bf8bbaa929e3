from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils import timezone

from blog.editing.saving import save_post
from blog.models import Post
from tests.factories import (
    PUBLISHED_AT,
    make_author,
    make_category,
    make_draft,
    make_post,
    make_scheduled,
    make_unpublished,
)

pytestmark = pytest.mark.sqlite


class VisibilityTests(TestCase):
    def test_scheduled_post_becomes_visible_at_its_minute_without_a_write(self):
        post = make_scheduled(after=timedelta(hours=1))
        with time_machine.travel(post.published_at - timedelta(seconds=1), tick=False):
            assert not Post.objects.published().exists()
        with time_machine.travel(post.published_at, tick=False):
            assert list(Post.objects.published()) == [post]


class PublishTests(TestCase):
    def test_url_date_is_the_day_in_tokyo(self):
        post = make_post(at=datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
        assert post.url_date == date(2026, 4, 1)

    def test_url_date_follows_an_edited_schedule_too(self):
        post = Post.objects.get(pk=make_scheduled(after=timedelta(days=3)).pk)
        post.published_at += timedelta(days=2)
        save_post(post)
        assert post.url_date == timezone.localdate(post.published_at)

    def test_url_date_is_frozen_once_public(self):
        post = Post.objects.get(pk=make_post().pk)
        post.published_at -= timedelta(days=30)
        save_post(post)
        assert post.url_date == date(2026, 4, 1)

    def test_withdrawn_post_keeps_dates_and_guid_and_comes_back_with_them(self):
        post = make_unpublished()
        before = (post.published_at, post.url_date, post.guid)
        assert post.status == Post.Status.DRAFT
        post.publish()
        save_post(post)
        post.refresh_from_db()
        assert (post.published_at, post.url_date, post.guid) == before
        assert post.is_public

    def test_withdrawn_before_due_loses_its_dates(self):
        post = make_scheduled()
        post.unpublish()
        save_post(post)
        post.refresh_from_db()
        assert (post.published_at, post.url_date, post.updated_at) == (None, None, None)
        assert not post.was_public

    def test_date_of_a_public_post_cannot_be_cleared_or_moved_into_the_future(self):
        for value in (None, timezone.now() + timedelta(days=1)):
            post = Post.objects.get(pk=make_post().pk)
            post.published_at = value
            with pytest.raises(ValidationError):
                save_post(post)


class UpdatedAtTests(TestCase):
    def setUp(self):
        self.post = Post.objects.get(pk=make_post().pk)

    def save_at(self, when: datetime) -> datetime:
        with time_machine.travel(when, tick=False):
            save_post(self.post)
        return Post.objects.get(pk=self.post.pk).updated_at

    def test_is_the_publication_of_a_schedule_brought_forward(self):
        post = Post.objects.get(pk=make_scheduled(after=timedelta(days=30)).pk)
        post.published_at = PUBLISHED_AT
        save_post(post)
        assert Post.objects.get(pk=post.pk).updated_at == PUBLISHED_AT

    def test_moves_with_what_a_reader_notices(self):
        later = PUBLISHED_AT + timedelta(days=1)
        for name in ("title", "excerpt", "body", "correction"):
            later += timedelta(days=1)
            setattr(self.post, name, f"新しい{name}")
            assert self.save_at(later) == later
        self.post.is_sponsored = True  # feeds say so in the title
        assert self.save_at(later + timedelta(days=1)) == later + timedelta(days=1)

    def test_stays_with_what_a_reader_does_not_notice(self):
        self.post.description = "検索エンジンだけが読む。"
        self.post.noindex = True
        assert self.save_at(PUBLISHED_AT + timedelta(days=1)) == PUBLISHED_AT


class RowTests(TestCase):
    def test_body_is_stored_to_the_character(self):
        body = "\n\n  先頭\r\n末尾の空白  \n\n\n"
        post = make_draft(body=body)
        post.refresh_from_db()
        assert post.body == body

    def test_canonical_is_a_path_of_ours_or_a_url_elsewhere(self):
        post = make_draft()
        for value in ("/2026/04/01/別の記事/", "https://first.example/a"):
            post.canonical_url = value
            post.full_clean()
        for value in ("//evil.example/", "javascript:alert(1)", "first.example/a", "ftp://first.example/"):
            post.canonical_url = value
            with pytest.raises(ValidationError):
                post.full_clean()

    def test_guid_is_a_urn_and_stays(self):
        post = make_draft()
        guid = post.guid
        assert guid.startswith("urn:uuid:")
        save_post(post)
        assert Post.objects.get(pk=post.pk).guid == guid

    def test_absolute_url_is_encoded_once_and_path_not_at_all(self):
        post = make_post(slug="ai投資の基本")
        assert post.path == "/2026/04/01/ai投資の基本/"
        assert post.get_absolute_url() == ("/2026/04/01/ai%E6%8A%95%E8%B3%87%E3%81%AE%E5%9F%BA%E6%9C%AC/")

    def test_address_taken_by_another_post_is_refused_on_the_slug(self):
        make_post(slug="same")
        other = make_draft(slug="same")
        other.publish(PUBLISHED_AT)
        with pytest.raises(ValidationError) as caught:
            other.full_clean()
        assert "slug" in caught.value.message_dict

    @pytest.mark.postgresql
    def test_slug_in_another_spelling_is_refused(self):
        for slug in ("Upper", "a b", "a/b", "../x", "-a", "a\x00b", "<b>", "a--b"):
            with pytest.raises(ValidationError):
                Post(
                    title="題",
                    slug=slug,
                    author=make_author(),
                    category=make_category(),
                    status=Post.Status.PUBLISHED,
                    published_at=PUBLISHED_AT,
                ).full_clean()


@pytest.mark.postgresql
class DatabaseRefusalTests(TestCase):
    """What the database itself refuses, whoever writes."""

    def refuse(self, **fields):
        post = make_post()
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(**fields)

    def test_published_without_a_date(self):
        self.refuse(published_at=None, url_date=None)

    def test_two_posts_on_one_url(self):
        make_post(slug="taken")
        self.refuse(slug="taken")
