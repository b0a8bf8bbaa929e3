"""The front page, edited on one page of the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.editing.permissions import EDITOR, WRITER
from blog.editing.saving import save_post
from blog.models import FrontPick
from tests.admin.desk import fields_of
from tests.factories import PUBLISHED_AT, make_category, make_draft, make_post, make_scheduled, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

URL = reverse("admin:blog_frontpick_changelist")


@pytest.fixture
def desk(client):
    client.force_login(make_user(role=EDITOR))
    return client


def posts(count, **fields):
    return [make_post(at=PUBLISHED_AT - timedelta(hours=number), **fields) for number in range(count)]


def send(client, **changes):
    fields = fields_of(client.get(URL))
    return client.post(URL, {**fields, **{name.replace("__", "-"): value for name, value in changes.items()}})


def refusals(response):
    return [error for form in response.context["places"] for errors in form.errors.values() for error in errors]


def test_every_place_stands_there_with_what_fills_it_now(desk):
    newest = posts(9)
    make_category("空の部門", "empty")
    places = desk.get(URL).context["places"]
    assert [(form.name, form.now) for form in places] == [
        ("巻頭", newest[0]),
        ("巻頭の次（1）", newest[1]),
        ("巻頭の次（2）", newest[2]),
        ("市場", newest[6]),
        ("空の部門", None),
    ]


def test_picks_are_saved_in_their_order_and_seen_by_readers(desk, client):
    newest = posts(12)
    section = newest[0].category
    response = send(
        desk,
        **{"top-0-post": newest[7].pk, "top-1-post": newest[4].pk, f"section-{section.pk}-post": newest[9].pk},
    )
    assert (response.status_code, response["Location"]) == (302, URL)
    assert list(FrontPick.objects.values_list("category", "position", "post").order_by("pk")) == [
        (None, 0, newest[7].pk),
        (None, 1, newest[4].pk),
        (section.pk, 0, newest[9].pk),
    ]
    context = client.get("/").context
    assert (context["lead"], context["seconds"]) == ([newest[7]], [newest[4], newest[0]])
    assert context["sections"][0][1] == newest[9]


def test_scheduled_article_may_be_picked_ahead(desk):
    scheduled = make_scheduled()
    assert send(desk, **{"top-0-post": scheduled.pk}).status_code == 302


@pytest.mark.postgresql
def test_what_no_reader_could_see_is_refused_and_nothing_is_saved(desk):
    newest, draft, other = posts(2), make_draft(), make_category("別の部門", "other")
    cases = [
        ({"top-0-post": draft.pk}, "公開も予約もされていません"),
        ({f"section-{other.pk}-post": newest[0].pk}, "セクションは「市場」です"),
        ({"top-0-post": newest[0].pk, "top-1-post": newest[0].pk}, "「巻頭」と同じ記事です"),
        ({"top-0-post": newest[0].pk, "top-0-until": "2001-01-01T00:00"}, "掲載の終わりが過ぎています"),
        ({"top-0-until": "2099-01-01T00:00"}, "掲載する記事を選んでください"),
        ({"top-0-post": newest[0].pk, "top-0-until": "あした"}, "日時を正しく"),
        ({"top-0-post": "999"}, "正しく選択"),
    ]
    for change, words in cases:
        response = send(desk, **{"top-2-post": newest[1].pk, **change})
        assert response.status_code == 200
        assert words in "".join(refusals(response)), change
        assert response.context["has_errors"]
    assert not FrontPick.objects.exists()


def test_pick_that_cannot_stand_there_any_more_leaves_its_place_and_says_why(desk):
    withdrawn, over, moved, new = posts(4)
    section = moved.category
    FrontPick.objects.create(post=withdrawn, position=0)
    FrontPick.objects.create(post=over, position=1, until=timezone.now() - timedelta(hours=1))
    FrontPick.objects.create(post=moved, category=section)
    withdrawn.unpublish()
    save_post(withdrawn)
    moved.category = make_category("別の部門", "other")
    save_post(moved)
    page = desk.get(URL).content.decode()
    assert f"「{withdrawn}」は公開も予約もされていません（取り下げ）。ここから外れました。" in page
    assert f"「{over}」は掲載の終わりが過ぎました。ここから外れました。" in page
    assert f"「{moved}」のセクションは「別の部門」です。ここから外れました。" in page
    assert send(desk, **{"top-2-post": new.pk}).status_code == 302
    assert list(FrontPick.objects.values_list("position", "post")) == [(2, new.pk)]


def test_second_editor_is_told_and_may_then_replace_it(desk):
    newest = posts(3)
    fields = fields_of(desk.get(URL))
    send(desk, **{"top-0-post": newest[1].pk})
    response = desk.post(URL, {**fields, "top-0-post": newest[2].pk})
    assert response.status_code == 200
    assert "別の人がトップページを保存しました" in response.content.decode()
    assert FrontPick.objects.get().post == newest[1]
    kept = fields_of(response)
    assert kept["top-0-post"] == str(newest[2].pk)
    assert desk.post(URL, kept).status_code == 302
    assert FrontPick.objects.get().post == newest[2]


@pytest.mark.parametrize("user", [None, {}, {"role": WRITER}])
def test_only_editors_see_and_change_it(client, user):
    if user is not None:
        client.force_login(make_user(**user))
    expected = 302 if user is None else 403
    assert client.get(URL).status_code == expected
    assert client.post(URL, {"top-0-post": make_post().pk}).status_code == expected
    assert not FrontPick.objects.exists()
