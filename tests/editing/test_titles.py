"""Titles without stock tails in all articles, as one batch that can be taken back."""

from io import StringIO

import pytest
from django.core.management import call_command

from blog.models import FixBatch, Post
from blog.text.titles import MIN_TITLES
from tests.factories import make_post

pytestmark = pytest.mark.django_db

ENDS = ("方法", "？", "三つの鍵")
TAIL = "の現在地と知っておきたい論点"


def run(*options: str) -> str:
    out = StringIO()
    call_command("fix_posts", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def archive() -> list[Post]:
    return [make_post(title=f"電力の市場を{at}年分の記録から読み解く{ENDS[at % 3]}{TAIL}") for at in range(MIN_TITLES)]


def titles() -> list[str]:
    return list(Post.objects.order_by("pk").values_list("title", flat=True))


def test_titles_lose_their_stock_tail_and_keep_their_address_and_date(archive):
    before = list(Post.objects.order_by("pk").values_list("url_date", "slug", "updated_at"))
    run("--titles")
    assert titles() == [post.title.removesuffix(TAIL) for post in archive]
    assert list(Post.objects.order_by("pk").values_list("url_date", "slug", "updated_at")) == before
    assert archive[0].revisions.exists()


def test_undo_gives_every_title_back(archive):
    before = titles()
    run("--titles")
    run("--undo", str(FixBatch.objects.get().pk))
    assert titles() == before


def test_dry_run_writes_nothing(archive):
    before = titles()
    assert f"{MIN_TITLES} of {MIN_TITLES}" in run("--titles", "--dry-run")
    assert titles() == before


def test_of_two_articles_that_would_have_one_title_the_second_keeps_its_own(archive):
    twin = make_post(title=archive[0].title.removesuffix(TAIL))
    assert "left as it is (taken)" in run("--titles")
    archive[0].refresh_from_db()
    twin.refresh_from_db()
    assert archive[0].title.endswith(TAIL)
    assert twin.title == archive[0].title.removesuffix(TAIL)
