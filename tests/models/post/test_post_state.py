from datetime import timedelta

from django.test import TestCase

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

    def test_corrected_date_moves_the_address_with_the_day_and_keeps_the_old_one(self):
        post = make_post(slug="old", tags=["市況"])
        post.redate(PUBLISHED_AT - timedelta(days=1))
        save_post(post)
        post = Post.objects.get(pk=post.pk)
        assert (post.path, post.published_at) == ("/2026/03/31/old/", PUBLISHED_AT - timedelta(days=1))
        assert post.updated_at == post.published_at
        assert post.permalinks.count() == 2
