"""Where the parts of a form stand in the writing room, and what its folded groups say of themselves."""

import pytest
from django.test import Client

from blog.admin.layout import NOTHING
from blog.editing.permissions import WRITER
from blog.models import Page, Post
from tests.admin.desk import DeskCase, save, url_of, values_at
from tests.factories import make_author, make_draft, make_image, make_in_review, make_post, make_scheduled, make_user


@pytest.mark.sqlite
class RoomTests(DeskCase):
    def room(self, item, client: Client | None = None):
        address = url_of(item, "add") if item in (Post, Page) else url_of(item)
        return (client or self.client).get(address).context["room"]

    def holdings(self, item) -> dict[str, str]:
        return {group.fieldset.name: group.holds for group in self.room(item).folded}

    def test_folded_groups_say_what_they_hold_and_no_more_than_that(self):
        assert set(self.holdings(Post).values()) == {NOTHING}
        post = make_draft(
            slug="gemini-3",
            description="検索する人のために書いた、二十四字よりも長い説明です。",
            share_image=make_image(),
            noindex=True,
            in_sitemap=False,
            correction="",
        )
        held = self.holdings(post)
        assert held["URL・検索・共有"] == (
            "URL名：gemini-3／検索エンジン向けの説明：検索する人のために書いた、二十四字よりも長い説明…／共有用の画像：あり"
        )
        assert held["検索エンジンへの指示"] == "検索結果に出さない／サイトマップに載せる：いいえ"
        assert held["公開後の変更"] == NOTHING

    def test_rows_are_counted(self):
        post = make_post()
        fields = values_at(self.client, url_of(post))
        rows = {"related_rows-TOTAL_FORMS": "1", "related_rows-0-target": make_post().pk, "related_rows-0-reason": ""}
        self.client.post(url_of(post), fields | rows | {"_save_live": "1"})
        ((_, holds, is_open),) = self.room(post).related
        assert (holds, is_open) == ("1本", False)
        assert self.room(Post).related[0][1] == NOTHING

    def test_what_a_step_needs_stands_beside_its_button(self):
        def needs(item) -> tuple[dict[str, str], int]:
            room = self.room(item)
            told = {step.name: [field.field.name for field in line] for step, line in room.steps if line}
            return told, len(room.loose)

        assert needs(Post) == ({"schedule": ["publish_at"]}, 0)
        assert needs(make_in_review()) == ({"return": ["reason"], "schedule": ["publish_at"]}, 0)
        assert needs(make_scheduled()) == ({}, 1)  # a save moves the time
        assert needs(make_post()) == ({}, 1)

    def test_refused_field_is_linked_and_its_group_stands_open(self):
        response = save(self.client, url_of(make_draft()), slug="AI News")
        room = response.context["room"]
        assert room.faults == [("id_slug", "URL名")]
        assert [group.fieldset.name for group in room.folded if group.is_open] == ["URL・検索・共有"]
        self.assertContains(response, '<a href="#id_slug">URL名</a>')

    def test_writer_and_reader_of_the_form_find_the_same_places(self):
        user = make_user("writer", role=WRITER)
        client = Client()
        client.force_login(user)
        own = make_draft(author=make_author("筆者", "own", user=user))
        assert [step.name for step, _ in self.room(own, client).steps] == ["submit"]
        shown = self.room(make_post(), client)
        assert shown.steps == []
        assert len(shown.loose) == 1
        assert {group.holds for group in shown.folded} == {""}

    def test_path_of_a_static_page_is_not_folded(self):
        room = self.room(Page)
        assert next(field.field.name for line in room.rail[0] for field in line) == "path"
        assert [group.fieldset.name for group in room.folded] == ["検索・共有"]
