"""Import and export of the real articles."""

import shutil

import pytest

from blog.jekyll.exporting.exporter import export_jekyll
from blog.jekyll.importing.importer import import_jekyll


@pytest.mark.django_db
def test_every_real_article_comes_out_byte_for_byte(corpus, tmp_path):
    """Without the pictures, which take most of the time of an import."""
    old, out = tmp_path / "old", tmp_path / "out"
    shutil.copytree(corpus, old, ignore=shutil.ignore_patterns("assets", "expected.json"))
    import_jekyll(old)
    result = export_jekyll(out)

    files = {path.name: path.read_bytes() for path in (old / "_posts").iterdir()}
    assert {path.name: path.read_bytes() for path in (out / "_posts").iterdir()} == files
    assert (len(files), result.as_imported, result.problems) == (400, 400, [])
