"""The picks of the front page in tables with errors and hostile content."""

import pytest

from blog.models import FrontPick
from tests.factories import make_post
from tests.jekyll.site import Site, article

pytestmark = pytest.mark.django_db
NAME = "2026-04-01-article.md"


def write(site: Site, text: str) -> None:
    (site.root / "_data").mkdir(exist_ok=True)
    (site.root / "_data/front_page.csv").write_text(text)


def test_row_without_section_is_on_top_and_the_first_of_a_place_wins(site):
    site.write(NAME)
    site.write("2026-04-02-other.md")
    write(site, "article,position\n2026-04-01-article,1\n2026-04-02-other,1\n2026-04-02-other,\n")
    assert site.run().failed == []
    picks = FrontPick.objects.order_by("position").values_list("category", "position", "post", "until")
    assert list(picks) == [(None, 0, article("2026-04-02-other.md").pk, None), (None, 1, article(NAME).pk, None)]


def test_what_the_desk_picked_stays(site):
    site.write(NAME)
    picked = make_post()
    FrontPick.objects.create(post=picked, position=2)
    write(site, "article\n2026-04-01-article\n")
    site.run()
    assert FrontPick.objects.get().post == picked


def test_dry_run_picks_nothing(site):
    site.write(NAME)
    site.run()
    write(site, "article\n2026-04-01-article\n")
    site.run(dry_run=True)
    assert not FrontPick.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-04-09-gone,,,", "no article"),
        ("2026-04-01-article,nowhere,,", "no section"),
        ("2026-04-01-article,,-1,", "position"),
        ("2026-04-01-article,,x,", "position"),
        ("2026-04-01-article,,99999999999999999999,", "position"),
        ("2026-04-01-article,,,tomorrow", "until must be"),
        ("2026-04-01-article,,,2026-04-01T12:00", "until must be"),
        ("2026-04-01-article,,,2026-13-01T12:00Z", "until must be"),
    ],
)
def test_row_that_says_nothing_sensible_is_reported_and_the_others_are_taken(site, row, reason):
    site.write(NAME)
    write(site, f"article,section,position,until\n{row}\n2026-04-01-article,,2,2099-01-01T00:00:00+09:00\n")
    [failure] = site.run().failures()
    assert failure.startswith("_data/front_page.csv, line 2: ")
    assert reason in failure
    assert FrontPick.objects.get().position == 2
