"""What the scripts of a form of an article ask about its autosave."""

import json
import uuid

from django.test import Client
from django.urls import reverse

from blog.editing.permissions import EDITOR
from tests.factories import make_user

LIST, KEEP, TOKEN = reverse("desk:autosave_list"), reverse("desk:autosave_keep"), reverse("desk:token")
KEY, OTHER_KEY = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
TYPED = [["title", "書きかけの題"], ["body", " 本文\n\n二段落目 \n"], ["category", "3", "市場"]]


def at_desk(name, role=EDITOR):
    client = Client()
    client.user = make_user(name, role=role)
    client.force_login(client.user)
    return client


def keep(client, fields=TYPED, *, post=None, key=KEY, known="", **changes):
    data = {"object": post.pk if post else "", "key": key, "known": known, "base_version": post.version if post else 0}
    headers = {name: changes.pop(name) for name in list(changes) if name.startswith("HTTP_")}
    return client.post(KEEP, {**data, "fields_json": json.dumps(fields), **changes}, **headers)


def kept(client, fields=TYPED, **options):
    """Stores an autosave and returns the state that the window then knows."""
    response = keep(client, fields, **options)
    assert response.status_code == 200, response.content.decode()
    return response.json()["saved_at"]


def listed(client, post=None, **query):
    return client.get(LIST, {"object": post.pk if post else "", **query}).json()


def opened(client, key=KEY):
    return client.get(reverse("desk:autosave_open", args=[key]))


def discard(client, key=KEY):
    return client.post(reverse("desk:autosave_discard", args=[key]))
