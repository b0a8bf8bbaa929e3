import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from blog.models import Permalink
from blog.models.permalink import clean_path
from tests.cost import cpu_seconds
from tests.factories import make_post


class PermalinkTests(TestCase):
    def test_belongs_to_exactly_one_of_post_and_target(self):
        post = make_post()
        for fields in ({}, {"post": post, "target": "/b/"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Permalink.objects.create(path="/a/", **fields)

    def test_is_stored_decoded_and_composed(self):
        row = Permalink(path="/tags/%E3%82%AB%E3%82%99/?page=2#x", target="/tags/b/")
        row.full_clean()
        assert row.path == "/tags/ガ/"

    def test_targets_outside_the_site_are_refused(self):
        for target in (
            "https://evil.example/",
            "//evil.example/",
            "/%2Fevil.example/",
            "/\\evil.example",
            "evil",
            "/a\nb/",
            "/a\x00/",
        ):
            with pytest.raises(ValidationError):
                Permalink(path="/a/", target=target).full_clean()

    def test_path_of_a_post_stays_the_posts(self):
        post = make_post()
        Permalink.objects.lead(post.path, to="/tags/")
        assert Permalink.objects.get(path=post.path).post == post

    def test_leading_on_never_makes_a_chain_or_a_loop(self):
        Permalink.objects.lead("/a/", to="/b/")
        Permalink.objects.lead("/b/", to="/c/")
        assert dict(Permalink.objects.values_list("path", "target")) == {"/a/": "/c/", "/b/": "/c/"}
        Permalink.objects.lead("/c/", to="/a/")
        assert dict(Permalink.objects.values_list("path", "target")) == {"/b/": "/a/", "/c/": "/a/"}


def test_marks_without_end_are_not_composed():
    """Unicode sorts them by insertion: these would take minutes."""
    path = "/e" + "\u0301\u0323" * 60_000
    with cpu_seconds(at_most=2):
        assert clean_path(path) == path
    with pytest.raises(ValidationError, match="512"):
        Permalink(path=path, target="/a/").clean_fields()
