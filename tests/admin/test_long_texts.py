"""A long text passes every form and endpoint of the desk: sent as it is, since percent-encoded it would be refused."""

import json
import re
import uuid

import pytest
from django.urls import reverse

from blog.models import Author, Autosave, Category, Image, Page, Permalink, Post, Tag
from blog.text.bounds import MAX_CHARS
from tests.admin.desk import DeskCase, save, url_of, values_at
from tests.factories import make_draft, make_in_review, make_page, make_post, make_user

LINE = f"{'あ' * 997}。\n\n"
LONGEST = LINE * (MAX_CHARS // len(LINE))
FORM = re.compile(r"<form [^>]*>.*?</form>", re.DOTALL)


class LongTextTests(DeskCase):
    def test_article_of_a_million_characters_is_saved(self):
        post = make_draft()
        response = save(self.client, url_of(post), body=LONGEST)
        assert response.status_code == 302
        assert Post.objects.get().body == LONGEST

    def test_it_is_kept_while_it_is_typed(self):
        kept = json.dumps([["body", LONGEST]], ensure_ascii=False)
        fields = {"key": str(uuid.uuid4()), "base_version": 0, "fields_json": kept}
        assert self.client.post(reverse("desk:autosave_keep"), fields).status_code == 200
        assert Autosave.objects.get().value("body") == LONGEST

    def test_it_is_previewed(self):
        for name in ("desk:post_preview", "desk:page_preview"):
            response = self.client.post(reverse(name), {"object": "", "title": "題", "body": LONGEST})
            assert response.status_code == 200, name


@pytest.mark.django_db
@pytest.mark.sqlite
def test_each_form_with_a_field_for_a_long_text_sends_it_as_it_is(client):
    client.force_login(make_user(is_superuser=True))
    post, page = make_draft(body="元。"), make_page()
    pages = [url_of(post), url_of(page), conflict(client, post)]
    pages += [url_of(model, "add") for model in (Author, Category, Image, Page, Permalink, Post, Tag)]
    heads = []
    for address in pages:
        forms = FORM.findall(client.get(address).content.decode())
        heads += [form.partition(">")[0] for form in forms if "<textarea" in form]
    assert len(heads) >= 5
    assert [head for head in heads if 'enctype="multipart/form-data"' not in head] == []


@pytest.mark.django_db
@pytest.mark.sqlite
def test_no_browser_cuts_a_text_that_is_too_long_and_the_server_refuses_it_in_words(client):
    client.force_login(make_user(is_superuser=True))
    post, reviewed = make_draft(), make_in_review("確認待ち")
    texts = {"title", "excerpt", "description", "correction", "reason", "change_note", "text", "caption", "credit"}
    notes = reverse("admin:blog_post_notes", args=[post.pk])
    forms = [url_of(item) for item in (post, reviewed, make_post(), make_page())]
    found = set()
    for address in (*forms, url_of(Image, "add"), notes):
        for tag in re.findall(r"<(?:input|textarea)[^>]*>", client.get(address).content.decode()):
            name = re.search(r' name="([^"]*)"', tag)
            if name and name[1] in texts:
                found.add(name[1])
                assert "maxlength" not in tag
    assert found == texts
    response = save(client, url_of(post), title="長" * 201)
    assert "200" in str(response.context["adminform"].form.errors["title"])


def conflict(client, post) -> str:
    """Where a save leads that came second."""
    opened = values_at(client, url_of(post))
    save(client, url_of(post), body="相手。")
    return client.post(url_of(post), {**opened, "body": "自分。"})["Location"]
