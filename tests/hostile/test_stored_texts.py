"""Every text that would run in a page comes back from the database as it went in, and is found there.

What pages make of it is about templates, and needs one database; this is what the other one could do differently.
"""

import itertools
from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import CharField, Field, JSONField, Model, TextField
from django.test import TestCase

from blog.models import HouseWord
from tests.factories import make_user
from tests.hostile.filled import LONGEST_NAME, fill, joined, write_to_colleagues
from tests.hostile.payloads import PAYLOADS
from tests.hostile.running import strings

TEXTS = joined(PAYLOADS)
SHARES = 8
PLAIN = ["普通の言葉一", "普通の言葉二"]


def written(field: Field, share: int) -> list:
    """What to store in such a column: all payloads, or of those a share if it holds a line at once."""
    if isinstance(field, JSONField):
        return [TEXTS, {text: [text] for text in TEXTS}]
    return TEXTS[share::SHARES] if field.max_length else ["\n".join(TEXTS)]


def columns() -> Iterator[tuple[Model, Field]]:
    """The newest row of each table, with each column that holds an editor's text."""
    for model in (*apps.get_app_config("blog").get_models(), User):
        row = model._default_manager.order_by("-pk").first()
        for field in model._meta.concrete_fields if row else ():
            is_long = isinstance(field, TextField) or (field.max_length or 0) >= LONGEST_NAME
            if isinstance(field, JSONField) or (is_long and isinstance(field, CharField | TextField)):
                yield row, field


class StoredTextTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.posts = fill(PLAIN, begin=0)
        write_to_colleagues(cls.posts, PLAIN)
        HouseWord.objects.create(kind=HouseWord.Kind.SPELLING, word="語", preferred="表記")

    def test_every_column_gives_back_and_finds_what_it_was_given(self):
        every, shares = list(columns()), itertools.cycle(range(SHARES))
        for row, field in every:
            stored, before = type(row)._default_manager.filter(pk=row.pk), getattr(row, field.attname)
            for text in written(field, next(shares) if field.max_length else 0):
                stored.update(**{field.name: text})
                found = stored if isinstance(field, JSONField) else stored.filter(**{field.name: text})
                assert found.values_list(field.name, flat=True).get() == text, field
            stored.update(**{field.name: before})
        assert len(every) >= 50
        assert sum(bool(field.max_length) for _, field in every) >= SHARES  # so that each text had a column of a line


class AnswerTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_user(is_superuser=True)
        fill(TEXTS[:2], begin=0)

    def test_answers_to_scripts_are_data(self):
        self.client.force_login(self.editor)
        for path in ("pictures/", "articles/?q=hit", "tags/?q=hit"):
            answer = self.client.get(f"/admin/desk/{path}")
            assert answer["Content-Type"] == "application/json"
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert any("hit" in told for told in strings(answer.json()))
