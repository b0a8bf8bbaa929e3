"""The lists of the desk filter by what they offer, and by nothing else."""

import pytest
from django.urls import reverse

from blog.editing.permissions import EDITOR, WRITER
from tests.factories import make_author, make_draft, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blog_post_changelist")


@pytest.mark.parametrize("lookup", ["title__regex", "author__user__password__startswith", "related_posts__title"])
def test_list_refuses_a_lookup_that_it_does_not_offer(client, lookup):
    client.force_login(make_user(role=EDITOR))
    assert client.get(LIST, {lookup: "a"}).status_code == 400
    assert client.get(LIST, {"category__id__exact": "1"}).status_code == 200


def test_writer_learns_nothing_of_drafts_of_others_by_the_addresses_of_lists(client):
    writer = make_user(role=WRITER)
    make_author("執筆者", "writer", user=writer)
    make_draft("他人の秘密", tags=["秘密のタグ"])
    client.force_login(writer)
    for path in ("blog_post", "blog_tag", "blog_author", "blog_category"):
        url = reverse(f"admin:{path}_changelist")
        for query in ({}, {"q": "秘密"}, {"posts__title__startswith": "他人"}):
            assert "他人の秘密" not in client.get(url, query).text


def test_search_is_cut_to_100_characters(client):
    client.force_login(make_user(role=EDITOR))
    assert client.get(reverse("admin:blog_category_changelist"), {"q": "語 " * 5_000}).status_code == 200
