"""An import indexes articles and finds related ones, also what a killed one left."""

import pytest

from blog.search.index import stale_posts
from tests.jekyll.importing.test_interrupted import Killed, run_killed_at
from tests.jekyll.site import article

pytestmark = pytest.mark.django_db

NAME = "2026-04-01-article.md"


def test_an_import_indexes_an_article_with_its_row(site):
    site.write(NAME, title="量子計算の冷却")
    run_killed_at(site, "link_waiting")
    assert article(NAME)
    assert not stale_posts().exists()


def test_an_import_finds_related_articles_and_a_killed_one_leaves_them_to_the_next_run(site):
    other = "2026-04-02-other.md"
    site.write(NAME, title="量子計算の冷却", date="2026-01-01")
    site.write(other, title="量子計算の費用", date="2026-04-02")
    run_killed_at(site, "relate_all")
    assert not article(NAME).kindred_rows.exists()
    assert site.run().unchanged == 2
    assert [row.target.title for row in article(NAME).kindred_rows.all()] == ["量子計算の費用"]
    site.write(NAME, title="農業の収穫", date="2026-01-01", excerpt="")
    run_killed_at(site, "relate_all")
    assert site.run().unchanged == 2
    assert article(NAME).subject_words.filter(word="農業").exists()
    assert not article(NAME).subject_words.filter(word="量子").exists()


def test_an_import_killed_between_the_words_and_the_neighbours_leaves_these_to_the_next_run(site):
    def kill(phase: str, done: int, total: int) -> None:
        if phase == "relating":  # after the first step, the words
            raise Killed

    site.write(NAME, title="量子計算の冷却", date="2026-01-01")
    site.write("2026-04-02-other.md", title="量子計算の費用", date="2026-04-02")
    with pytest.raises(Killed):
        site.run(progress=kill)
    assert article(NAME).subject_words.exists()
    assert not article(NAME).kindred_rows.exists()
    assert site.run().unchanged == 2
    assert [row.target.title for row in article(NAME).kindred_rows.all()] == ["量子計算の費用"]
