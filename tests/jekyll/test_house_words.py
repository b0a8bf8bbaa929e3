"""The house's word list as a table of an export."""

import pytest

from blog.jekyll.exporting import export_jekyll
from blog.models import HouseWord
from tests.jekyll.site import Site

pytestmark = pytest.mark.django_db
KIND = HouseWord.Kind
TABLE = "_data/house_words.csv"


def words():
    return list(HouseWord.objects.order_by("kind", "word").values_list("kind", "word", "preferred", "note"))


def table(site, text):
    (site.root / "_data").mkdir(exist_ok=True)
    (site.root / TABLE).write_text(text, encoding="utf-8")
    return site.run()


def test_words_survive_an_export(tmp_path):
    HouseWord.objects.create(kind=KIND.BANNED, word='爆上げ, "必至"', note="改行\nもある")
    HouseWord.objects.create(kind=KIND.SPELLING, word="サーバ", preferred="サーバー")
    before = words()
    export_jekyll(tmp_path / "out")
    HouseWord.objects.all().delete()
    site = Site(tmp_path / "new")
    table(site, (tmp_path / "out" / TABLE).read_text(encoding="utf-8"))
    assert words() == before


def test_import_leaves_the_words_of_the_desk(site):
    HouseWord.objects.create(kind=KIND.SPELLING, word="サーバ", preferred="サーバー")
    table(site, "word,kind,preferred\nサーバ,spelling,鯖\n爆上げ,banned,\n")
    assert words() == [("banned", "爆上げ", "", ""), ("spelling", "サーバ", "サーバー", "")]
