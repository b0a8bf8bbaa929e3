from datetime import timedelta

import pytest
from django.test import TestCase
from django.utils import timezone

from blog.editing.saving import save_post
from blog.models import Post
from tests.factories import PUBLISHED_AT, make_draft, make_in_review, make_post, make_scheduled, make_unpublished

MAKERS = {
    Post.State.DRAFT: make_draft,
    Post.State.IN_REVIEW: make_in_review,
    Post.State.SCHEDULED: make_scheduled,
    Post.State.PUBLISHED: make_post,
    Post.State.WITHDRAWN: make_unpublished,
}


class PostStateTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.posts = {state: make() for state, make in MAKERS.items()}

    def test_every_post_is_in_one_state_and_found_by_it(self):
        for state in Post.State:
            assert self.posts[state].state is state
            assert list(Post.objects.in_state(state)) == [self.posts[state]]


class StepTests(TestCase):
    """From draft to review and back, and the correction of a date."""

    def test_submitted_post_is_in_review_and_forgets_why_it_came_back(self):
        post = make_draft(return_reason="出典を足す")
        post.submit()
        assert (post.state, post.return_reason) == (Post.State.IN_REVIEW, "")

    def test_returned_post_is_a_draft_with_the_reason(self):
        post = make_in_review()
        post.return_to_writer("出典を足す")
        assert (post.state, post.return_reason) == (Post.State.DRAFT, "出典を足す")
        post.publish()
        assert post.return_reason == ""

    def test_corrected_date_moves_the_address_with_the_day_and_keeps_the_old_one(self):
        post = make_post(slug="old", tags=["市況"])
        post.redate(PUBLISHED_AT - timedelta(days=1))
        save_post(post)
        post = Post.objects.get(pk=post.pk)
        assert (post.path, post.published_at) == ("/2026/03/31/old/", PUBLISHED_AT - timedelta(days=1))
        assert post.updated_at == post.published_at
        assert post.permalinks.count() == 2

    def test_date_is_corrected_only_of_what_was_public_and_only_backwards_from_now(self):
        for post, at in ((make_post(), timezone.now() + timedelta(hours=1)), (make_scheduled(), PUBLISHED_AT)):
            with pytest.raises(ValueError, match="public"):
                post.redate(at)
