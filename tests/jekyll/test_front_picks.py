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
