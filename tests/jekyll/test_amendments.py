"""What readers were told of changes, in tables with errors and hostile content."""

import pytest

from blog.models import Amendment
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
