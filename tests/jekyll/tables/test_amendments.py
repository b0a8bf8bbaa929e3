"""What readers were told of changes, in tables with errors and hostile content."""

import json

import pytest

from blog.models import Amendment, Post
from tests.jekyll.site import Site, article

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NAME = "2026-04-01-article.md"
HEADER = "article,kind,note,changed_at,told_at,passages,left_out"
AT = "2026-04-02T12:00:00+09:00"
GOOD = f"2026-04-01-article,update,加えた。,{AT},{AT},,"


def write(site: Site, *rows: str) -> None:
    (site.root / "_data").mkdir(exist_ok=True)
    (site.root / "_data/changes.csv").write_text("\n".join((HEADER, *rows, "")))


@pytest.mark.postgresql
def test_rows_are_taken_once_and_the_desks_own_stay(site):
    site.write(NAME)
    write(site, GOOD)
    assert site.run().failed == []
    site.run()
    assert Amendment.objects.get().note == "加えた。"
    assert article(NAME).amendment_count == 1
    assert article(NAME).updated_at.isoformat() == "2026-04-02T03:00:00+00:00"
    Amendment.objects.update(note="机の言葉。")
    write(site, GOOD, GOOD)
    site.run()
    assert Amendment.objects.get().note == "机の言葉。"


def test_dry_run_takes_nothing(site):
    site.write(NAME)
    site.run()
    write(site, GOOD)
    site.run(dry_run=True)
    assert not Amendment.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.replace("article", "gone"), "no article"),
        (GOOD.replace("update", "lie"), "kind"),
        (GOOD.replace("加えた。", ""), "note"),
        (GOOD.replace("加えた。", "長" * 1001), "note"),
        (GOOD.replace(AT, "tomorrow", 1), "changed_at must be"),
        (GOOD.replace(f"{AT},{AT}", f"{AT},"), "told_at"),
        (f"{GOOD}-1", "left_out"),
        (f"{GOOD[:-1]}{{,", "passages"),
        (f"{GOOD[:-1]}{'[' * 100000},", "passages"),
        (f"{GOOD[:-1]}1,", "passages"),
        (f'{GOOD[:-1]}"[[""body"",[[""added"",""\\u0000""]]]]",', "passages"),
        (f'{GOOD[:-1]}"[[""body"",[[""added"",""\\ud800""]]]]",', "passages"),
    ],
)
def test_row_that_says_nothing_sensible_is_reported_and_the_others_are_taken(site, row, reason):
    site.write(NAME)
    write(site, row, GOOD)
    [failure] = site.run().failures()
    assert failure.startswith("_data/changes.csv, line 2: ")
    assert reason in failure
    assert Amendment.objects.get().note == "加えた。"


def test_markup_in_a_row_is_text_on_the_page(site, client):
    site.write(NAME)
    passages = json.dumps([["body", [["added", "<script>alert(1)</script>"]]]]).replace('"', '""')
    write(site, f'{GOOD.replace("加えた。", "<b>太い</b>")[:-2]},"{passages}",0')
    assert site.run().failed == []
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;b&gt;太い" in page
    assert "<script>alert" not in page
