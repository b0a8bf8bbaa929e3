"""What tests send of a form without drawing its page (`values_at`) is what a browser would send of the drawn page.

It is asked of the form of every model, and of an article's in every state, of writers and editors.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.editing.permissions import ADMINISTRATOR
from blog.editing.versions.releasing import plan_release
from blog.models import HouseWord, Page, Permalink, Post, Tag, TagGroup
from tests.admin.desk import DeskCase, WriterCase, fields_of, save, url_of
from tests.admin.test_posts import related_fields
from tests.factories import (
    make_category,
    make_draft,
    make_image,
    make_in_review,
    make_page,
    make_post,
    make_released,
    make_scheduled,
    make_unpublished,
    make_user,
)
from tests.undrawn import HEADER, values_in

# Of Django's forms and widgets: no database answers otherwise.
pytestmark = pytest.mark.sqlite

TEXT = "\n 　</textarea>\r\n<b title='a'>&amp;\" \\ __prefix__\r終わり。 　\n\n"


class AlikeMixin:
    def assert_alike(self, client: Client, url: str) -> None:
        """Compares what is read with what is drawn. Keys that each page makes anew need only be there, or not."""
        with self.subTest(url):
            undrawn, drawn = client.get(url, headers={HEADER: "1"}), fields_of(client.get(url))
            read = values_in(undrawn.context_data)
            assert undrawn.content == b""
            assert drawn.pop("csrfmiddlewaretoken")
            if "form_key" in drawn:
                assert len(drawn.pop("form_key")) == len(read.pop("form_key")) == 36
            assert read == drawn


class ArticleTests(AlikeMixin, WriterCase):
    def setUp(self):
        super().setUp()
        self.about = {
            "author": self.author,
            "body": TEXT,
            "excerpt": TEXT,
            "key_points": '一点。\n"二点" & <三点>',
            "description": "説明'\"<>&",
            "canonical_url": "https://example.com/?a=1&b=%E3%81%82",
            "lead_image": make_image(),
            "pillar": make_post(),
            "tags": ["A&B", "金利", "C++"],
            "noindex": True,
            "in_sitemap": False,
            "is_sponsored": True,
        }

    def test_new_article(self):
        for client in (self.client, self.chief):
            for query in ("", "?_popup=1", "?title=%3Cb%3E%22&body=%0A%0Aa"):
                self.assert_alike(client, url_of(Post, "add") + query)

    def test_article_in_every_state(self):
        for make in (make_draft, make_in_review, make_scheduled, make_post, make_unpublished):
            post = make("題 <b>'\"&amp;", **self.about)
            post.related_rows.create(target=make_post(), reason='<理由>"&', position=0)
            post.related_rows.create(target=make_post(), reason="", position=1)
            for client in (self.client, self.chief):
                self.assert_alike(client, url_of(post))
        self.assert_alike(self.chief, f"{url_of(post)}?_popup=1")

    def test_bare_article_and_one_of_another_writer(self):
        for post in (make_draft(author=self.author), make_post(author=self.other)):
            for client in (self.client, self.chief):
                self.assert_alike(client, url_of(post))

    def test_version_that_waits_as_it_was_proposed_edited_and_planned(self):
        post = make_released(**self.about)
        changes = {"title": "次の題", "body": f"{TEXT}次。", "tag_names": "甲、乙", "_save_pending": "1"}
        for client in (self.client, self.chief):
            related = related_fields((make_post(), "理由", 1)) if client is self.chief else {}
            assert save(client, url_of(post), **changes, **related).status_code == 302
            for reader in (self.client, self.chief):
                self.assert_alike(reader, url_of(post))
        post = Post.objects.get(pk=post.pk)
        plan_release(post, timezone.now() + timedelta(hours=1), by=self.editor, expected_version=post.version)
        for client in (self.client, self.chief):
            self.assert_alike(client, url_of(post))


class ModelTests(AlikeMixin, DeskCase):
    def test_form_of_every_model_that_can_be_added(self):
        chief = Client()
        chief.force_login(make_user("chief", is_superuser=True))
        post, group = make_post(body=TEXT, tags=["A&B"]), TagGroup.objects.create(name="企業<b>")
        Tag.objects.update(group=group, description=TEXT)
        page = make_page(body=TEXT, title="題 <b>'\"&")
        word = HouseWord.objects.create(word="<語>", kind=HouseWord.Kind.choices[0][0])
        link = Permalink.objects.create(path="/old/?a=&b/", target=page.path, is_handmade=True)
        people = (self.editor, post.author, Group.objects.first(), make_user("keeper", role=ADMINISTRATOR))
        rows = (post, page, make_category(), group, post.tags.get(), make_image("blue", alt='<&">'), word, link)
        made = {type(row): row for row in (*rows, *people)}
        models = [model for model in apps.get_models() if site.is_registered(model)]
        adds = {model: reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add") for model in models}
        added = {model for model, url in adds.items() if chief.get(url).status_code == 200}
        assert added <= made.keys()
        for model in added:
            self.assert_alike(chief, adds[model])
            self.assert_alike(chief, adds[model].replace("add/", f"{made[model].pk}/change/"))

    def test_form_of_a_static_page_and_of_an_account_for_others_than_a_superuser(self):
        for address in (url_of(make_page(body=TEXT)), url_of(Page, "add")):
            self.assert_alike(self.client, address)
        self.client.force_login(make_user("keeper", role=ADMINISTRATOR))
        self.assert_alike(self.client, reverse("admin:auth_user_change", args=[self.editor.pk]))
