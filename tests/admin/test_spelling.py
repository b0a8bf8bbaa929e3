"""Texts from the desk have the spelling of imported ones: without invisible characters and marks of direction."""

import copy
import io

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image as PILImage

from blog.admin.fields import LineField
from blog.admin.post.workflow import STEPS, ToldForm
from blog.admin.versions.conflicts import MergeVersionsForm
from blog.admin.versions.preview_links import PreviewLinkForm
from blog.editing.revisions.snapshots import stored_snapshot
from blog.models import Author, Category, Image, Page, Permalink, Post, PreviewLink, Tag
from blog.text.japanese import normalise, one_line
from tests.admin.desk import DeskCase
from tests.admin.test_posts import related_fields
from tests.factories import make_author, make_category, make_draft, make_page, make_post, make_user

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
    for form in (PreviewLinkForm(), ToldForm(next(step for step in STEPS if step.needs == "reason"), None)):
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
        *("Post.title", "Post.slug", "Post.excerpt", "Post.description", "Post.correction", "Post.reason"),
        *("Post.tag_names", "Post.canonical_url", "Page.title", "Page.path", "Page.description"),
        *("Author.name", "Author.bio", "Author.links", "Category.name", "Category.notice", "Tag.name", "Tag.slug"),
        *("Image.alt", "Image.caption", "Image.credit", "Permalink.path", "Permalink.target"),
        *(
            "RelatedPost.reason",
            "User.last_name",
            "User.first_name",
            "Group.name",
            "PreviewLinkForm.note",
            "ToldForm.reason",
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

    def test_reason_of_a_related_article(self):
        post, other = make_draft(), make_post()
        assert self.saved(post, **related_fields((other, self.typed, "1"))).related_rows.get().reason == self.spelt

    @pytest.mark.postgresql
    def test_names_and_pages(self):
        assert self.added(Author, name=self.typed, slug="a").name == self.spelt
        assert self.added(Category, name=self.typed, slug="c", position="1").name == self.spelt
        assert self.added(Tag, name=self.typed).name == self.spelt
        assert self.added(Page, title=self.typed, path="/\u200eabout/", body=self.typed).title == self.spelt
        assert self.added(Permalink, path="/\u202eold/", target="/tags/").path == "/old/"

    def test_picture(self):
        out = io.BytesIO()
        PILImage.new("RGB", (4, 4)).save(out, "PNG")
        upload = SimpleUploadedFile("a.png", out.getvalue(), "image/png")
        image = self.added(Image, upload=upload, alt=self.typed, caption=self.typed, credit=self.typed)
        assert (image.alt, image.caption, image.credit) == (self.spelt,) * 3
        out.seek(0)
        Image.objects.all().delete()
        self.client.post(
            "/admin/markdownx/upload/", {"image": SimpleUploadedFile("b.png", out.read()), "alt": self.typed}
        )
        assert Image.objects.get().alt == self.spelt

    def test_preview_link_and_colleagues(self):
        post = make_draft()
        self.client.post(f"/admin/blog/post/{post.pk}/preview-links/", {"days": "7", "note": self.typed})
        assert PreviewLink.objects.get().note == self.spelt
        self.client.force_login(make_user("chief", is_superuser=True))
        for model, names in ((User, {"last_name": self.typed}), (Group, {"name": self.typed})):
            obj = model.objects.first()
            fields = {"username": "x", "is_active": "on", "last_login_0": "", "last_login_1": "", **names}
            url = f"/admin/auth/{model._meta.model_name}/{obj.pk}/change/"
            assert self.client.post(url, fields).status_code == 302
            assert self.spelt in (getattr(model.objects.get(pk=obj.pk), name) for name in names)

    def test_preview_shows_the_title_that_will_be_saved(self):
        answer = self.client.post("/admin/desk/preview/post/", {"title": self.typed, "body": "本文"})
        assert "甲乙" in answer.json()["html"]
        assert "\u202e" not in answer.json()["html"]

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

    def test_address_made_from_the_title_has_none(self):
        assert self.added(Post, title="題\u202e名", category=make_category().pk, author=make_author().pk).slug == "題名"


@pytest.mark.django_db
def test_decision_between_two_edits_is_spelt_so_and_leaves_the_body():
    base = stored_snapshot(make_draft("題", body="本文\n"))
    mine = base | {"title": "私の\u202e題", "excerpt": "私の\u202e文", "body": "私の\u202e本文\n"}
    theirs = base | {"title": "別の題", "excerpt": "別の文", "body": "別の本文\n"}
    asked = MergeVersionsForm(base, mine, theirs)
    data = {name: "mine" for name in asked.fields if name.startswith("choice_")}
    data |= {name: field.initial for name, field in asked.fields.items() if name.startswith("text_")}
    form = MergeVersionsForm(base, mine, theirs, data=data)
    assert form.is_valid(), form.errors
    decided = form.decided()
    assert (decided["title"], decided["excerpt"], decided["body"]) == ("私の題", "私の文", "私の\u202e本文\n")
    choices = {name: "theirs" for name in data if name.startswith("choice_")}
    kept = MergeVersionsForm(base, mine, theirs, data=data | choices)
    assert kept.is_valid()  # nobody has rewritten their own


def test_one_line_is_normalise_without_line_ends():
    for text in ("甲\r\n乙", "甲\u2028乙", "甲\x0b乙", "か\u3099", "\ufa19", "👩\u200d💻"):
        assert one_line(text) == normalise(text).replace("\n", " ")
