"""Import and export of the real articles."""

import pytest

from blog.jekyll.exporting import export_jekyll


@pytest.mark.django_db
def test_every_real_article_comes_out_byte_for_byte(report, corpus, tmp_path):
    out = tmp_path / "out"
    result = export_jekyll(out)

    files = {path.name: path.read_bytes() for path in (corpus / "_posts").iterdir()}
    assert {path.name: path.read_bytes() for path in (out / "_posts").iterdir()} == files
    assert (len(files), result.as_imported, result.problems) == (400, 400, [])
