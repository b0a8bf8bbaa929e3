"""The history of a static page: the list, the comparison, the preview and the restoring of revisions, and for whom."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from blog.editing.versions.static_pages import keep_unmerged_page, save_page
from blog.models import Page, PageRevision
from blog.text.bounds import MAX_CHARS
from tests.admin.desk import DeskCase, url_of
from tests.admin.test_roles import USERS
from tests.factories import make_page, make_user

Kind = PageRevision.Kind


def address(name, page, *args):
    return reverse(f"admin:blog_page_{name}", args=[page.pk, *args])


def edited(page, by, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    return save_page(page, by=by)


@pytest.mark.sqlite
class HistoryTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.page = make_page(body="一文。二文。三文。四文。五文。六文。")

    @pytest.mark.postgresql
    def test_page_without_history_says_so(self):
        self.assertContains(self.client.get(url_of(self.page, "history")), "この固定ページの履歴は、次に変更を保存した")

    @pytest.mark.postgresql
    def test_list_says_who_did_what(self):
        edited(self.page, make_user("yamada", last_name="山田", first_name="花子"), title="改題", path="/company/")
        edited(self.page, self.editor, is_published=False)
        response = self.client.get(url_of(self.page, "history"))
        for words in ("山田 花子", "タイトル、パス", "取り下げ", "履歴が始まる前の内容", "最新"):
            self.assertContains(response, words)
        self.assertContains(response, address("revision", self.page, 3))

    def test_revision_shows_what_it_changed_and_nothing_else(self):
        edited(self.page, self.editor, body=self.page.body.replace("六", "6"), is_published=False, footer_position=3)
        response = self.client.get(address("revision", self.page, 2))
        assert [change.label for change in response.context["changes"]] == ["本文", "公開する", "フッターの表示順"]
        self.assertContains(response, "<summary>変わらない4文</summary>一文。二文。三文。四文。")
        for words in ("<del>はい</del>", "<ins>いいえ</ins>", "<del>（なし）</del>", "<ins>3</ins>"):
            self.assertContains(response, words)

    @pytest.mark.postgresql
    def test_first_revision_shows_all_that_it_holds(self):
        page = save_page(Page(path="/new/", title="新しい", body="本文。", footer_position=0), by=self.editor)
        response = self.client.get(address("revision", page, 1))
        for words in ("/new/", "新しい", "本文。", "0"):
            self.assertContains(response, f"<ins>{words}</ins>")
        self.assertNotContains(response, "公開する</h2>")

    @pytest.mark.postgresql
    def test_any_two_versions_are_compared(self):
        for title in ("二", "三"):
            edited(self.page, self.editor, title=title)
        response = self.client.get(address("revision", self.page, 1) + "?against=3")
        self.assertContains(response, "<del>三</del>")

    def test_revision_is_shown_as_readers_would_get_it(self):
        edited(self.page, self.editor, title="改題", body="**新しい**文。")
        old = self.client.get(address("revision_page", self.page, 1))
        self.assertContains(old, "一文。二文。")
        self.assertContains(old, "noindex")
        new = self.client.get(address("revision_page", self.page, 2))
        public = Client().get(self.page.get_absolute_url()).content.decode()
        article = re.compile('<article class="article">.*</article>', re.DOTALL)
        assert article.search(new.content.decode())[0] == article.search(public)[0]
        assert Page.objects.get().title == "改題"

    def test_revision_that_cannot_be_rendered_any_more_says_why(self):
        edited(self.page, self.editor, title="改題")
        PageRevision.objects.filter(number=1).update(snapshot={"body": "あ" * (MAX_CHARS + 1)})
        response = self.client.get(address("revision_page", self.page, 1), follow=True)
        self.assertContains(response, "第1版のページを作れません")

    def test_restored_version_keeps_the_address_and_the_state(self):
        edited(self.page, self.editor, title="改題", body="別の文。", path="/company/", is_published=False)
        page = self.client.get(address("revision", self.page, 1))
        self.assertContains(page, "公開の状態とパスは変わりません")
        version = page.context["item"].version
        response = self.client.post(address("restore", self.page, 1), {"version": version}, follow=True)
        self.assertContains(response, "第1版の内容に戻しました")
        page = Page.objects.get()
        assert (page.title, page.path, page.is_published) == ("運営について", "/company/", False)
        assert page.body.startswith("一文。")
        newest = page.revisions.first()
        assert (newest.kind, newest.source.number, newest.user) == (Kind.RESTORED, 1, self.editor)

    @pytest.mark.postgresql
    def test_restoring_after_another_save_asks_again(self):
        edited(self.page, self.editor, title="改題")
        edited(self.page, self.editor, title="三つ目")
        for version in ("1", "", "x", "9" * 30):
            response = self.client.post(address("restore", self.page, 1), {"version": version}, follow=True)
            self.assertContains(response, "そのあいだに別の人がこの固定ページを保存しました")
        assert Page.objects.get().title == "三つ目"

    def test_version_that_is_no_longer_allowed_is_not_restored(self):
        edited(self.page, self.editor, title="改題")
        PageRevision.objects.filter(number=1).update(snapshot={"title": "", "body": "文。"})
        response = self.client.post(address("restore", self.page, 1), {"version": "1"}, follow=True)
        self.assertContains(response, "保存していません。タイトル：")
        assert Page.objects.get().title == "改題"

    @pytest.mark.postgresql
    def test_deletion_counts_the_revisions_and_takes_them_along(self):
        edited(self.page, self.editor, title="改題")
        self.assertContains(self.client.get(url_of(self.page, "delete")), "版：2件")
        assert self.client.post(url_of(self.page, "delete"), {"post": "yes"}).status_code == 302
        assert not PageRevision.objects.exists()

    def test_keys_that_lead_nowhere_are_404(self):
        edited(self.page, self.editor, title="改題")
        article = reverse("admin:blog_post_revision", args=[self.page.pk, 1])
        numbers = (address(name, self.page, 99) for name in ("revision", "revision_page", "merge"))
        for url in (*numbers, address("merge", self.page, 1), article, "/admin/blog/page/99/revisions/1/"):
            assert self.client.get(url).status_code == 404


# What each role gets from each page of a static page: the status of an answer, or "" for what needs a POST.
SEEN = {"history": 200, "revision": 200, "revision_page": 200}
DONE = {"restore": 302, "merge": 302}
ALLOWED = {
    **dict.fromkeys(("editor", "administrator"), SEEN | DONE),
    "only looks": SEEN | dict.fromkeys(DONE, 403),
    "anonymous": dict.fromkeys(SEEN | DONE, 302),
}


@pytest.mark.django_db
@pytest.mark.parametrize("who", [*(pytest.param(who, marks=pytest.mark.sqlite) for who in USERS), "only looks"])
def test_matrix(who):
    editor, client = make_user("chief", is_superuser=True), Client()
    user = make_user("only") if who == "only looks" else USERS[who]()
    if who == "only looks":
        user.user_permissions.add(Permission.objects.get(codename="view_page"))
    if user:
        client.get("/admin/login/")
        client.force_login(user)
    page = make_page()
    edited(page, editor, title="秘匿の題")
    mine = user or editor
    late = PageRevision(number=3, version=0, kind=Kind.UNMERGED, page=page, snapshot={"title": "衝突"}, user=mine)
    late.save()
    expected = ALLOWED.get(who, dict.fromkeys(SEEN | DONE, 403))
    found = {
        "history": client.get(url_of(page, "history")).status_code,
        "revision": client.get(address("revision", page, 2)).status_code,
        "revision_page": client.get(address("revision_page", page, 2)).status_code,
        "restore": client.post(address("restore", page, 1), {"version": 1}).status_code,
    }
    restored = Page.objects.get().title == "運営について"
    version = Page.objects.get().version
    answer = client.post(address("merge", page, 3), {"version": version, "overwrite": "1"})
    assert found | {"merge": answer.status_code} == expected
    assert restored == (Page.objects.get().title == "衝突") == (who in ("editor", "administrator"))


@pytest.mark.django_db
def test_edit_of_a_user_who_lost_the_right_meanwhile_is_not_kept_by_the_code_below_the_views():
    page, user = make_page(), make_user()
    with pytest.raises(PermissionDenied):
        keep_unmerged_page(page, {"title": "題"}, by=user, version=0)
