"""Cards follow their posts."""

import io
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from blog.editing.saving import save_post
from blog.models import Author, Post, QueuedTask
from blog.pictures.cards import FOLDER, card_of, refresh_card
from tests.factories import make_draft, make_post, make_scheduled, make_user
from tests.queue import try_queued_tasks

# About what becomes of the file of a card: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """No card that another test left behind: these tests count them."""
    settings.MEDIA_ROOT = tmp_path


def files():
    try:
        return {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    except FileNotFoundError:
        return set()


@pytest.fixture
def editor():
    return make_user()


@pytest.fixture
def saved(editor):
    """Saves a post as the desk does, and does what the save leaves to the worker."""

    def save(post, by=editor):
        save_post(post, by=by)
        try_queued_tasks()
        return Post.objects.get(pk=post.pk)

    return save


def run():
    out = io.StringIO()
    call_command("render_cards", stdout=out)
    return out.getvalue()


# --- on save ---


def test_card_that_goes_is_purged_from_the_proxies(saved, settings):
    post = saved(make_post("題名"))
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    post.unpublish()
    save_post(post)
    assert refresh_card.call(post.pk)
    tasks = QueuedTask.objects.filter(task_path__endswith="purge_from")
    assert tasks.count() == 4  # for the article, then for its card, each once more a minute later
    assert not files()


def test_published_post_has_a_card_once_an_editor_saved_it(saved, client):
    post = saved(make_post("題名"))
    assert files() == {post.card} == {card_of(post)}
    response = client.get(default_storage.url(post.card))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")


def test_card_is_drawn_anew_only_when_what_it_shows_changes(saved):
    first = saved(make_post("題名"))
    with mock.patch("blog.pictures.cards.draw_card") as draw:
        first.body, first.excerpt = "別の本文。\n", "別のリード。"
        assert saved(first).card == first.card
    assert not draw.called
    first.title = "別の題名"
    second = saved(first)
    assert files() == {second.card} != {first.card}


def test_card_that_cannot_be_drawn_loses_no_save(saved, caplog):
    with mock.patch("blog.pictures.cards.font", side_effect=OSError("cannot open resource")):
        post = saved(make_post("題名"))
    assert (post.title, post.card) == ("題名", "")
    assert "cannot open resource" in caplog.text


# --- render_cards ---


@pytest.mark.postgresql
def test_command_makes_what_is_missing_and_takes_away_what_is_not_wanted(saved):
    imported, scheduled, kept = make_post(), make_scheduled(), saved(make_post())
    make_draft()
    lost, renamed = saved(make_post()), saved(make_post(author=Author.objects.create(name="旧名", slug="a")))
    default_storage.delete(lost.card)
    Author.objects.filter(slug="a").update(name="新名")
    withdrawn = saved(make_post())
    Post.objects.filter(pk=withdrawn.pk).update(status=Post.Status.DRAFT)

    assert "5 cards drawn or deleted" in run()
    cards = dict(Post.objects.exclude(card="").values_list("pk", "card"))
    assert set(cards) == {imported.pk, scheduled.pk, kept.pk, lost.pk, renamed.pk}
    assert files() == set(cards.values())
    assert (cards[kept.pk], cards[lost.pk]) == (kept.card, lost.card)
    assert "0 cards drawn or deleted" in run()
