"""The command `import_jekyll`."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from blog.models import Post

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NAME = "2026-04-01-article.md"


def run(*arguments, **options) -> str:
    out = io.StringIO()
    call_command("import_jekyll", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


@pytest.mark.postgresql
def test_it_imports_and_says_so_in_plain_lines(site):
    site.write(NAME)
    out = run(site.root)

    assert "importing: 1 of 1\n" in out
    assert out.endswith("1 files read: 1 created, 0 updated, 0 unchanged, 0 in conflict, 0 failed\n")
    assert "\r" not in out


def test_it_fails_when_an_article_is_lost_and_names_file_line_and_reason(site, tmp_path):
    site.write(NAME)
    site.write_raw("2026-04-02-b.md", b"---\ntitle: a\ndate: soon\n---\n")

    with pytest.raises(CommandError, match=r"2026-04-02-b\.md, line 3: date cannot be read: 'soon'"):
        run(site.root, "--report", tmp_path / "report.json")
    assert Post.objects.count() == 1
    assert json.loads((tmp_path / "report.json").read_text())["created"] == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda site: site.root / "nowhere", "is not a folder"),
        (lambda site: site.posts, "has no _posts folder"),
        (
            lambda site: (site.root / "_config.yml").write_text("a: [b") and site.root,
            r"_config\.yml, line 1: broken YAML",
        ),
    ],
)
def test_what_cannot_be_imported_at_all_is_an_error_in_words(site, make, message):
    with pytest.raises(CommandError, match=message):
        run(make(site))
