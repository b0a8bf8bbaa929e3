"""Preview links at the desk: who may edit the post makes them, who may read its history sees and revokes them.

And previews of revisions.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.editing import permissions
from blog.editing.pending import save_pending
from blog.editing.releasing import plan_release
from blog.editing.saving import save_post
from blog.models import Post, PreviewLink
from tests.admin.desk import DeskCase, url_of
from tests.factories import make_author, make_draft, make_in_review, make_post, make_scheduled, make_user

pytestmark = pytest.mark.sqlite


def links_page(post):
    return reverse("admin:blog_post_preview_links", args=[post.pk])


def revoke_page(link, post=None):
    return reverse("admin:blog_post_revoke_link", args=[(post or link.post).pk, link.pk])


class LinkTests(DeskCase):
    def make(self, post, **data):
        return self.client.post(links_page(post), {"days": "7", "note": "", **data}, follow=True)

    def test_link_is_made_shown_and_opens_for_anybody(self):
        post = make_draft("公開前の題")
        response = self.make(post, days="30", note="監修の方")
        self.assertContains(response, "リンクを作りました")
        self.assertContains(response, "監修の方")
        link = PreviewLink.objects.get()
        assert (link.user, (link.expires_at - link.created_at).days) == (self.editor, 30)
        url = link.get_absolute_url()
        self.assertContains(response, f'value="http://127.0.0.1:8000{url}"')
        self.assertContains(Client().get(url), "公開前の題")

    @pytest.mark.postgresql
    def test_revoked_link_opens_no_more_and_stays_in_the_list(self):
        post = make_draft()
        self.make(post)
        link = PreviewLink.objects.get()
        response = self.client.post(revoke_page(link), follow=True)
        self.assertContains(response, "取り消しました")
        self.assertNotContains(response, link.get_absolute_url())
        assert Client().get(link.get_absolute_url()).status_code == 404
        revoked_at = PreviewLink.objects.get().revoked_at
        self.client.post(revoke_page(link))
        assert PreviewLink.objects.get().revoked_at == revoked_at

    @pytest.mark.postgresql
    def test_link_whose_maker_left_is_listed_as_ended(self):
        post, left = make_draft(), make_user("left", role=permissions.EDITOR)
        link = PreviewLink(post=post, user=left, note="監修の方")
        link.expire_after(7)
        link.save()
        self.assertContains(self.client.get(links_page(post)), link.get_absolute_url())
        left.delete()
        response = self.client.get(links_page(post))
        self.assertContains(response, "監修の方")
        self.assertContains(response, "もう開けません")
        self.assertNotContains(response, link.get_absolute_url())
        assert not PreviewLink.objects.get().is_usable
        assert not PreviewLink.objects.usable().exists()

    def test_link_of_another_post_is_not_revoked_by_this_one(self):
        post, other = make_draft(), make_draft()
        self.make(other)
        link = PreviewLink.objects.get()
        assert self.client.post(revoke_page(link, post)).status_code == 404
        assert self.client.post(f"/admin/blog/post/{post.pk}/preview-links/{'9' * 30}/revoke/").status_code == 404
        assert PreviewLink.objects.get().is_usable

    def test_who_may_read_the_history_sees_and_revokes_them_and_who_may_work_on_the_post_makes_them(self):
        writer = make_user("writer", role=permissions.WRITER)
        author = make_author("執筆者", "writer", user=writer)
        planned = make_post(author=author)
        self.plan(planned)
        cases = [
            (None, make_draft(), False, False),
            (make_user("staff"), make_post(), False, False),
            (writer, make_draft(), False, False),
            (writer, make_post(), False, False),
            (writer, make_draft(author=author), True, True),
            (writer, make_in_review(author=author), True, False),
            (writer, make_scheduled(author=author), True, False),
            (writer, make_post(author=author), True, True),
            (writer, planned, True, False),
        ]
        for number, (user, post, may_revoke, may_make) in enumerate(cases):
            with self.subTest(number):
                self.client.force_login(self.editor)
                self.make(post)
                link = post.preview_links.get()
                client = Client()
                if user:
                    client.force_login(user)
                response = client.get(links_page(post))
                assert (response.status_code == 200) is may_revoke
                assert (link.get_absolute_url() in response.content.decode()) is may_revoke
                assert ("リンクを作る" in response.content.decode()) is may_make
                form = client.get(url_of(post)).content.decode()
                assert (links_page(post) in form) is may_revoke
                client.post(links_page(post), {"days": "7"})
                assert post.preview_links.count() == (2 if may_make else 1)
                client.post(revoke_page(link))
                assert PreviewLink.objects.get(pk=link.pk).is_usable is not may_revoke

    def plan(self, post):
        """Has a change of the post go out in an hour."""
        post.title = "次の題"
        save_pending(post, by=self.editor, tags=[], related=[], expected_version=post.version)
        version = Post.objects.get(pk=post.pk).version
        plan_release(post, timezone.now() + timedelta(hours=1), by=self.editor, expected_version=version)


class RevisionPageTests(DeskCase):
    def test_any_version_is_shown_as_readers_would_get_it_and_nothing_is_saved(self):
        post = make_draft("元の題", body="元の本文", tags=["A"])
        post.title, post.body = "改題", "改めた本文"
        save_post(post, by=self.editor, tags=["B"])
        before = Post.objects.values().get(pk=post.pk)
        url = reverse("admin:blog_post_revision_page", args=[post.pk, 1])
        response = self.client.get(url)
        for part in ("元の題", "元の本文", 'rel="tag">A</a>'):
            self.assertContains(response, part)
        self.assertNotContains(response, "改")
        assert Post.objects.values().get(pk=post.pk) == before
        assert Client().get(url).status_code == 302
        self.client.force_login(make_user("writer", role=permissions.WRITER))
        assert self.client.get(url).status_code == 404
