"""The start page of the desk: the articles that wait for the user."""

import pytest
from django.urls import reverse

from blog.editing.permissions import EDITOR, WRITER
from tests.factories import make_author, make_draft, make_in_review, make_post, make_scheduled, make_user

pytestmark = pytest.mark.django_db

URL = reverse("admin:index")


def groups(client):
    return {group.name: group.posts for group in client.get(URL).context["groups"]}


def posts_of(author):
    return {make.__name__: make(author=author) for make in (make_draft, make_in_review, make_scheduled, make_post)}


def test_editor_sees_own_drafts_and_everybodys_other_articles(client):
    editor = make_user(role=EDITOR)
    mine, others = posts_of(make_author("私", "me", user=editor)), posts_of(make_author())
    client.force_login(editor)
    assert groups(client) == {
        "自分の下書き": [mine["make_draft"]],
        "確認待ち": [mine["make_in_review"], others["make_in_review"]],
        "公開予約": [mine["make_scheduled"], others["make_scheduled"]],
        "最近の公開": [others["make_post"], mine["make_post"]],
    }


def test_writer_sees_nothing_of_others_that_is_not_public(client):
    writer = make_user(role=WRITER)
    mine, others = posts_of(make_author("私", "me", user=writer)), posts_of(make_author())
    client.force_login(writer)
    assert groups(client) == {
        "自分の下書き": [mine["make_draft"]],
        "確認に出した記事": [mine["make_in_review"]],
        "公開予約": [mine["make_scheduled"]],
        "最近の公開": [others["make_post"], mine["make_post"]],
    }


def test_every_title_leads_to_its_form_and_every_group_to_its_list(client):
    client.force_login(make_user(role=EDITOR))
    post = make_post("見出し")
    text = client.get(URL).content.decode()
    assert f'href="{reverse("admin:blog_post_change", args=[post.pk])}">見出し</a>' in text
    assert f'href="{reverse("admin:blog_post_changelist")}?state=published"' in text
    assert client.get(f"{reverse('admin:blog_post_changelist')}?state=published").status_code == 200


def test_list_behind_my_articles_holds_mine_alone(client):
    editor, writer = make_user("editor", role=EDITOR), make_user("writer", role=WRITER)
    for user, of_mine in ((editor, {"自分の下書き"}), (writer, {"自分の下書き", "確認に出した記事"})):
        client.force_login(user)
        assert {group.name for group in client.get(URL).context["groups"] if "own=1" in group.url} == of_mine


def test_empty_desk_says_so_and_offers_to_write(client):
    client.force_login(make_user(role=WRITER))
    text = client.get(URL).content.decode()
    assert text.count("ありません。") == 4
    assert reverse("admin:blog_post_add") in text


def test_who_may_do_nothing_with_articles_sees_none(client):
    client.force_login(make_user(permissions=("view_tag",)))
    make_post("見出し")
    assert "見出し" not in client.get(URL).content.decode()


def test_articles_stand_first_among_the_models(client):
    client.force_login(make_user(role=EDITOR))
    models = client.get(URL).context["app_list"][0]["models"]
    assert [model["object_name"] for model in models][:3] == ["Post", "PostFinding", "FrontPick"]


def test_long_lists_are_cut_and_cost_a_constant_number_of_queries(client, django_assert_max_num_queries):
    client.force_login(make_user(role=EDITOR))
    for _ in range(12):
        make_post()
    with django_assert_max_num_queries(12):
        assert len(groups(client)["最近の公開"]) == 8
