from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.utils import timezone

from blog.editing.saving import PathTaken
from blog.models import Author, Permalink, Post, Tag
from tests.admin.desk import DeskCase, errors_of, url_of, values_at
from tests.factories import (
    make_author,
    make_category,
    make_draft,
    make_post,
)

# About what the form says of its fields: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

BODIES = {
    "spaces at both ends": "  行頭と行末の空白  \n\n  ",
    "no line end at the end": "最後の行",
    "leading blank lines": "\n\n\n本文\n",
    "carriage return in the middle": "前\r後\r\n次\n",
    "only a line end": "\n",
    "markup": "<b>&amp;</b> </textarea> \"引用\" '引用'\n",
    "tab and full-width space": "\t　本文　\t\n",
    "odd separators": "a\x0bb\x0cc\x85d\u2028e\ufefff\n",
}


class UntouchedTests(DeskCase):
    def test_untouched_body_is_saved_to_the_byte(self):
        for name, body in BODIES.items():
            with self.subTest(name):
                post = make_post(body=body)
                assert self.saved(post).body == body

    def test_untouched_post_is_saved_already_and_changes_nothing(self):
        related = make_post()
        post = make_post(
            title="題 ",
            excerpt=" 二行の\r\nリード文 \n",
            description="説明\n",
            canonical_url="https://first.example/a",
            noindex=True,
            in_sitemap=False,
            pillar=related,
            tags=["B", "A"],
        )
        post.related_rows.create(target=related, reason="理由")
        before = Post.objects.values().get(pk=post.pk)
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            after = self.saved(post)
        assert Post.objects.values().get(pk=post.pk) == before
        assert [tag.name for tag in after.tag_list] == ["B", "A"]
        assert [(row.target, row.reason) for row in after.related_rows.all()] == [(related, "理由")]

    def test_untouched_tags_keep_a_spelling_that_the_desk_would_not_give_them(self):
        post = make_post(tags=["ＡＩ", "a  b"])
        assert [tag.name for tag in self.saved(post).tag_list] == ["ＡＩ", "a  b"]

    def test_body_beyond_what_can_be_rendered_is_refused_with_its_length(self):
        errors = self.refused(make_draft(), body="あ" * 1_000_001)
        assert "1,000,001字" in errors["body"][0]


class TagsTests(DeskCase):
    def names(self, post, text):
        return [tag.name for tag in self.saved(post, tag_names=text).tag_list]

    def test_tags_split_at_commas_and_never_at_spaces(self):
        assert self.names(make_draft(), "Google AI、生成AI,  C++，ＮＩＳＡ,") == ["Google AI", "生成AI", "C++", "NISA"]

    def test_order_of_tags_is_the_writers(self):
        post = make_draft(tags=["A", "B", "C"])
        assert self.names(post, "C、A、B") == ["C", "A", "B"]

    def test_known_tag_is_taken_in_its_known_spelling(self):
        make_draft(tags=["OpenAI"])
        assert self.names(make_draft(), "openai") == ["OpenAI"]
        assert Tag.objects.count() == 1


class NewPostCase(DeskCase):
    def new(self, **fields):
        return self.added(Post, author=make_author().pk, category=make_category().pk, **fields)


class NewPostTests(NewPostCase):
    def test_article_that_somebody_paid_for_is_marked_as_such(self):
        post = self.new(title="広告の記事", body="[商品](https://shop.example/)", is_sponsored="on")
        assert post.is_sponsored
        assert 'rel="sponsored"' in post.body_html

    def test_own_byline_is_chosen_beforehand(self):
        author = make_author("山の編集部", "mountain", user=self.editor)
        form = self.client.get(url_of(Post, "add")).context["adminform"].form
        assert form["author"].value() == author.pk
        Author.objects.update(user=None)
        assert self.client.get(url_of(Post, "add")).context["adminform"].form["author"].value() is None


class AddressTests(NewPostCase):
    def test_empty_url_name_is_made_from_the_title_and_keeps_japanese(self):
        assert self.new(title="AI投資：はじめの一歩！").slug == "ai投資-はじめの一歩"

    def test_made_url_name_is_unlike_those_of_other_posts(self):
        assert [self.new(title="決算速報").slug for _ in range(3)] == ["決算速報", "決算速報-2", "決算速報-3"]

    def test_emptied_url_name_of_a_public_post_does_not_move_it(self):
        post = make_post(slug="stays")
        assert self.saved(post, slug="", title="別の題").slug == "stays"

    def test_url_name_that_urls_would_spell_differently_is_refused_with_the_right_spelling(self):
        assert "ai-news" in self.refused(make_draft(), slug="AI News")["slug"][0]

    def test_url_name_of_another_post_of_the_day_is_refused_in_words(self):
        make_post(slug="taken")
        errors = self.refused(make_post(slug="free"), slug="taken")
        assert errors["slug"] == ["このURLは別の記事か転送がすでに使っています。URL名を変えてください。"]

    @pytest.mark.postgresql
    def test_address_that_is_taken_after_the_check_is_refused_at_the_field_and_keeps_the_text(self):
        checked_and_saved, calls = ModelAdmin.changeform_view, []

        def beaten(admin, *args, **kwargs):
            calls.append(1)
            if len(calls) > 1:
                Permalink.objects.create(path="/2026/04/01/wanted/", target="/")
                return checked_and_saved(admin, *args, **kwargs)
            with transaction.atomic():
                checked_and_saved(admin, *args, **kwargs)
                raise PathTaken("/2026/04/01/wanted/")

        post = make_post(slug="free")
        opened = values_at(self.client, url_of(post))
        fields = {**opened, "slug": "wanted", "confirmed_path": "/2026/04/01/wanted/", "body": "大事な本文"}
        with mock.patch.object(ModelAdmin, "changeform_view", beaten):
            response = self.client.post(url_of(post), fields)
        assert "slug" in errors_of(response)
        self.assertContains(response, "大事な本文")
        assert Post.objects.get(pk=post.pk).slug == "free"
