"""Whatever a person can edit of an article stands in the table of fields."""

from django.test import TestCase

from blog.editing.fields import CONTENT, FIELDS, ROWS, STATE, Kind, empty, label
from blog.models import Post
from tests.factories import make_draft


class FieldTests(TestCase):
    def test_table_holds_every_field_that_can_be_edited(self):
        fields = (*Post._meta.fields, *Post._meta.many_to_many)
        editable = {field.name for field in fields if field.editable and not field.primary_key}
        assert {*CONTENT, *STATE} == editable

    def test_every_field_is_named_and_no_key_stands_twice(self):
        keys = [field.key for field in FIELDS if field.key]
        assert len(keys) == len(set(keys))
        assert all(label(field.name) for field in FIELDS)

    def test_new_article_holds_what_the_table_calls_empty(self):
        post = make_draft("題", slug="slug", body="")
        for field in FIELDS:
            if field.kind in (Kind.TEXT, Kind.LINES, Kind.FLAG) and field.name not in ("title", "slug"):
                assert getattr(post, field.name) == empty(field.name)
        assert {name for name in ROWS if getattr(post, name)} == {"category", "author"}
