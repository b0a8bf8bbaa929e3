"""The sample content of a new clone."""

from pathlib import Path

import pytest

import blog
from blog.jekyll.importing import import_jekyll
from blog.models import Page, Post

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SAMPLE = Path(blog.__file__).parent / "sample_content"


@pytest.mark.postgresql
def test_the_sample_articles_are_imported_without_a_flaw(client):
    report = import_jekyll(SAMPLE)

    assert report.created == report.read == 19
    for flaw in (report.failed, report.conflicts, report.alias_taken, report.unresolved_links, report.missing_images):
        assert flaw == []
    assert report.findings == {}
    for post in Post.objects.published():
        assert client.get(post.get_absolute_url()).status_code == 200
    assert import_jekyll(SAMPLE).unchanged == 19


def test_sample_pages_make_a_colophon_with_the_operator_of_the_settings(client, settings):
    settings.OPERATOR_NAME, settings.ERROR_REPORT_URL = "甲野&乙", "mailto:desk@example.jp?subject=x"
    import_jekyll(SAMPLE)
    foot = client.get("/").text.partition("<footer")[2]
    names = ("運営者", "編集方針", "訂正の方針", "問い合わせ", "プライバシー", "免責")
    places = [foot.index(f">{name}</a>") for name in names]
    assert places == sorted(places)
    for page in Page.objects.all():
        assert "{{" not in client.get(page.path).text, page.path
    assert "甲野&amp;乙が運営しています" in client.get("/about/").text
    assert '<a href="mailto:desk@example.jp?subject=x">desk@example.jp</a>' in client.get("/contact/").text
    settings.ERROR_REPORT_URL = ""
    assert "窓口は準備中です" in client.get("/contact/").text
    Page.objects.filter(path="/privacy/").update(is_published=False)
    assert "プライバシー</a>" not in client.get("/").text


def test_sample_sections_on_investment_have_a_notice(client):
    import_jekyll(SAMPLE)
    post = Post.objects.published().filter(category__slug="latest")[0]
    assert "投資を勧めるものではありません" in client.get(post.get_absolute_url()).text
