"""The desk shows what the worker has to do, and says so if nobody does it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus

from blog.editing import mail
from blog.editing.permissions import EDITOR, WRITER
from blog.models import QueuedTask
from blog.pictures.cards import refresh_card
from tests.admin.desk import DeskCase, url_of
from tests.factories import make_user
from tests.queue import try_queued_tasks

# About what the list says of a task: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

LIST, START = url_of(QueuedTask, "changelist"), reverse("admin:index")


class QueueTests(DeskCase):
    def failed(self):
        with self.settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
            mail.send.enqueue(["hidden@example.jp"], "題", "<b>秘密の本文</b>")
            try_queued_tasks()
        return QueuedTask.objects.get()

    def test_list_names_each_task_and_its_state_and_hides_what_it_was_told(self):
        task = self.failed()
        refresh_card.enqueue(0)
        response = self.client.get(LIST)
        for words in ("メールを送る", "失敗", "共有カードを描く", "待機中"):
            self.assertContains(response, words)
        for page in (response, self.client.get(url_of(task))):
            self.assertNotContains(page, "hidden@example.jp")
            self.assertNotContains(page, "秘密の本文")
            self.assertContains(page, "登録日時")
            self.assertNotContains(page, "QueuedTask object")
            assert re.search(r">\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d<", page.content.decode())
        self.assertContains(self.client.get(url_of(task)), "SMTPServerDisconnected")
        self.assertNotContains(self.client.get(url_of(task)), "Traceback")  # a mail server's words name addresses
        self.client.force_login(make_user("chief", is_superuser=True))
        self.assertContains(self.client.get(url_of(task)), "Traceback")

    def test_failed_task_is_tried_again_from_the_list(self):
        task = self.failed()
        QueuedTask.objects.requeue()
        self.assertContains(self.client.get(LIST), "やり直し待ち")
        asked = {"action": "try_again", "_selected_action": [task.pk]}
        self.assertContains(self.client.post(LIST, asked, follow=True), "1件をもう一度試します。")
        try_queued_tasks()
        assert QueuedTask.objects.get().status == TaskResultStatus.SUCCESSFUL
        self.assertContains(self.client.post(LIST, asked, follow=True), "やり直せる作業はありません")
        assert QueuedTask.objects.get().status == TaskResultStatus.SUCCESSFUL

    @pytest.mark.postgresql
    def test_nobody_changes_adds_or_deletes_a_task(self):
        task = self.failed()
        assert self.client.post(url_of(task), {"status": "SUCCESSFUL"}).status_code == 403
        assert self.client.post(url_of(task, "delete"), {"post": "yes"}).status_code == 403
        assert self.client.get(url_of(QueuedTask, "add")).status_code == 403
        self.client.force_login(make_user("writer", role=WRITER))
        assert self.client.get(LIST).status_code == 403
        assert self.client.post(LIST, {"action": "try_again", "_selected_action": [task.pk]}).status_code == 403


@pytest.mark.django_db
def test_start_page_says_quietly_that_nobody_does_the_work(client):
    client.force_login(make_user(role=EDITOR))
    refresh_card.enqueue(0)
    assert "1分以上待っています" not in client.get(START).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        text = client.get(START).content.decode()
        assert "1分以上待っています" in text
        assert f'href="{LIST}"' in text
        client.force_login(make_user("writer", role=WRITER))
        assert "1分以上待っています" not in client.get(START).content.decode()
        try_queued_tasks()
        client.force_login(make_user("other", role=EDITOR))
        assert "待っています" not in client.get(START).content.decode()
