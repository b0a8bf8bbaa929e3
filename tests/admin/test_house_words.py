"""The house's word list at the desk."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils.html import escape

from blog.editing.checking import audit_unchecked
from blog.models import HouseWord, PostFinding, QueuedTask
from tests.admin.desk import DeskCase, fields_of, url_of
from tests.factories import make_draft, make_post

pytestmark = pytest.mark.sqlite

KIND = HouseWord.Kind


class HouseWordTests(DeskCase):
    def test_each_change_of_a_word_queues_the_audit_which_counts_it_under_its_own_name(self):
        post = make_post(body="サーバを冷やす。\n")

        def audited():
            queued = QueuedTask.objects.filter(task_path__endswith="audit_unchecked")
            assert queued.exists()
            queued.delete()
            audit_unchecked.func()
            return list(PostFinding.objects.filter(code="house_word").values_list("post", flat=True))

        word = self.added(HouseWord, kind=KIND.SPELLING, word="サーバ", preferred="サーバー")
        assert audited() == [post.pk]
        word = self.saved(word, word="サーバを", preferred="サーバーを")
        assert audited() == [post.pk]
        self.client.post(url_of(word, "delete"), {"post": "yes"})
        assert audited() == []

    @pytest.mark.postgresql
    def test_editor_adds_and_changes_words(self):
        word = self.added(HouseWord, kind=KIND.SPELLING, word="サーバ", preferred="サーバー")
        assert str(word) == "サーバ → サーバー"
        assert self.saved(word, note="長音を付ける").note == "長音を付ける"

    @pytest.mark.postgresql
    def test_spellings_that_undo_each_other_are_refused(self):
        web = self.added(HouseWord, kind=KIND.SPELLING, word="ウェブ", preferred="Web")
        self.added(HouseWord, kind=KIND.SPELLING, word="事", preferred="こと")
        for word, preferred in (
            ("Web", "ウェブ"),
            ("Webの", "ウェブの"),
            ("ホームページ", "ウェブ ページ"),
            ("そう言う事", "そういう事"),
            ("こと", "事柄"),
            ("また", "またまた"),
        ):
            with self.subTest(word):
                assert self.refused(HouseWord, kind=KIND.SPELLING, word=word, preferred=preferred)
        self.saved(web, note="見出しでも")

    @pytest.mark.postgresql
    def test_words_that_contradict_themselves_are_refused(self):
        self.added(HouseWord, kind=KIND.BANNED, word="爆上げ")
        for fields in (
            {"kind": KIND.BANNED, "word": "爆上げ"},
            {"kind": KIND.BANNED, "word": ""},
            {"kind": KIND.BANNED, "word": "高騰", "preferred": "上昇"},
            {"kind": KIND.SPELLING, "word": "サーバ"},
            {"kind": KIND.SPELLING, "word": "同じ", "preferred": "同じ"},
            {"kind": KIND.BANNED, "word": "長" * 101},
            {"kind": KIND.BANNED, "word": "制御\x00"},
            {"kind": "nonsense", "word": "語"},
        ):
            with self.subTest(fields):
                assert self.refused(HouseWord, **fields)
        assert HouseWord.objects.count() == 1

    def test_tails_that_many_titles_share_are_offered_until_they_are_listed(self):
        for number in range(5):
            make_post(f"電力{number}は足りるのか？の最新動向")
            make_draft(f"次の一手{number}は何か？の全貌")
            make_post(f"電力{number}は足りるのか？{'の長い題' * 30}")
        make_post("立地はどう決まるのか？の行方")
        add = f"{reverse('admin:blog_houseword_add')}?kind=tail&word={quote('の最新動向')}"
        response = self.client.get(reverse("admin:blog_houseword_changelist"))
        assert response.context["tails"] == [("の最新動向", 5)]
        self.assertContains(response, escape(add))
        assert fields_of(self.client.get(add))["word"] == "の最新動向"
        self.added(HouseWord, kind=KIND.TAIL, word="の最新動向")
        assert self.client.get(reverse("admin:blog_houseword_changelist")).context["tails"] == []
