"""An import finds related articles, also those that a killed one left."""

from unittest import mock

import pytest

from blog.jekyll import importing
from tests.jekyll.site import article
from tests.jekyll.test_interrupted import Killed

pytestmark = pytest.mark.django_db

NAME = "2026-04-01-article.md"


def test_an_import_finds_related_articles_and_a_killed_one_leaves_them_to_the_next_run(site):
    site.write(NAME, title="量子計算の冷却", date="2026-01-01")
    site.write("2026-04-02-other.md", title="量子計算の費用", date="2026-04-02")
    with mock.patch.object(importing, "relate_all", side_effect=Killed), pytest.raises(Killed):
        site.run()
    assert not article(NAME).kindred_rows.exists()
    assert site.run().unchanged == 2
    assert [row.target.title for row in article(NAME).kindred_rows.all()] == ["量子計算の費用"]
    site.write(NAME, title="農業の収穫", date="2026-01-01", excerpt="")
    with mock.patch.object(importing, "relate_all", side_effect=Killed), pytest.raises(Killed):
        site.run()
    assert site.run().unchanged == 2
    assert not article(NAME).subject_words.filter(word="量子").exists()
