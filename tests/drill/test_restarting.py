"""The drill of restarts in small, and that it would see a save that is lost and an editor who is refused too often."""

import threading

import pytest

from blog.editing.saving import save_post
from blog.models import Post
from scripts.debian import Unavailable
from tests.drill import restarting
from tests.drill.editors import Editor, missing
from tests.drill.sites import sites_on
from tests.factories import make_draft


# How many errors an editor sees depends on how busy the machine is; `make drill` judges that.
@pytest.mark.postgresql
def test_database_may_restart_while_editors_save(monkeypatch, sites_folder, tables):
    monkeypatch.setattr(restarting, "SAVES", 8)
    try:
        with sites_on("postgresql", tables) as sites:
            tally = restarting.drill(sites, len(restarting.MODES), is_patient=True, static=sites_folder / "static")
    except Unavailable as error:
        pytest.skip(str(error))
    assert tally.is_clean, str(tally)


@pytest.mark.django_db
def test_lost_save_is_seen():
    post = make_draft("題0の1", slug="restart")
    post.title = "題0の2"
    save_post(post)
    editor = Editor(0, "", post.pk, threading.Event())
    editor.acknowledged = ["題0の2"]
    assert list(missing([editor])) == []
    editor.acknowledged = ["題0の2", "題0の3"]
    assert list(missing([editor])) == ["lost: 題0の3", "lost: 題0の3 is in no article"]
    Post.objects.get(pk=post.pk).revisions.all().delete()
    editor.acknowledged = ["題0の2"]
    assert list(missing([editor])) == ["lost: 題0の2"]


def test_editor_who_is_refused_twice_is_seen():
    found = {"saves": [9, 9], "longest": 1.0, "lost": [], "seen": [["GET 503"], []]}
    assert restarting.judged(found, 1).is_clean
    assert not restarting.judged(found | {"seen": [["GET 503", "POST 503"], []]}, 1).is_clean
    assert not restarting.judged(found | {"lost": ["lost: 題"]}, 1).is_clean


def test_gate_bears_errors_and_no_loss():
    found = {"saves": [9, 9], "longest": 1.0, "lost": [], "seen": [["GET 503", "POST 503"], []]}
    assert restarting.judged(found, 1, is_patient=True).is_clean
    assert not restarting.judged(found | {"lost": ["lost: 題"]}, 1, is_patient=True).is_clean
