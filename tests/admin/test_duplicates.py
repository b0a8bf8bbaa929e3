"""A new draft from an article: what it takes along, and who may make one."""

import uuid

import pytest
from django.urls import reverse

from blog.editing.pending import save_pending
from blog.editing.permissions import WRITER
from blog.models import Post
from tests.admin.desk import DeskCase, url_of
from tests.factories import make_author, make_draft, make_image, make_in_review, make_post, make_scheduled, make_user


def duplicate(client, post, key=None):
    """The draft that was made, or None."""
    before = set(Post.objects.values_list("pk", flat=True))
    url = reverse("admin:blog_post_duplicate", args=[post.pk])
    response = client.post(url, {"form_key": str(key or uuid.uuid4())})
    made = Post.objects.exclude(pk__in=before).first()
    if made:
        assert response["Location"] == url_of(made)
    return made


@pytest.mark.sqlite
class DuplicateTests(DeskCase):
    @pytest.mark.postgresql
    def test_draft_has_the_content_of_the_article_and_nothing_of_its_own_alone(self):
        post = make_post(
            "題",
            slug="original",
            excerpt="リード文。",
            body="  本文。\n\n",
            tags=["B", "A"],
            lead_image=make_image(),
            correction="日付を直しました。",
            canonical_url="https://example.com/first/",
            noindex=True,
        )
        target = make_post("関連")
        post.related_rows.create(target=target, reason="理由")
        made = duplicate(self.client, post)
        for name in ("excerpt", "body", "category", "author", "lead_image", "noindex"):
            assert getattr(made, name) == getattr(post, name), name
        assert (made.title, made.slug, made.state) == ("題（複製）", "original-2", Post.State.DRAFT)
        assert (made.correction, made.canonical_url, made.published_at) == ("", "", None)
        assert made.guid != post.guid
        assert [tag.name for tag in made.tag_list] == ["B", "A"]
        assert made.related_list == [(target, "理由")]
        assert made.revisions.get().user == self.editor
        assert not made.permalinks.exists()
        self.assertContains(self.client.get(url_of(made)), "「題」を複製しました")

    def test_draft_begins_with_the_pending_version_that_the_form_shows(self):
        post = make_post(body="公開中の文。")
        post.body = "公開前の文。"
        save_pending(post, by=self.editor, tags=["新"], related=[], expected_version=post.version)
        made = duplicate(self.client, Post.objects.get(pk=post.pk))
        assert (made.body, [tag.name for tag in made.tag_list]) == ("公開前の文。", ["新"])

    def test_form_that_is_sent_twice_makes_one_draft(self):
        post, key = make_post(), uuid.uuid4()
        assert duplicate(self.client, post, key)
        assert duplicate(self.client, post, key) is None
        assert duplicate(self.client, post)


class PermissionTests(DeskCase):
    def setUp(self):
        self.writer = make_user("writer", role=WRITER)
        self.author = make_author("書き手", "writer", user=self.writer)

    def test_writer_duplicates_own_articles_in_every_state_and_none_of_others(self):
        self.client.force_login(self.writer)
        for make in (make_draft, make_in_review, make_scheduled, make_post):
            made = duplicate(self.client, make(author=self.author))
            assert (made.author, made.state) == (self.author, Post.State.DRAFT)
            other = make(author=make_author("別の人", "other"))
            assert duplicate(self.client, other) is None
            self.assertNotContains(self.client.get(url_of(other), follow=True), "複製する")
