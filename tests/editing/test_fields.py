"""The table of fields holds every field of an article that people edit."""

from django.test import TestCase

from blog.admin.api.preview import PostPreviewForm
from blog.editing.fields import CONTENT, FIELDS, PAGE_CONTENT, STATE, TEXTS, Kind, empty, label
from blog.editing.merging import merge_snapshots
from blog.editing.pending import save_pending, save_version
from blog.editing.permissions import EDITOR
from blog.editing.preview import page_of_version
from blog.editing.snapshots import stored_snapshot
from blog.models import Page, Post, PostRevision
from blog.text.desk import DRAFT_TEXTS
from tests.factories import make_post, make_user


class FieldTests(TestCase):
    def test_table_holds_every_field_that_can_be_edited(self):
        fields = (*Post._meta.fields, *Post._meta.many_to_many)
        editable = {field.name for field in fields if field.editable and not field.primary_key}
        assert {*CONTENT, *STATE} == editable

    def test_every_field_is_named_and_no_key_stands_twice(self):
        keys = [field.key for field in FIELDS if field.key]
        assert len(keys) == len(set(keys))
        assert all(label(field.name) for field in FIELDS)

    def test_what_the_desk_check_reads_is_a_text(self):
        assert {*DRAFT_TEXTS} <= {*TEXTS}

    def test_new_article_holds_what_the_table_calls_empty(self):
        post = Post()
        for field in FIELDS:
            if field.kind in (Kind.TEXT, Kind.LINES, Kind.FLAG, Kind.ROW):
                assert getattr(post, f"{field.name}_id" if field.model else field.name) == empty(field.name)

    def test_preview_takes_every_field_of_the_form(self):
        elsewhere = {"related"}  # a form of its own for each row; the preview shows what is stored
        assert {*PostPreviewForm.base_fields} == {*CONTENT, "tag_names"} - {"tags"} - elsewhere

    def test_preview_shows_each_text_as_it_would_be_saved(self):
        form = PostPreviewForm({"key_points": " 一つ目\r\n二つ目 ", "correction": "直した。\r\n"}, instance=Post())
        form.fill()
        assert (form.instance.key_points, form.instance.correction) == ("一つ目\n二つ目", "直した。")


class OlderVersionTests(TestCase):
    """A version that was stored before a field existed has no value for it."""

    def setUp(self):
        self.editor = make_user(role=EDITOR)
        self.post = make_post(excerpt="公開中")
        self.post.title = "公開前の題"
        save_pending(self.post, by=self.editor, tags=[], related=[], expected_version=self.post.version)
        self.post.refresh_from_db()
        revision = self.post.pending_revision
        del revision.snapshot["excerpt"]
        revision.save()

    def test_it_is_shown_merged_and_released_without_a_word_about_the_field(self):
        pending = self.post.pending_revision
        assert "excerpt" not in merge_snapshots(pending.snapshot, stored_snapshot(self.post), pending.snapshot).resolved
        assert page_of_version(Post.objects.get(pk=self.post.pk))["post"].excerpt == "公開中"
        save_version(
            self.post,
            pending.snapshot,
            by=self.editor,
            expected_version=self.post.version,
            kind=PostRevision.Kind.RELEASED,
            source=pending,
        )
        assert Post.objects.get(pk=self.post.pk).excerpt == "公開中"


class PageFieldTests(TestCase):
    def test_table_holds_every_field_of_a_page_that_can_be_edited(self):
        editable = {field.name for field in Page._meta.fields if field.editable and not field.primary_key}
        assert {*PAGE_CONTENT} == editable
        assert all(label(name, Page) for name in PAGE_CONTENT)

    def test_new_page_holds_what_the_table_calls_empty(self):
        page = Page()
        assert {name: getattr(page, name) for name in PAGE_CONTENT} == {name: empty(name) for name in PAGE_CONTENT}
