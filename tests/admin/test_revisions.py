"""The history at the desk: the list, the comparison and the restoring of revisions, and who may use them."""

import pytest
from django.urls import reverse

from blog.editing import permissions
from blog.editing.pending import save_pending
from blog.editing.saving import save_post
from blog.models import Post, PostRevision
from tests.admin.desk import DeskCase, save, url_of
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_in_review,
    make_post,
    make_released,
    make_scheduled,
    make_user,
)

# About what the pages of a history show and to whom: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

Kind = PostRevision.Kind


def address(name, post, *args):
    return reverse(f"admin:blog_post_{name}", args=[post.pk, *args])


def edited(post, *, by=None, tags=None, related=None, **fields):
    for name, value in fields.items():
        setattr(post, name, value)
    return save_post(post, by=by, tags=tags, related=related)


class HistoryTests(DeskCase):
    def test_list_says_who_did_what_and_when(self):
        post = make_draft("題")
        edited(post, by=make_user("yamada", last_name="山田", first_name="花子"), title="改題", tags=["A"])
        post.status = Post.Status.IN_REVIEW
        save_post(post, by=self.editor)
        response = self.client.get(url_of(post, "history"))
        for words in ("山田 花子", "確認を依頼", "タイトル、タグ", "履歴が始まる前の内容", "最新", "（自動）"):
            self.assertContains(response, words)
        self.assertContains(response, address("revision", post, 3))

    @pytest.mark.postgresql
    def test_reason_of_a_return_stays_after_the_writer_has_submitted_the_text_again(self):
        post = make_in_review()
        assert (
            save(self.client, url_of(post), _return="1", reason="数字の出典を\n<b>足して</b>ください").status_code
            == 302
        )
        assert save(self.client, url_of(post), body="出典を足した。", _submit="1").status_code == 302
        returned = post.revisions.get(kind=Kind.RETURNED)
        assert not post.revisions.exclude(pk=returned.pk).exclude(return_reason="").exists()
        for url in (url_of(post, "history"), address("revision", post, returned.number)):
            self.assertContains(self.client.get(url), "数字の出典を<br>&lt;b&gt;足して&lt;/b&gt;ください")

    def test_revision_shows_what_it_changed_and_nothing_else(self):
        post = make_draft(
            "円高の行方", excerpt="変わらないリード。", body="一文。二文。三文。四文。五文。六文。", tags=["A"]
        )
        edited(post, by=self.editor, title="円安の行方", body=post.body.replace("六", "6"), tags=["A", "B"])
        response = self.client.get(address("revision", post, 2))
        self.assertContains(response, "円<del>高</del>の行方")
        self.assertContains(response, "円<ins>安</ins>の行方")
        self.assertContains(response, "<del>A</del>")
        self.assertContains(response, "<ins>A、B</ins>")
        self.assertContains(response, "<summary>変わらない4文</summary>一文。二文。三文。四文。")
        self.assertNotContains(response, "変わらないリード")

    def test_any_two_versions_are_compared(self):
        post = make_draft("一")
        for title in ("二", "三"):
            edited(post, by=self.editor, title=title)
        response = self.client.get(address("revision", post, 1) + "?against=3")
        self.assertContains(response, "<del>三</del>")
        self.assertContains(response, "<ins>一</ins>")

    def test_two_versions_that_are_ticked_in_the_history_are_compared_the_older_one_first(self):
        post = make_draft("一")
        for title in ("二", "三"):
            edited(post, by=self.editor, title=title)
        self.assertContains(self.client.get(url_of(post, "history")), 'name="compare" value="3"')
        response = self.client.get(url_of(post, "history"), {"compare": ["3", "1"]}, follow=True)
        self.assertContains(response, "<del>一</del>")
        self.assertContains(response, "<ins>三</ins>")
        self.assertContains(response, 'name="against" min="1" max="3" value="1"')

    def test_what_was_written_is_shown_as_text(self):
        post = make_draft("題", body="</script><script>alert(1)</script>。")
        edited(post, by=self.editor, title="<b>題</b>", body="<img src=x onerror=alert(1)>。")
        html = self.client.get(address("revision", post, 2)).content.decode()
        for markup in ("<script>alert", "<img src=x", "<b>題"):
            assert markup not in html


class RestoreTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.post = make_released("元の題", body="元の本文。", tags=["A"])
        edited(self.post, by=self.editor, title="改題", body="改めた本文。", tags=["B"])
        self.post = Post.objects.get(pk=self.post.pk)

    def restore(self, number=1, post=None, **data):
        post = post or self.post
        return self.client.post(address("restore", post, number), {"version": post.version, **data}, follow=True)

    def test_old_version_comes_back_and_readers_see_it(self):
        self.assertContains(self.restore(), "第1版の内容に戻しました。")
        post = Post.objects.get(pk=self.post.pk)
        assert (post.title, [tag.name for tag in post.tag_list]) == ("元の題", ["A"])
        assert post.revisions.first().who == "editor"
        assert "元の本文" in self.client.get(post.get_absolute_url()).content.decode()

    def test_old_version_can_come_back_without_being_seen(self):
        self.assertContains(self.restore(pending="1"), "まだ公開していません")
        post = Post.objects.get(pk=self.post.pk)
        assert (post.title, post.pending_revision.snapshot["title"]) == ("改題", "元の題")

    @pytest.mark.postgresql
    def test_who_did_not_see_the_newest_save_is_told_and_nothing_is_saved(self):
        for version in (self.post.version - 1, "", "x", "-1", "9" * 30, "１"):
            self.assertContains(self.restore(version=version), "そのあいだに別の人がこの記事を保存しました")
        assert Post.objects.get(pk=self.post.pk).title == "改題"

    def test_what_cannot_come_back_is_named(self):
        gone = make_image()
        edited(self.post, by=self.editor, lead_image=gone)
        edited(self.post, by=self.editor, lead_image=None)
        gone.delete()
        self.post = Post.objects.get(pk=self.post.pk)
        response = self.restore(4)
        self.assertContains(response, "リード画像「red.png」")


NOBODY = {
    "anonymous": None,
    "reader with an account": {"is_staff": False, "permissions": ("change_post", "publish_post")},
    "staff without a role": {},
    "another writer": {"role": permissions.WRITER},
}


@pytest.mark.django_db
@pytest.mark.parametrize("who", NOBODY)
@pytest.mark.parametrize("make", [make_draft, make_post])
def test_history_of_somebody_elses_post_is_closed(client, who, make):
    """Also that of a public one: it holds the pending version."""
    post = make("秘匿の題")
    edited(post, by=make_user("other", is_superuser=True), title="改題")
    if NOBODY[who] is not None:
        client.force_login(make_user(**NOBODY[who]))
    for response in (
        client.get(url_of(post, "history")),
        client.get(address("revision", post, 1)),
        client.post(address("restore", post, 1), {"version": post.version}),
    ):
        assert response.status_code in (302, 403, 404)
        assert "秘匿" not in response.content.decode()
    assert Post.objects.get(pk=post.pk).title == "改題"


@pytest.mark.django_db
def test_writer_reads_the_history_of_an_own_post_and_restores_what_is_still_theirs(client):
    writer = make_user("writer", role=permissions.WRITER)
    author = make_author("執筆者", "writer", user=writer)
    client.force_login(writer)
    for make, may in ((make_draft, True), (make_in_review, False), (make_scheduled, False)):
        post = make("元の題", author=author)
        edited(post, by=writer, title="改題")
        assert client.get(url_of(post, "history")).status_code == 200
        response = client.get(address("revision", post, 1))
        assert ("この版に戻す" in response.content.decode()) is may
        answer = client.post(address("restore", post, 1), {"version": post.version})
        assert answer.status_code == (302 if may else 403)
        assert Post.objects.get(pk=post.pk).title == ("元の題" if may else "改題")


@pytest.mark.django_db
def test_old_version_does_not_take_the_article_back_to_its_old_author(client):
    """Otherwise a writer could sign as another author, and would lose the article by it."""
    writer = make_user("writer", role=permissions.WRITER)
    own = make_author("執筆者", "writer", user=writer)
    for user in (writer, make_user("editor", role=permissions.EDITOR)):
        client.force_login(user)
        post = make_draft("元の題", author=make_author(f"{user}の前", f"before-{user}"))
        edited(post, by=user, title="改題", author=own)
        assert client.post(address("restore", post, 1), {"version": post.version}).status_code == 302
        post = Post.objects.get(pk=post.pk)
        assert (post.title, post.author) == ("元の題", own)


@pytest.mark.django_db
def test_pending_version_is_marked_in_the_history(client):
    editor = make_user("editor", role=permissions.EDITOR)
    client.force_login(editor)
    post = make_post("公開中の題")
    post.title = "次の題"
    save_pending(post, by=editor, tags=[], related=[], expected_version=post.version)
    html = client.get(url_of(post, "history")).content.decode()
    assert "公開せずに保存" in html
    assert '<span class="versions__mark">公開前</span>' in html
