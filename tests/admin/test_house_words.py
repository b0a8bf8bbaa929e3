"""The house's word list at the desk."""

from blog.models import HouseWord
from tests.admin.desk import DeskCase

KIND = HouseWord.Kind


class HouseWordTests(DeskCase):
    def test_editor_adds_and_changes_words(self):
        word = self.added(HouseWord, kind=KIND.SPELLING, word="サーバ", preferred="サーバー")
        assert str(word) == "サーバ → サーバー"
        assert self.saved(word, note="長音を付ける").note == "長音を付ける"

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
