"""One search over all that the desk keeps."""

import pytest
from django.urls import reverse

from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from tests.factories import make_author, make_draft, make_page, make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
URL = reverse("admin:search")


def found(client, words):
    return {
        group.name: [str(row) for row, *_ in group.rows] for group in client.get(URL, {"q": words}).context["found"]
    }


def test_article_is_found_by_a_phrase_of_its_text_though_it_is_a_draft(client):
    post = make_draft("題", body="国内二百社の聞き取りから見えた費用の現実です。")
    make_draft("別の題")
    client.force_login(make_user(role=EDITOR))
    assert found(client, "聞き取りから見えた費用") == {"記事": ["題"]}
    assert reverse("admin:blog_post_change", args=[post.pk]) in client.get(URL, {"q": "聞き取り"}).content.decode()


def test_best_article_stands_first(client):
    make_post("市況の話")
    make_post("別の題", body="市況の話が本文にある。")
    client.force_login(make_user(role=EDITOR))
    assert found(client, "市況の話")["記事"] == ["市況の話", "別の題"]


@pytest.mark.postgresql
def test_writer_finds_only_what_the_writer_may_see(client):
    make_draft("秘匿の表題", tags=["秘匿の主題"], author=make_author("秘匿の人", "other"))
    make_page(title="秘匿のページ")
    make_user("秘匿", last_name="秘匿")
    client.force_login(make_user(role=WRITER))
    assert found(client, "秘匿") == {}
    client.force_login(make_user("keeper", role=ADMINISTRATOR))
    assert {"記事", "タグ", "著者", "固定ページ", "ユーザー"} <= set(found(client, "秘匿"))
