"""The command `import_jekyll`."""

import io
import json
import logging

import pytest
from django.core.management import CommandError, call_command

from blog.jekyll.report import logger
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


def test_progress_is_a_line_for_each_tenth(site):
    for day in range(1, 26):
        site.write(f"2026-04-{day:02}-a.md", date=f"2026-04-{day:02}")

    assert run(site.root).count("importing: ") == 10


def test_a_terminal_gets_one_progress_bar_a_phase(site, monkeypatch, capfd):
    for day in (1, 2, 3):
        site.write(f"2026-04-0{day}-article.md")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    out = run(site.root)

    assert "importing: " not in out
    bars = [line for line in capfd.readouterr().err.split("\n") if "importing: " in line]  # redrawn after each \r
    assert len(bars) == 1
    assert "importing:   0%" in bars[0]
    assert "importing: 100%" in bars[0]


@pytest.mark.postgresql
def test_a_dry_run_says_that_nothing_was_written(site):
    site.write(NAME)

    assert "Nothing was written" in run(site.root, "--dry-run")
    assert not Post.objects.exists()


def test_the_report_is_written_as_json(site, tmp_path):
    site.write("2026-04-01-生成ai.md")
    run(site.root, "--report", tmp_path / "report.json")

    text = (tmp_path / "report.json").read_text()
    assert json.loads(text)["permalinks"] == {"2026-04-01-生成ai.md": "/2026/04/01/生成ai/"}
    assert "生成ai" in text


def test_pages_of_other_layouts_are_counted_and_named_in_the_report(site, tmp_path):
    (site.root / "_pages").mkdir()
    for name in ("b.html", "a.md"):
        (site.root / "_pages" / name).write_text("---\ntitle: 題\n---\n")
    out = run(site.root, "--report", tmp_path / "report.json")

    assert "2 pages were skipped: no text of their own, or HTML (paths in the report)\n" in out
    assert json.loads((tmp_path / "report.json").read_text())["pages_skipped"] == ["_pages/a.md", "_pages/b.html"]


def test_a_report_that_cannot_be_written_is_an_error_in_words(site, tmp_path):
    with pytest.raises(CommandError, match="the report cannot be written"):
        run(site.root, "--report", tmp_path / "nowhere" / "report.json")


def test_it_fails_when_an_article_is_lost_and_names_file_line_and_reason(site, tmp_path):
    site.write(NAME)
    site.write_raw("2026-04-02-b.md", b"---\ntitle: a\ndate: soon\n---\n")

    with pytest.raises(CommandError, match=r"2026-04-02-b\.md, line 3: date cannot be read: 'soon'"):
        run(site.root, "--report", tmp_path / "report.json")
    assert Post.objects.count() == 1
    assert json.loads((tmp_path / "report.json").read_text())["created"] == 1


def test_conflicts_and_missing_pictures_are_no_failure(site):
    site.write(NAME, image="/none.png")
    run(site.root)
    Post.objects.update(title="机")
    site.write(NAME, "二\n", image="/none.png")

    assert f"{NAME}: kept as it is" in run(site.root)
    assert "1 updated" in run(site.root, "--overwrite")


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


def test_each_finding_has_its_place_in_the_log_when_asked(site, caplog):
    caplog.set_level(logging.DEBUG, logger=logger.name)
    logger.setLevel(logging.INFO)
    site.write(NAME, colour="red")
    run(site.root, "--dry-run")
    assert not caplog.records
    run(site.root, verbosity=2)

    assert f"{NAME}, line 9: unknown_key: colour" in caplog.text
