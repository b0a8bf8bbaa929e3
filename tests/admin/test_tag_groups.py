"""Tags at the desk: moved into groups many at a time, and proposed for merging if one article bears them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.editing.permissions import WRITER
from blog.editing.tags import merge_suggestions
from blog.models import Tag, TagGroup
from tests.admin.desk import DeskCase, url_of
from tests.factories import make_draft, make_post, make_scheduled, make_user

LIST, SUGGESTIONS = reverse("admin:blog_tag_changelist"), reverse("admin:blog_tag_suggestions")


def make_tags(*names: str, **fields) -> list[Tag]:
    return [Tag.objects.create(name=name, **fields) for name in names]


class MoveTests(DeskCase):
    def move(self, tags, **told):
        return self.client.post(LIST, self.sent(tags) | told)

    def sent(self, tags):
        return {"action": "move", "_selected_action": [tag.pk for tag in tags]}

    def test_many_tags_move_at_once_after_the_group_was_chosen(self):
        group = TagGroup.objects.create(name="企業")
        tags = make_tags(*(f"会社{number}" for number in range(100)))
        asked = self.move(tags)
        self.assertContains(asked, "企業")
        self.assertContains(asked, "移す先のグループ</label>")
        assert not group.tags.exists()
        with CaptureQueriesContext(connection) as queries:
            self.move(tags, group=group.pk, confirmed="移す")
        assert group.tags.count() == 100
        assert len(queries) <= 20
        assert LogEntry.objects.filter(change_message__contains="グループ「企業」に移しました").count() == 100

    def test_tag_that_leaves_its_group_loses_its_place_and_one_that_stays_keeps_it(self):
        here, there = (TagGroup.objects.create(name=name) for name in ("企業", "技術"))
        stays, comes = make_tags("A", group=here, position=3) + make_tags("B", group=there, position=3)
        response = self.client.post(
            LIST,
            {"action": "move", "_selected_action": [stays.pk, comes.pk], "group": here.pk, "confirmed": "移す"},
            follow=True,
        )
        self.assertContains(response, "1個のタグをグループ「企業」に移しました。")
        assert list(here.tags.values_list("name", "position")) == [("A", 3), ("B", None)]
        self.move([stays], group="", confirmed="移す")
        assert list(here.tags.values_list("name", flat=True)) == ["B"]

    def test_writer_moves_nothing(self):
        group = TagGroup.objects.create(name="企業")
        tags = make_post(tags=["A"]).tag_list
        self.client.force_login(make_user("writer", role=WRITER))
        self.move(tags, group=group.pk, confirmed="移す")
        assert not group.tags.exists()

    def test_groups_are_named_ordered_and_deleted_without_their_tags(self):
        group = self.added(TagGroup, name="企業", position=2)
        tag = self.saved(make_tags("A")[0], group=group.pk, position=1)
        assert (tag.group, tag.position) == (group, 1)
        assert "name" in self.refused(TagGroup, name="企業")
        for position in ("0", "-1", "x"):
            assert "position" in self.refused(tag, position=position)
        data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": group.pk, "form-0-position": 7}
        self.client.post(url_of(TagGroup, "changelist"), {**data, "_save": "保存"})
        assert TagGroup.objects.get().position == 7
        self.client.post(url_of(group, "delete"), {"post": "yes"})
        assert list(Tag.objects.values_list("name", "group")) == [("A", None)]


class FilterTests(DeskCase):
    def found(self, **parameters):
        return sorted(tag.name for tag in self.client.get(LIST, parameters).context["cl"].result_list)

    def test_list_is_narrowed_by_group_and_number_of_articles(self):
        for number, tags in enumerate((["A", "B", "C"], ["A", "B"], ["A"])):
            make_post(slug=f"s{number}", tags=tags)
        make_draft(tags=["下書き"])
        group = TagGroup.objects.create(name="企業")
        Tag.objects.filter(name="A").update(group=group)
        assert self.found(posts="0") == ["下書き"]
        assert (self.found(posts="1"), self.found(posts="2"), self.found(posts="3")) == (["C"], ["B"], ["A"])
        assert self.found(group__id__exact=group.pk) == ["A"]
        assert self.found(group__isnull="True", posts="1") == ["C"]
        assert len(self.found(posts="x")) == 4

    def test_writer_learns_no_count_of_what_is_scheduled(self):
        make_post(tags=["A"])
        make_scheduled(tags=["A"])
        self.client.force_login(make_user("writer", role=WRITER))
        assert self.client.get(LIST, {"posts": "2"}).status_code == 400


@pytest.mark.sqlite
class SuggestionTests(DeskCase):
    def proposed(self):
        return [(suggestion.tag.name, suggestion.into.name) for suggestion in merge_suggestions()]

    @pytest.mark.postgresql
    def test_tag_of_one_article_is_offered_with_its_nearest_and_nothing_is_merged_unasked(self):
        make_post(tags=["生成AI", "サーバ"])
        make_post(tags=["生成AI", "サーバー", "生成AI活用"])
        make_post(tags=["サーバー", "自動運転"])
        response = self.client.get(SUGGESTIONS)
        assert self.proposed() == [("サーバ", "サーバー"), ("生成AI活用", "生成AI")]
        self.assertContains(response, "統合を確かめる", count=4)
        tag, into = (Tag.objects.get(name=name) for name in ("サーバ", "サーバー"))
        page = self.client.post(LIST, {"action": "merge", "_selected_action": [tag.pk, into.pk]})
        self.assertContains(page, 'value="サーバー"')
        assert Tag.objects.count() == 5
        confirmed = {"into": "サーバー", "keep_names": "on", "confirmed": "統合する"}
        self.client.post(LIST, {"action": "merge", "_selected_action": [tag.pk, into.pk], **confirmed})
        assert into.other_spellings == ["サーバ"]
        assert self.proposed() == [("生成AI活用", "生成AI")]

    @pytest.mark.postgresql
    def test_form_of_such_a_tag_shows_its_suggestion_and_other_forms_none(self):
        make_post(tags=["生成AI"])
        make_post(tags=["生成AI", "生成AI活用", "自動運転"])
        self.assertContains(self.client.get(url_of(Tag.objects.get(name="生成AI活用"))), "統合を確かめる")
        for name in ("生成AI", "自動運転"):
            self.assertNotContains(self.client.get(url_of(Tag.objects.get(name=name))), "統合を確かめる")
        reader = make_user("reader", permissions=("view_tag", "change_tag", "view_post"))
        self.client.force_login(reader)
        self.assertNotContains(self.client.get(url_of(Tag.objects.get(name="生成AI活用"))), "統合を確かめる")
