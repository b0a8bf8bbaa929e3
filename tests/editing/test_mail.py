"""Mail on submission, return and publication."""

import pytest
from django.contrib.auth.models import User
from django.core import mail as django_mail
from django.test import TestCase

from blog.editing import mail
from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from blog.models import Post, QueuedTask
from tests.admin.desk import save, url_of, values_at
from tests.factories import make_author, make_draft, make_in_review, make_scheduled, make_user
from tests.queue import do_queued_tasks, try_queued_tasks

ADDRESSES = {
    "writer": "writer@example.jp",
    "editor": "editor@example.jp",
    "other": "other@example.jp",
    "keeper": "keeper@example.jp",
}


def people():
    writer = make_user("writer", role=WRITER, email=ADDRESSES["writer"], last_name="田中", first_name="花子")
    editor = make_user("editor", role=EDITOR, email=ADDRESSES["editor"])
    make_user("other", role=EDITOR, email=ADDRESSES["other"])
    make_user("mute", role=EDITOR)
    make_user("gone", role=EDITOR, email="gone@example.jp", is_active=False)
    make_user("keeper", role=ADMINISTRATOR, email=ADDRESSES["keeper"])
    make_user("reader", is_staff=False, permissions=("publish_post",), email="reader@example.jp")
    return writer, editor, make_author("田中花子", "tanaka", user=writer)


@pytest.mark.sqlite
class NoticeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.writer, cls.editor, cls.author = people()

    def press(self, user, post, **fields):
        self.client.force_login(user)
        data = {**values_at(self.client, url_of(post)), **fields}
        assert self.client.post(url_of(post), data).status_code == 302
        do_queued_tasks()
        return django_mail.outbox

    def test_whoever_may_publish_and_has_an_address_hears_of_a_submission(self):
        post = make_draft("円安の行方", author=self.author)
        (message,) = self.press(self.writer, post, _submit="1")
        assert message.to == [ADDRESSES["editor"], ADDRESSES["other"], ADDRESSES["keeper"]]
        assert message.subject == "【ALLFORCES】確認のお願い：円安の行方"
        assert "田中 花子さんが記事を確認に出しました。" in message.body
        assert f"http://127.0.0.1:8000{url_of(post)}" in message.body

    def test_writer_hears_why_an_article_came_back(self):
        (message,) = self.press(self.editor, make_in_review(author=self.author), _return="1", reason="出典を足す")
        assert message.to == [ADDRESSES["writer"]]
        assert "出典を足す" in message.body

    def test_writer_hears_of_the_publication_with_the_address(self):
        post = make_in_review(author=self.author, slug="円安")
        (message,) = self.press(self.editor, post, _publish="1")
        assert message.to == [ADDRESSES["writer"]]
        post.refresh_from_db()
        assert f"http://127.0.0.1:8000{post.get_absolute_url()}" in message.body

    def test_writer_hears_of_the_schedule_in_japans_time(self):
        post = make_in_review(author=self.author)
        at = {"publish_at_0": "2099-04-01", "publish_at_1": "08:00:00"}
        (message,) = self.press(self.editor, post, _schedule="1", **at)
        assert "2099年4月1日 08:00（日本時間）に公開します。" in message.body

    def test_nobody_hears_of_a_save_or_an_article_without_an_account(self):
        for post, fields in (
            (make_draft(author=self.author), {"_save": "1"}),
            (make_scheduled(author=self.author), {"_unschedule": "1"}),
            (make_draft(author=make_author("匿名", "none")), {"_publish": "1"}),
        ):
            assert self.press(self.editor, post, **fields) == []

    def test_writer_without_an_address_or_with_a_closed_account_is_left_alone(self):
        for fields in ({"email": ""}, {"is_active": False}):
            User.objects.filter(pk=self.writer.pk).update(**{"email": "a@example.jp", "is_active": True, **fields})
            author = type(self.author).objects.get(pk=self.author.pk)
            assert self.press(self.editor, make_draft(author=author), _publish="1") == []

    @pytest.mark.postgresql
    def test_line_end_in_a_title_makes_no_header(self):
        post = make_draft(author=self.author)
        Post.objects.filter(pk=post.pk).update(title="題\r\nBcc: evil@example.jp")
        message = mail.submitted(Post.objects.get(pk=post.pk), self.writer)
        assert message.message()["Subject"]
        assert "Bcc" not in message.message()


@pytest.mark.django_db
def test_mail_server_that_is_not_there_loses_no_save_and_gets_the_mail_later(client, settings):
    here, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # where nobody listens
    writer, _, author = people()
    post = make_draft("円安の行方", author=author)
    client.force_login(writer)
    response = save(client, url_of(post), _submit="1", body="直した本文")
    assert response.status_code == 302
    post.refresh_from_db()
    assert (post.state, post.body) == (Post.State.IN_REVIEW, "直した本文")
    try_queued_tasks()
    assert django_mail.outbox == []

    settings.EMAIL_BACKEND = here
    QueuedTask.objects.retry_now()
    do_queued_tasks()
    (message,) = django_mail.outbox
    assert message.subject == "【ALLFORCES】確認のお願い：円安の行方"
