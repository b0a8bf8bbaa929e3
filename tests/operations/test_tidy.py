import io
import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from blog.models import Autosave, PreviewLink
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


def test_ended_rows_go_and_the_others_stay():
    user, post, now = make_user(), make_draft(), timezone.now()

    def autosave(days, is_done):
        saved_at = now - timedelta(days=days)
        return Autosave.objects.create(
            editor=user, key=uuid.uuid4(), fields_json="[]", saved_at=saved_at, is_done=is_done
        )

    kept = {autosave(29, True), autosave(364, False)}
    autosave(31, True), autosave(366, False)
    for days in (-91, -89, 1):  # editors see for 90 days who had got a link
        PreviewLink.objects.create(post=post, user=user, key=days, expires_at=now + timedelta(days=days))
    for days in (-1, 1):
        session = SessionStore()
        session.set_expiry(days * 86400)
        session.save()
    said = io.StringIO()
    call_command("tidy", stdout=said)
    for kind in ("saved autosaves", "abandoned autosaves", "preview links"):
        assert f"1 {kind} were removed" in said.getvalue()
    assert set(Autosave.objects.all()) == kept
    assert [link.key for link in PreviewLink.objects.order_by("expires_at")] == ["-89", "1"]
    assert Session.objects.count() == 1
