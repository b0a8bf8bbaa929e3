"""Texts from the desk have the spelling of imported ones: without invisible characters and marks of direction."""

import copy

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory

from blog.admin.fields import LineField
from blog.admin.post.workflow import STEPS, StepForm
from blog.admin.versions.preview_links import PreviewLinkForm
from blog.models import Post
from tests.admin.desk import DeskCase
from tests.factories import make_draft, make_page, make_post

MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u206a\u206f\u200b\u2060\ufeff"
SPELT = ("\u202e甲\u200e乙\u2069\u200b", "甲乙")
# Fields that nobody reads as text, and the body, which is cleaned when it is rendered.
OTHERS = {"username", "password", "password1", "password2", "email", "body", "confirmed", "confirmed_path"}


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_is_taken_out(mark):
    for field in (LineField(), LineField(max_length=2)):
        assert field.clean(f"甲{mark}乙").replace(" ", "") == "甲乙"


def text_fields():
    """(name, field) of every text of every form of the desk."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.create_superuser("chief")
    for model in apps.get_models():
        if not admin.site.is_registered(model):
            continue
        model_admin = admin.site.get_model_admin(model)
        for obj in (None, model.objects.first()):
            form_classes = [model_admin.get_form(request, obj)] if model_admin.has_change_permission(request) else []
            for inline in model_admin.get_inline_instances(request, obj):
                form_classes.append(inline.get_formset(request, obj).form)
            for form_class in form_classes:
                yield from (
                    (f"{form_class._meta.model.__name__}.{name}", field)
                    for name, field in form_class.base_fields.items()
                )
    for form in (PreviewLinkForm(), StepForm(next(step for step in STEPS if step.needs == "reason"), None)):
        yield from ((f"{type(form).__name__}.{name}", field) for name, field in form.fields.items())


@pytest.mark.django_db
def test_no_text_field_of_the_desk_keeps_what_is_unseen():
    make_post(tags=["A"])
    make_page()
    checked = set()
    for name, field in text_fields():
        if isinstance(field, forms.CharField) and name.partition(".")[2] not in OTHERS:
            if isinstance(field, forms.EmailField | forms.URLField):
                continue
            field = copy.deepcopy(field)  # forms share it
            field.validators, field.required = [], False  # this test is not about what is valid
            typed = field.clean(SPELT[0])
            assert typed == ([SPELT[1]] if isinstance(typed, list) else SPELT[1]), name
            checked.add(name)
    assert {
        *("Post.title", "Post.slug", "Post.excerpt", "Post.description", "Post.reason"),
        *("Post.tag_names", "Post.canonical_url", "Page.title", "Page.path", "Page.description"),
        *("Author.name", "Author.bio", "Author.links", "Category.name", "Category.notice", "Tag.name", "Tag.slug"),
        *("Image.alt", "Image.caption", "Image.credit", "Permalink.path", "Permalink.target"),
        *(
            "RelatedPost.reason",
            "User.last_name",
            "User.first_name",
            "Group.name",
            "PreviewLinkForm.note",
            "StepForm.reason",
        ),
    } <= checked


@pytest.mark.sqlite
class SavedTests(DeskCase):
    typed, spelt = SPELT

    def test_article(self):
        fields = {
            "title": self.typed,
            "excerpt": f"{self.typed}\r\n次",
            "description": self.typed,
            "slug": "\u202ea\u200f",
        }
        post = self.saved(make_draft(), tag_names=f"{self.typed}、B", **fields)
        assert (post.title, post.excerpt, post.description, post.slug) == (self.spelt, "甲乙\n次", self.spelt, "a")
        assert [tag.name for tag in post.tag_list] == [self.spelt, "B"]

    def test_body_stays_as_it_was_typed(self):
        assert self.saved(make_draft(), body=self.typed).body == self.typed
        post = make_draft(body=f"{self.typed}\r\n")
        assert self.saved(post, title="改題").body == post.body

    def test_title_of_marks_alone_is_missing_and_one_on_two_lines_is_one(self):
        post = make_draft()
        assert "title" in self.refused(post, title="\u202e\u200f")
        assert self.saved(post, title="甲\r\n乙").title == "甲 乙"

    @pytest.mark.postgresql
    def test_nul_is_refused_in_words_and_not_dropped(self):
        errors = self.refused(make_draft(), title="甲\x00乙", excerpt="甲\x00乙")
        assert "U+0000" in errors["title"][0]
        assert "U+0000" in errors["excerpt"][0]

    @pytest.mark.postgresql
    def test_stored_title_loses_its_marks_with_the_next_save_and_other_texts_stay_to_the_byte(self):
        post = make_draft()
        Post.objects.filter(pk=post.pk).update(title="甲\u202e乙", excerpt=" 前\r\n後 ", correction="訂\u202e正")
        saved = self.saved(post, noindex="on")
        assert (saved.title, saved.excerpt, saved.correction) == ("甲乙", " 前\r\n後 ", "訂正")
