"""The log of acts tells who did what, when and from where, and nobody changes it."""

import csv
import io
from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from blog.admin.trail.entry_admin import AuditEntryAdmin
from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from blog.editing.renaming import merge_tags
from blog.models import AuditEntry, Author, Image, Post, QueuedTask, Tag, TagGroup
from blog.operations.leftovers import remove_rows
from blog.pictures.cards import refresh_card
from tests.admin.desk import DeskCase, fields_of, save, url_of
from tests.factories import make_author, make_draft, make_image, make_post, make_user
from tests.jekyll.site import png

LIST = reverse("admin:blog_auditentry_changelist")
EXPORT = reverse("admin:blog_auditentry_export")
HERE = "192.0.2.7"


def told(**about):
    """(who, act, target, detail, address) of the entries about articles and the like, oldest first."""
    found = AuditEntry.objects.filter(**about).exclude(kind="auth.user").order_by("pk")
    return [(entry.user_name, entry.act, entry.name, entry.detail, entry.address) for entry in found]


class EntryTests(DeskCase):
    def setUp(self):
        super().setUp()
        AuditEntry.objects.all().delete()
        self.client.defaults["REMOTE_ADDR"] = HERE

    def test_save_of_an_article_is_noted_with_its_revision_and_the_address_it_came_from(self):
        post = make_draft("題")
        began = timezone.now()
        self.saved(post, body="別の本文です。")
        assert told() == [("editor", "saved", "題", "第2版", HERE)]
        entry = AuditEntry.objects.get()
        assert (entry.kind, entry.key, entry.user_key) == ("blog.post", str(post.pk), self.editor.pk)
        assert began <= entry.at <= timezone.now()
        save(self.client, url_of(post), _publish="1")
        assert told()[-1][:3] == ("editor", "published", "題")

    @pytest.mark.sqlite
    def test_save_that_changes_nothing_is_no_act(self):
        post = make_draft("題")
        self.saved(post)
        assert told() == []

    @pytest.mark.sqlite
    def test_refused_save_leaves_no_entry(self):
        post = make_draft("題")
        assert "title" in self.refused(post, title="")
        assert told() == []

    @pytest.mark.sqlite
    def test_deleted_article_is_known_by_name(self):
        post = make_draft("消す記事")
        self.client.post(url_of(post, "delete"), {"post": "yes"})
        assert not Post.objects.filter(pk=post.pk).exists()
        assert told() == [("editor", "deleted", "消す記事", "", HERE)]

    def test_forms_of_other_rows_are_noted_once_with_what_changed(self):
        author = self.added(Author, name="新しい著者", slug="new")
        self.saved(author, name="別の名前")
        self.client.post(url_of(author, "delete"), {"post": "yes"})
        assert [entry[:3] for entry in told()] == [
            ("editor", "added", "新しい著者"),
            ("editor", "changed", "別の名前"),
            ("editor", "deleted", "別の名前"),
        ]
        assert told()[1][3] == "署名を変更しました。"

    @pytest.mark.sqlite
    def test_merged_tags_are_noted(self):
        make_post(tags=["一", "二"])
        tags = list(Tag.objects.order_by("pk"))
        AuditEntry.objects.all().delete()
        action = {"action": "merge", "_selected_action": [tag.pk for tag in tags], "confirmed": "1", "into": "一"}
        self.client.post(url_of(Tag, "changelist"), action)
        assert [entry[1:3] for entry in told()] == [("deleted", "二"), ("changed", "一")]

    def test_front_page_picture_preview_link_and_export_are_noted(self):
        post = make_post("題")
        AuditEntry.objects.all().delete()
        page = reverse("admin:blog_frontpick_changelist")
        self.client.post(page, fields_of(self.client.get(page)) | {"top-0-post": post.pk})
        upload = {"image": io.BytesIO(png()), "alt": "絵"}
        upload["image"].name = "a.png"
        assert self.client.post("/admin/markdownx/upload/", upload).status_code == 200
        links = reverse("admin:blog_post_preview_links", args=[post.pk])
        self.client.post(links, {"note": "広報", "days": 1})
        link = post.preview_links.get()
        self.client.post(reverse("admin:blog_post_revoke_link", args=[post.pk, link.pk]))
        assert [entry[1] for entry in told()] == ["changed", "added", "added", "deleted"]
        assert "題" in told()[0][3]
        assert told()[2][2:4] == ("題", "広報")

    def test_undone_transaction_leaves_no_entry(self):
        post = make_draft("題")
        with transaction.atomic():
            AuditEntry.objects.note(AuditEntry.Act.CHANGED, post)
            transaction.set_rollback(True)
        assert told() == []

    def test_command_is_noted_without_a_user_and_an_address(self):
        make_post(tags=["一", "二"])
        merge_tags(Tag.objects.filter(name="一"), Tag.objects.get(name="二"))
        entry = AuditEntry.objects.note(AuditEntry.Act.CHANGED, make_author())
        assert (entry.user_name, entry.address, entry.who) == ("", None, "（コマンド）")

    # --- who reads and who changes ---

    @pytest.mark.sqlite
    def test_list_shows_entries_and_finds_them_by_user_name_and_address(self):
        self.saved(make_draft("探す題"), body="別の本文です。")
        for words in ("editor", "探す題", HERE):
            self.assertContains(self.client.get(LIST, {"q": words}), "記事「探す題」")
        self.assertNotContains(self.client.get(LIST, {"q": "192.0.2.8"}), "記事「探す題」")
        self.assertContains(self.client.get(LIST, {"act__exact": "saved"}), "記事「探す題」")
        self.assertNotContains(self.client.get(LIST, {"act__exact": "deleted"}), "記事「探す題」")
        self.assertContains(self.client.get(url_of(AuditEntry.objects.first())), "第2版")

    def test_nobody_adds_changes_or_deletes_an_entry(self):
        self.saved(make_draft("題"), body="別の本文です。")
        entry = AuditEntry.objects.first()
        for user in (make_user("chief", role=ADMINISTRATOR), make_user("root", is_superuser=True)):
            self.client.force_login(user)
            assert self.client.get(url_of(AuditEntry, "add")).status_code == 403
            assert self.client.post(url_of(entry), {"name": "別"}).status_code == 403
            assert self.client.post(url_of(entry, "delete"), {"post": "yes"}).status_code == 403
            sent = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
            self.client.post(LIST, sent)
        assert AuditEntry.objects.filter(pk=entry.pk, name="題").exists()

    def test_database_refuses_a_change(self):
        entry = AuditEntry.objects.note(AuditEntry.Act.CHANGED, name="題")
        for change in (lambda: AuditEntry.objects.filter(pk=entry.pk).update(name="別"), entry.save):
            with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
                change()
        assert AuditEntry.objects.get(pk=entry.pk).name == "題"

    def test_writer_does_not_read_it(self):
        self.client.force_login(make_user("writer", role=WRITER))
        assert self.client.get(LIST).status_code == 403
        assert self.client.get(EXPORT).status_code == 403

    def test_list_costs_the_same_however_many_entries_there_are(self):
        AuditEntry.objects.note(AuditEntry.Act.CHANGED, name="題")
        with self.assertNumQueries(5):
            self.client.get(LIST)
        for _ in range(5):
            AuditEntry.objects.note(AuditEntry.Act.CHANGED, name="題")
        with self.assertNumQueries(5):
            self.client.get(LIST)

    # --- export and age ---

    @pytest.mark.sqlite
    def test_export_has_what_the_list_shows_and_is_noted_itself(self):
        post = make_draft("=1+1")
        self.saved(post, body="別の本文です。")
        self.saved(make_draft("別の題"), body="別の本文です。")
        response = self.client.get(EXPORT, {"q": "1+1"})
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["した人"], row["したこと"], row["対象"], row["アドレス"]) for row in rows] == [
            ("editor", "保存", "'=1+1", HERE)
        ]
        assert response["Content-Disposition"].startswith('attachment; filename="audit-')
        assert AuditEntry.objects.first().act == "exported"

    @pytest.mark.sqlite
    def test_export_has_no_pages(self):
        self.saved(make_draft(), body="別の本文です。")
        self.saved(make_draft(), body="別の本文です。")
        listed = self.client.get(reverse("admin:blog_auditentry_changelist"), {"q": "editor", "p": "1"})
        self.assertContains(listed, f'"{EXPORT}?q=editor"')
        with mock.patch.object(AuditEntryAdmin, "list_per_page", 1):
            assert self.client.get(EXPORT, {"p": "999"}).status_code == 302

    def test_export_with_an_undeclared_filter_is_refused(self):
        assert self.client.get(EXPORT, {"user_name__regex": "(a+)+$"}).status_code == 400

    def test_entries_stay_unless_a_setting_says_for_how_long(self):
        for days in (400, 10):
            AuditEntry.objects.create(act="changed", name=f"{days}", at=timezone.now() - timedelta(days=days))
        remove_rows()
        assert AuditEntry.objects.filter(name="400").exists()
        with self.settings(AUDIT_DAYS=365):
            assert remove_rows()["entries of the log of acts"] == 1
        assert list(AuditEntry.objects.values_list("name", flat=True)) == ["10"]


@pytest.mark.django_db
def test_export_of_the_articles_is_noted(tmp_path):
    make_post()
    make_image()
    call_command("export_jekyll", tmp_path / "out", verbosity=0)
    assert AuditEntry.objects.first().act == "exported"


@pytest.mark.django_db
def test_roles_may_read(client):
    for role, status in ((EDITOR, 200), (ADMINISTRATOR, 200)):
        client.force_login(make_user(role, role=role))
        assert client.get(LIST).status_code == status


class UndoneTests(DeskCase):
    """An act whose note cannot be written is not done: both stand in one transaction."""

    def setUp(self):
        super().setUp()
        self.client.raise_request_exception = False
        self.client.force_login(make_user("boss", is_superuser=True))

    def act(self, *request):
        with mock.patch.object(type(AuditEntry.objects.all()), "create", side_effect=RuntimeError("no note")):
            assert self.client.post(*request).status_code == 500

    def test_tags_stay_where_they_are(self):
        make_post(tags=["一", "二"])
        group = TagGroup.objects.create(name="企業", position=1)
        one, two = Tag.objects.get(name="一"), Tag.objects.get(name="二")
        chosen = {"_selected_action": [one.pk, two.pk], "confirmed": "1"}
        self.act(url_of(Tag, "changelist"), {**chosen, "action": "move", "group": group.pk})
        assert not Tag.objects.filter(group=group).exists()
        self.act(url_of(Tag, "changelist"), {**chosen, "action": "merge", "into": "二"})
        assert {*Tag.objects.values_list("name", flat=True)} >= {"一", "二"}

    def test_failed_task_waits_for_somebody(self):
        refresh_card.enqueue(1)
        QueuedTask.objects.update(status="FAILED")
        chosen = {"_selected_action": [task.pk for task in QueuedTask.objects.all()], "action": "try_again"}
        self.act(url_of(QueuedTask, "changelist"), chosen)
        assert {task.status for task in QueuedTask.objects.all()} == {"FAILED"}

    def test_picture_is_not_kept(self):
        upload = io.BytesIO(png())
        upload.name = "a.png"
        self.act("/admin/markdownx/upload/", {"image": upload, "alt": "絵"})
        assert not Image.objects.exists()
