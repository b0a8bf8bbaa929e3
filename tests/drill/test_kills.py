"""The drill of killed saves in small, and that it would see a half one."""

from argparse import Namespace

import pytest
from django.db import connection

from blog.models import Post, PostRevision
from tests.drill.__main__ import kills
from tests.drill.kills import faults
from tests.drill.sites import sites_on
from tests.factories import make_released, make_user


@pytest.mark.django_db
def test_saves_that_are_killed_are_whole_or_not_there(tables):
    with sites_on(connection.vendor, tables) as sites:
        tally = kills(sites, Namespace(kills=8))
    assert tally.is_clean, str(tally)
    assert "8 kills" in tally.figures
    assert "0 lost or half" in tally.figures


@pytest.mark.django_db
def test_half_a_save_is_seen():
    from blog.editing.saving import save_post

    post = make_released(slug="kill")
    post.title = post.excerpt = "題0-1"
    post.body = "本文0-1。\n" * 40
    save_post(post, by=make_user(), tags=["A"])
    version = post.version
    assert list(faults({post.pk: (version, "0-1")})) == []
    Post.objects.filter(pk=post.pk).update(body="別の本文")
    PostRevision.objects.filter(post=post, version=version).delete()
    found = "\n".join(faults({post.pk: (version + 1, "0-2")}))
    for part in ("lost", "body", "revision"):
        assert part in found
