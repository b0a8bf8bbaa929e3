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


def test_export_without_words_has_no_table(tmp_path):
    export_jekyll(tmp_path / "out")
    assert not (tmp_path / "out" / TABLE).exists()


def test_import_leaves_the_words_of_the_desk(site):
    HouseWord.objects.create(kind=KIND.SPELLING, word="サーバ", preferred="サーバー")
    table(site, "word,kind,preferred\nサーバ,spelling,鯖\n爆上げ,banned,\n")
    assert words() == [("banned", "爆上げ", "", ""), ("spelling", "サーバ", "サーバー", "")]


@pytest.mark.parametrize(
    "row",
    [
        "爆上げ,nonsense,",
        ",banned,",
        "サーバ,spelling,",
        "爆上げ,banned,上昇",
        "同じ,spelling,同じ",
        f"{'長' * 101},banned,",
    ],
)
def test_row_that_is_no_word_is_reported_with_its_line(site, row):
    report = table(site, f"word,kind,preferred\n{row}\n良い,banned,\n")
    assert [(item["file"], item["line"]) for item in report.failed] == [(TABLE, 2)]
    assert [word for _, word, _, _ in words()] == ["良い"]


def test_dry_run_writes_none(site):
    (site.root / "_data").mkdir()
    (site.root / TABLE).write_text("word,kind\n爆上げ,banned\n", encoding="utf-8")
    site.run(dry_run=True)
    assert words() == []
