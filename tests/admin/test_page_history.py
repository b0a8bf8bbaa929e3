"""The history of a static page: the list, the comparison, the preview and the restoring of revisions, and for whom."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from blog.editing.static_pages import save_page
from blog.models import Page, PageRevision
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
