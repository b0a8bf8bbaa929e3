import pytest
from django.test import TestCase

from blog.models import Post
from tests.factories import make_draft, make_in_review, make_post, make_scheduled, make_unpublished

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

    def test_published_state_is_what_the_public_reads(self):
        assert list(Post.objects.in_state(Post.State.PUBLISHED)) == list(Post.objects.published())

    def test_state_that_does_not_exist_is_an_error_not_every_post(self):
        with pytest.raises(KeyError):
            Post.objects.in_state("public")
