"""One change of section, author or tags for several articles, from the list."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from blog.admin.post import bulk
from blog.editing.pending import save_pending
from blog.editing.permissions import WRITER
from blog.models import Post
from tests.admin.desk import DeskCase
from tests.factories import make_author, make_category, make_draft, make_post, make_user

pytestmark = pytest.mark.sqlite

LIST = reverse("admin:blog_post_changelist")


class BulkFieldTests(DeskCase):
    def ask(self, *posts, **fields):
        data = {"action": bulk.NAME, "_selected_action": [post.pk for post in posts], **fields}
        return self.client.post(LIST, data, follow="confirmed" in fields)

    def change(self, *posts, **fields):
        return self.ask(*posts, confirmed="1", **fields)

    def tags_of(self, post):
        return [tag.name for tag in Post.objects.get(pk=post.pk).tag_list]

    def test_asks_first_and_names_the_articles(self):
        post = make_post("変える記事")
        response = self.ask(post)
        self.assertContains(response, "変える記事")
        self.assertContains(response, 'name="category"')

    @pytest.mark.postgresql
    def test_changes_section_author_and_tags_with_a_revision_and_an_entry_each(self):
        posts = make_post(tags=["甲", "乙"]), make_draft(tags=["丙"])
        section, author = make_category("新部", "new"), make_author("新しい人", "new-author")
        response = self.change(*posts, category=section.pk, author=author.pk, added="丁、甲", removed="乙")
        self.assertContains(response, "2件の記事を変えました")
        for post in posts:
            post = Post.objects.get(pk=post.pk)
            assert (post.category, post.author) == (section, author)
            revision = post.revisions.order_by("-number").first()
            assert (revision.user, set(revision.changed)) == (self.editor, {"author", "category", "tags"})
            assert LogEntry.objects.filter(content_type__model="post", object_id=post.pk, user=self.editor).exists()
        assert self.tags_of(posts[0]) == ["甲", "丁"]
        assert self.tags_of(posts[1]) == ["丙", "丁", "甲"]

    def test_bad_input_is_told_and_changes_nothing(self):
        post = make_post(tags=["甲"])
        for fields, message in (
            ({}, bulk.NOTHING),
            ({"category": "99999"}, "正しく選択してください"),
            ({"category": "x"}, "正しく選択してください"),
            ({"added": "あ" * 200}, "長すぎます"),
            ({"added": "乙", "removed": "乙"}, "両方にあります"),
        ):
            with self.subTest(fields):
                response = self.change(post, **fields)
                self.assertContains(response, message)
                self.assertContains(response, f'name="_selected_action" value="{post.pk}"')
        assert self.tags_of(post) == ["甲"]

    def test_article_with_a_pending_version_is_left_alone_and_named(self):
        post = make_post("控えのある記事", tags=["甲"])
        other = make_post("ほかの記事")
        post.title = "控えた題"
        save_pending(post, by=self.editor, tags=["甲"], related=[], expected_version=post.version)
        self.assertContains(self.ask(post, other), bulk.HAS_CHANGES)
        self.change(post, other, added="乙")
        assert (self.tags_of(post), self.tags_of(other)) == (["甲"], ["乙"])

    @pytest.mark.postgresql
    def test_writer_changes_own_drafts_alone_and_no_byline(self):
        writer = make_user("writer", role=WRITER)
        mine, others = make_draft(author=make_author("書き手", "writer", user=writer)), make_post("他人の記事")
        self.client.force_login(writer)
        response = self.ask(mine, others)
        self.assertContains(response, bulk.NOT_YOURS)
        self.assertNotContains(response, 'name="author"')
        self.change(mine, others, added="乙", author=make_author("新しい人", "new").pk)
        assert (self.tags_of(mine), self.tags_of(others)) == (["乙"], [])
        assert Post.objects.get(pk=mine.pk).author == mine.author
