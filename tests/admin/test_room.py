"""Where the parts of a form stand in the writing room, and what its folded groups say of themselves."""

import pytest
from django.test import Client

from blog.admin.layout import NOTHING
from blog.models import Page, Post
from tests.admin.desk import DeskCase, save, url_of
from tests.factories import make_draft, make_image, make_in_review, make_post, make_scheduled


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
