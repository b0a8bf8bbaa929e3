"""A writer learns nothing about the unpublished articles of others. `test_roles` checks the articles themselves."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from blog.editing.pending import save_pending
from blog.editing.renaming import merge_tags
from blog.editing.saving import save_post
from blog.models import Author, Post, Tag
from tests.admin.desk import WriterCase, url_of, values_at
from tests.admin.test_posts import related_fields
from tests.factories import (
    make_author,
    make_category,
    make_draft,
    make_image,
    make_page,
    make_post,
    make_scheduled,
)

# About who is told of what: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

LIST = reverse("admin:blog_post_changelist")
SUGGESTIONS, PREVIEW = reverse("desk:tag_suggestions"), reverse("desk:post_preview")
CHANGED, HIDDEN = "変更あり", "伏せた記事"


class HiddenCase(WriterCase):
    def page(self, url, client=None):
        return (client or self.client).get(url).content.decode()


class TagTests(HiddenCase):
    @pytest.mark.postgresql
    def test_preview_shows_a_hidden_tag_as_one_that_is_not_there(self):
        make_draft(author=self.other, tags=["SecretTag", "極秘の買収"])
        Tag.objects.filter(name="極秘の買収").update(slug="tell-tale")
        gone = Tag.objects.create(name="旧姓")
        merge_tags([gone], Tag.objects.get(name="SecretTag"))
        make_post(tags=["PublicTag"])
        typed = {"object": "", "title": "題", "tag_names": "secrettag、旧姓、極秘の買収、publictag"}
        shown, known = (client.post(PREVIEW, typed).json()["html"] for client in (self.client, self.chief))
        for telling in ("SecretTag", "tell-tale"):
            assert telling not in shown
            assert telling in known
        assert "secrettag" in shown
        assert "PublicTag" in shown

    @pytest.mark.postgresql
    def test_history_of_a_tag_which_names_what_was_merged_is_for_those_who_keep_tags(self):
        make_post(tags=["公開"])
        make_draft(author=self.other, tags=["極秘の買収"])
        tag = Tag.objects.get(name="公開")
        merged = [tag.pk, Tag.objects.get(name="極秘の買収").pk]
        data = {"action": "merge", "_selected_action": merged, "into": "公開", "confirmed": "1"}
        self.chief.post(url_of(Tag, "changelist"), data)
        assert "極秘の買収" in self.page(url_of(tag, "history"), self.chief)
        assert self.client.get(url_of(tag, "history")).status_code == 403


class SlugTests(HiddenCase):
    def slug(self, client=None):
        client = client or self.client
        fields = values_at(client, url_of(Post, "add"))
        new = {"title": "買収の行方", "category": make_category().pk, "author": self.author.pk}
        assert client.post(url_of(Post, "add"), {**fields, **new}).status_code == 302
        return Post.objects.latest("pk").slug

    def test_number_counts_only_what_the_writer_sees(self):
        make_draft(author=self.other, slug="買収の行方")
        make_scheduled(author=self.other, slug="買収の行方-2")
        assert [self.slug(), self.slug()] == ["買収の行方", "買収の行方-2"]
        assert self.slug(self.chief) == "買収の行方-3"


class PendingTests(HiddenCase):
    def pend(self, post):
        post.title = "次の表題"
        save_pending(post, by=self.editor, tags=["次のタグ"], related=[], expected_version=post.version)
        return post

    @pytest.mark.postgresql
    def test_pending_version_of_anothers_article_is_not_told(self):
        post = self.pend(make_post("公開の表題", author=self.other))
        for url in (LIST, f"{LIST}?state=published", f"{LIST}?q=公開", url_of(post), reverse("admin:index")):
            page = self.page(url)
            assert "公開の表題" in page
            for part in (CHANGED, "pending-note", "次の表題", "次のタグ"):
                assert part not in page, (url, part)
        assert CHANGED in self.page(LIST, self.chief)
        assert "pending-note" in self.page(url_of(post), self.chief)

    def test_writer_is_told_of_the_pending_version_of_their_own(self):
        post = self.pend(make_post(author=self.author))
        assert CHANGED in self.page(LIST)
        assert "公開前の変更" in self.page(url_of(post))

    def test_pages_about_a_hidden_article_and_about_none_are_the_same(self):
        hidden = self.pend(make_post(author=self.other))
        hidden.refresh_from_db()
        hidden.unpublish()
        save_post(hidden)
        for name in ("pending", "revision", "revision_page", "preview_links", "merge", "history"):
            args = [1] if name in ("revision", "revision_page", "merge") else []
            urls = [reverse(f"admin:blog_post_{name}", args=[pk, *args]) for pk in (hidden.pk, 999_999)]
            answers = [self.client.get(url) for url in urls]
            assert {answer.status_code for answer in answers} <= {404, 405}, name
            assert answers[0].content == answers[1].content


class NeighbourTests(HiddenCase):
    def test_related_and_pillar_of_anothers_article_are_those_that_readers_see(self):
        hidden, public = make_draft(HIDDEN, author=self.other), make_post("見える記事")
        post = make_post(author=self.other, pillar=hidden)
        save_post(post, related=[(hidden, "伏せた理由"), (public, "見える理由")])
        page = self.page(url_of(post))
        assert "見える理由" in page
        assert HIDDEN not in page
        assert "伏せた理由" not in page
        assert HIDDEN in self.page(url_of(post), self.chief)

    def test_months_and_bylines_to_narrow_by_are_those_of_what_the_writer_sees(self):
        make_post(author=self.author)
        make_draft(author=self.other)
        make_post(author=self.other, at=datetime(2099, 5, 1, tzinfo=UTC))
        page, editors = self.page(LIST), self.page(LIST, self.chief)
        for trace in ("2099年", f'<option value="{self.other.pk}"'):
            assert trace not in page
            assert trace in editors
        make_post(author=self.author, at=datetime(2098, 5, 1, tzinfo=UTC))
        make_post(author=self.other)
        for trace in ("2098年", f'<option value="{self.other.pk}"'):
            assert trace in self.page(LIST)

    def test_preview_of_a_writer_bears_the_writers_byline_whatever_key_is_sent(self):
        secret = make_author("公表前の書き手", "secret")
        for post in (None, make_draft(author=self.author)):
            data = {"title": "題", "body": "本文", "author": secret.pk, "object": post.pk if post else ""}
            html = self.client.post(PREVIEW, data).json()["html"]
            assert "公表前の書き手" not in html
            assert "書き手" in html
        assert "公表前の書き手" in self.chief.post(PREVIEW, {**data, "object": ""}).json()["html"]

    @pytest.mark.postgresql
    def test_refusal_to_delete_names_what_its_reader_may_see(self):
        image = make_image()
        for number in range(3):
            make_draft(f"{HIDDEN}{number}", author=self.other, lead_image=image)
        make_post("見える記事", author=self.other, lead_image=image)
        make_page(title="伏せた頁", body=f"![]({image.file.url})", is_published=False)
        Author.objects.filter(pk=self.other.pk).update(avatar=image)
        self.writer.user_permissions.set(Permission.objects.filter(codename="delete_image"))
        for data in ({}, {"post": "yes"}):
            page = self.client.post(url_of(image, "delete"), data).content.decode()
            assert "は削除できません" in page
            assert "見える記事" in page
            assert page.count("あなたには見えない記事") == 1
            assert "伏せた" not in page
            assert "別の人" not in page
        assert HIDDEN in self.chief.post(url_of(image, "delete")).content.decode()

    @pytest.mark.postgresql
    def test_what_links_to_an_article_is_not_told_where_it_is_deleted(self):
        post, bare = make_draft(author=self.author), make_draft(author=self.author)
        save_post(post, related=[(make_post(), "")])
        before = [self.deletion(post), self.deletion(bare)]
        hidden = make_draft(HIDDEN, author=self.other)
        save_post(hidden, related=[(post, "伏せた理由"), (bare, "")])
        assert [self.deletion(post), self.deletion(bare)] == before
        assert "関連記事" in before[0][0]
        assert "関連記事" not in before[1][0] + before[1][1]
        assert "関連記事：2件" in self.deletion(post, self.chief)[0]

    def deletion(self, post, client=None):
        """What the pages say that ask whether to delete it."""
        client = client or self.client
        chosen = {"action": "delete_selected", "_selected_action": [post.pk]}
        pages = (client.get(url_of(post, "delete")), client.post(LIST, chosen))
        return [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode()) for page in pages]

    def test_hidden_article_is_related_by_no_key_and_named_by_no_error(self):
        hidden, post = make_draft(HIDDEN, author=self.other), make_draft(author=self.author)
        fields = values_at(self.client, url_of(post))
        for name in ("pillar", "related"):
            errors = []
            for pk in (hidden.pk, 999_999):
                chosen = {"pillar": pk} if name == "pillar" else related_fields((Post(pk=pk), "", ""))
                response = self.client.post(url_of(post), {**fields, **chosen})
                forms = [response.context["adminform"].form]
                forms += [form for formset in response.context["inline_admin_formsets"] for form in formset.formset]
                errors.append([form.errors for form in forms])
            assert errors[0] == errors[1]
            assert any(errors[0])
