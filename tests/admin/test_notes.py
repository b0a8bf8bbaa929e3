"""Notes between colleagues on an article, and who else types in it."""

import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from blog.models import Autosave, PostNote
from tests.admin.desk import DeskCase
from tests.factories import make_author, make_draft, make_in_review, make_page, make_post, make_user
from tests.queue import do_queued_tasks

pytestmark = pytest.mark.sqlite


def url_of(post):
    return reverse("admin:blog_post_notes", args=[post.pk])


SENT = {"key": str(uuid.UUID(int=1)), "known": "", "base_version": 0, "fields_json": '[["body", "文"]]'}


class NoteTests(DeskCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.writer = make_user("writer", role=WRITER, email="writer@example.jp", last_name="書手")
        cls.post = make_in_review("記事", author=make_author("書き手", "writer", user=cls.writer))

    def write(self, text="出典を確かめてください。", **fields):
        response = self.client.post(url_of(self.post), {"text": text, **fields}, follow=True)
        do_queued_tasks()
        return response

    @pytest.mark.postgresql
    def test_note_is_kept_mailed_to_whom_it_is_addressed_and_stands_on_their_board(self):
        self.assertContains(self.write(to=self.writer.pk), "書手さんにメモを書きました")
        note = PostNote.objects.get()
        assert (note.text, note.by, note.to) == ("出典を確かめてください。", self.editor, self.writer)
        (sent,) = mail.outbox
        assert sent.to == ["writer@example.jp"]
        assert "出典を確かめてください。" in sent.body
        assert url_of(self.post) in sent.body
        board = reverse("admin:index")
        self.assertNotContains(self.client.get(board), "自分あてのメモ")
        self.client.force_login(self.writer)
        self.assertContains(self.client.get(board), f"{url_of(self.post)}#note-{note.pk}")
        self.assertContains(self.client.post(url_of(self.post), {"done": note.pk}, follow=True), "済みにしました")
        self.assertNotContains(self.client.get(board), "自分あてのメモ")
        self.assertContains(self.client.get(url_of(self.post)), "出典を確かめてください。")
        self.assertContains(self.client.post(url_of(self.post), {"done": note.pk}, follow=True), "もう済み")

    @pytest.mark.postgresql
    def test_note_is_settled_once_and_noted_in_the_log(self):
        self.write()
        note = PostNote.objects.get()
        for _ in range(2):
            self.client.post(url_of(self.post), {"done": note.pk})
        entry = LogEntry.objects.get(change_message__contains="メモを済みにした")
        assert (entry.user, entry.object_repr) == (self.editor, "記事")

    def test_who_may_not_read_the_notes_finds_no_link_to_them(self):
        other = make_post(author=make_author("別の人", "other"))
        form = reverse("admin:blog_post_change", args=[other.pk])
        self.assertContains(self.client.get(form), url_of(other))
        self.client.force_login(self.writer)
        self.assertNotContains(self.client.get(form), url_of(other))

    @pytest.mark.postgresql
    def test_form_that_is_sent_twice_writes_one_note(self):
        key = self.client.get(url_of(self.post)).context["form_key"]
        for _ in range(2):
            self.assertContains(self.write(to=self.writer.pk, form_key=key), "書手さんにメモを書きました")
        assert (PostNote.objects.count(), len(mail.outbox)) == (1, 1)
        self.write("戻って書き換えた。", form_key=key)
        self.write(form_key=self.client.get(url_of(self.post)).context["form_key"])
        assert PostNote.objects.count() == 3

    def test_bad_input_is_told_and_loses_nothing(self):
        stranger = make_user("stranger", role=WRITER)
        for fields, message in (
            ({"text": " "}, "入力が必要です"),
            ({"text": "長" * 2_001}, "2000"),
            ({"text": "残る文", "to": stranger.pk}, "残る文"),
            ({"text": "残る文", "to": "x"}, "残る文"),
        ):
            with self.subTest(message):
                self.assertContains(self.write(**fields), message)
        assert not PostNote.objects.exists()

    def test_note_on_an_article_that_became_hidden_is_not_on_the_board(self):
        self.write(to=self.writer.pk)
        self.post.author = make_author("別の人", "other")
        self.post.save()
        self.client.force_login(self.writer)
        self.assertNotContains(self.client.get(reverse("admin:index")), "自分あてのメモ")


READS = {
    ("writer", "own"),
    ("editor", "own"),
    ("editor", "other"),
    ("administrator", "own"),
    ("administrator", "other"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_draft, make_post])
@pytest.mark.parametrize("whose", ["own", "other"])
@pytest.mark.parametrize(
    "who",
    [
        "anonymous",
        "staff without a role",
        "writer",
        pytest.param("editor", marks=pytest.mark.postgresql),
        "administrator",
    ],
)
def test_only_the_writer_and_editors_read_and_write_notes(who, whose, make):
    role = {"writer": WRITER, "editor": EDITOR, "administrator": ADMINISTRATOR}.get(who)
    user, client = make_user("who", role=role) if who != "anonymous" else None, Client()
    if user:
        client.force_login(user)
    author = make_author("署名", "own", user=user) if whose == "own" else make_author("別", "other")
    post = make(author=author)
    PostNote.objects.create(post=post, text="秘匿のメモ", by_name="誰か")
    shown = client.get(url_of(post))
    client.post(url_of(post), {"text": "書き足し"})
    may = (who, whose) in READS
    assert (shown.status_code == 200 and "秘匿のメモ" in shown.content.decode()) == may
    assert (PostNote.objects.count() == 2) == may


# --- who else has it open ---


def typed(editor, ago=timedelta(minutes=1), **fields):
    return Autosave.objects.create(
        editor=editor,
        key=uuid.uuid4(),
        fields_json=json.dumps([["body", "x"]]),
        saved_at=timezone.now() - ago,
        **fields,
    )


class OthersTests(DeskCase):
    """Two editors who type in one article learn of each other from the answer to the next autosave."""

    def others(self, **changes):
        answer = self.client.post(reverse("desk:autosave_keep"), {**SENT, **changes})
        return answer.json()["others"]

    @pytest.mark.postgresql
    def test_autosave_names_who_types_in_the_same_article_or_page(self):
        post, page, other = make_post(), make_page(), make_user("deputy", role=EDITOR, last_name="副")
        typed(other, post=post)
        typed(other, page=page, form=Autosave.Form.PAGE)
        assert "副さんも開いています" in self.others(object=post.pk)[0]
        assert "副さんも開いています" in self.others(object=page.pk, form="page", key=uuid.uuid4())[0]
        self.assertContains(self.client.get(reverse("admin:blog_post_change", args=[post.pk])), "副さんも開いています")

    def test_who_stopped_or_saved_is_not_named(self):
        post, other = make_post(), make_user("deputy", role=EDITOR)
        typed(other, post=post, ago=timedelta(minutes=11))
        typed(make_user("third", role=EDITOR), post=post, is_done=True)
        assert self.others(object=post.pk) == []

    def test_form_tells_of_others_and_of_open_notes_only_whom_it_concerns(self):
        writer = make_user("writer", role=WRITER)
        own, other = make_in_review(author=make_author("書き手", "writer", user=writer)), make_post("他人の記事")
        for post in (own, other):
            typed(self.editor, post=post)
            PostNote.objects.create(post=post, text="メモ")
        self.client.force_login(writer)
        for post, may in ((own, True), (other, False)):
            page = self.client.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()
            for what in ("さんも開いています", "メモが1件あります", 'class="historylink"'):
                assert (what in page) == may, what
