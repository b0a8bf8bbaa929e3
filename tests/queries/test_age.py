"""How old an article says it is."""

from datetime import UTC, datetime

import pytest
import time_machine

from blog.editing.amendments import amend, newest_read
from blog.editing.permissions import EDITOR
from blog.editing.saving import save_post
from blog.models import Post, Thread
from blog.queries.age import age_of
from tests.factories import make_post, make_scheduled, make_user
from tests.views.pages import lying

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 2, 29, 3, tzinfo=UTC)  # in Tokyo


@pytest.mark.parametrize(
    ("now", "years"),
    [
        (datetime(2024, 3, 1, tzinfo=UTC), 0),
        (datetime(2025, 2, 28, 14, 59, tzinfo=UTC), 0),
        (datetime(2025, 2, 28, 15, tzinfo=UTC), 1),
        (datetime(2028, 2, 28, 15, tzinfo=UTC), 4),
    ],
)
def test_years_grow_at_midnight_of_the_anniversary_in_tokyo(now, years):
    with time_machine.travel(NOON, tick=False):
        post = make_post(at=NOON)
    with time_machine.travel(now, tick=False):
        assert age_of(post).years == years


def test_only_a_change_that_readers_are_told_of_makes_an_article_young_again(client):
    """The page said 更新 with the day of a batch fix."""
    with time_machine.travel(NOON, tick=False):
        post = make_post(at=NOON)
    with time_machine.travel(NOON.replace(year=2027, day=1), tick=False):
        post.body = "書き改めた。"
        save_post(post)
        assert age_of(post).years == 3 - 1
        assert "更新</dt>" not in client.get(post.get_absolute_url()).text
        amend(newest_read(post), kind="update", note="書き改めました。", by=make_user(role=EDITOR))
        post = Post.objects.get(pk=post.pk)
        assert age_of(post).years == 0
        assert "<dt>更新</dt>" in client.get(post.get_absolute_url()).text


@time_machine.travel(datetime(2026, 4, 1, tzinfo=UTC), tick=False)
def test_old_article_offers_the_newest_public_one_of_its_thread_unless_that_is_old_too(client):
    old, newer = make_post("初報", at=NOON), make_post("次の報せ", at=NOON.replace(year=2025, month=5, day=9))
    scheduled = make_scheduled("来る報せ")
    Post.objects.filter(pk__in=[old.pk, newer.pk, scheduled.pk]).update(thread=Thread.objects.create())
    for path in ("", "tate/"):
        page = client.get(f"{old.get_absolute_url()}{path}").text
        note = page[page.index('class="age"') :].partition("</p>")[0]
        assert "公開から2年以上" in lying(note)
        assert f'href="{newer.get_absolute_url()}"' in note
        assert "来る報せ" not in page
    with time_machine.travel(datetime(2026, 5, 9, tzinfo=UTC), tick=False):
        Post.objects.filter(pk=scheduled.pk).delete()
        assert age_of(old).newest is None
