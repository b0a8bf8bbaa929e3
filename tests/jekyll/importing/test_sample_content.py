"""The sample content of a new clone."""

from pathlib import Path

import pytest

import blog
from blog.jekyll.importing.importer import import_jekyll
from blog.models import Post

pytestmark = pytest.mark.django_db

SAMPLE = Path(blog.__file__).parent / "sample_content"


def test_the_sample_articles_are_imported_without_a_flaw(client):
    report = import_jekyll(SAMPLE)

    assert report.created == report.read == 12
    for flaw in (report.failed, report.conflicts, report.alias_taken, report.unresolved_links, report.missing_images):
        assert flaw == []
    assert set(report.findings) == {"missing_image"}
    for post in Post.objects.published():
        assert client.get(post.get_absolute_url()).status_code == 200
    assert import_jekyll(SAMPLE).unchanged == 12
