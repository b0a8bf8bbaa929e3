"""The time of publication, as it is typed and shown."""

from datetime import timedelta

import pytest

from tests.admin.desk import DeskCase, save, url_of
from tests.factories import PUBLISHED_AT, make_draft, make_post


class TypedTimeTests(DeskCase):
    @pytest.mark.sqlite
    def test_day_is_taken_as_the_list_writes_it_and_shown_again_as_the_picker_takes_it(self):
        for day in ("2098/04/01", "2098/4/1", "２０９８／０４／０１", "2098-4-1"):
            with self.subTest(day):
                typed = {"publish_at_0": day, "publish_at_1": "07:30"}
                response = save(self.client, url_of(make_draft()), **typed)
                self.assertContains(response, 'type="date" name="publish_at_0" value="2098-04-01"')
                assert self.saved(make_draft(), _schedule="1", **typed).path.startswith("/2098/04/01/")

    def test_stored_second_survives_a_save(self):
        post = make_post(at=PUBLISHED_AT + timedelta(seconds=7, microseconds=9))
        assert self.saved(post, body="直した本文。").published_at == post.published_at
