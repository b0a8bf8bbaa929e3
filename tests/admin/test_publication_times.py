"""The time of publication, as it is typed and shown."""

from datetime import timedelta

import pytest

from tests.admin.desk import DeskCase
from tests.factories import PUBLISHED_AT, make_draft, make_post


class TypedTimeTests(DeskCase):
    @pytest.mark.sqlite
    def test_day_of_the_picker_is_taken(self):
        typed = {"publish_at_0": "2098-04-01", "publish_at_1": "07:30"}
        assert self.saved(make_draft(), _schedule="1", **typed).path.startswith("/2098/04/01/")

    def test_stored_second_survives_a_save(self):
        post = make_post(at=PUBLISHED_AT + timedelta(seconds=7, microseconds=9))
        assert self.saved(post, body="直した本文。").published_at == post.published_at
