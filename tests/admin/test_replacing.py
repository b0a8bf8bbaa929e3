"""A picture gets a new file wherever it is shown; changed texts of the library are taken over; the focal point."""

from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from blog.admin.image import ImageAdmin
from blog.editing import pictures
from blog.editing.permissions import WRITER
from blog.editing.pictures import as_in_library, finish_replacement, replace_file, shown_as
from blog.editing.versions.pending import save_pending
from blog.models import AuditEntry, FormerFile, Image, Page, Permalink, Post
from blog.models.post.rendering import render_body
from blog.pictures import stored_files
from blog.pictures.encoding import ImageRejected
from blog.pictures.renditions import make_renditions
from blog.pictures.stored_files import remove_unnamed
from blog.pictures.uploads import FORMER, store_image
from tests.admin.desk import DeskCase
from tests.admin.test_images import picture, upload
from tests.factories import make_image, make_page, make_post, make_user
from tests.queue import do_queued_tasks

pytestmark = pytest.mark.sqlite


class ReplacingCase(DeskCase):
    def replace(self, image, data, **fields):
        url = reverse("admin:blog_image_replace", args=[image.pk])
        response = self.client.post(url, {"upload": upload(data), "old": "keep", **fields}, follow=True)
        do_queued_tasks()
        return response

    def errors(self, response):
        return response.context["form"].errors["upload"]


class ReplacingTests(ReplacingCase):
    def test_new_file_is_shown_wherever_the_old_one_was(self):
        image = store_image(picture("maroon"), alt="図")
        old, body = image.file.url, f"![図]({image.file.url})\n"
        post, page, lead = make_post(body=body), make_page(body=body), make_post(lead_image=image)
        Permalink.objects.create(path="/assets/old.png", target=old)
        before = post.revisions.count()
        self.assertContains(self.replace(image, picture("olive", (900, 500))), "差し替えました")
        image.refresh_from_db()
        assert (image.width, image.height, image.alt) == (900, 500, "図")
        assert image.choices
        for item in (post, page):
            item.refresh_from_db()
            assert item.body == body
            assert image.file.url in item.body_html
            assert old not in item.body_html
            assert 'width="900"' in item.body_html
        assert post.revisions.count() == before
        assert image.file.url in self.client.get(lead.get_absolute_url()).content.decode()
        assert Permalink.objects.get(path="/assets/old.png").target == image.file.url
        assert default_storage.exists(old.removeprefix("/media/"))
        assert AuditEntry.objects.filter(kind="blog.image", key=image.pk, detail__contains="差し替え").exists()

    @pytest.mark.postgresql
    def test_old_file_goes_if_the_editor_says_so(self):
        image = store_image(picture("indigo"))
        old = image.file.name
        make_post(body=f"![]({image.file.url})\n")
        self.assertContains(self.replace(image, picture("khaki"), old="remove"), "見つかりません")
        assert not default_storage.exists(old)
        assert render_body(f"![](/media/{old})\n").html.count(Image.objects.get().file.url) == 1

    def test_first_file_can_come_back(self):
        image = store_image(picture("plum"))
        first = image.file.name
        self.replace(image, picture("peru"))
        self.replace(image, picture("plum"))
        image.refresh_from_db()
        assert image.file.name == first
        assert list(FormerFile.objects.exclude(name=first)) == list(FormerFile.objects.all())

    @pytest.mark.postgresql
    def test_file_that_texts_mean_otherwise_cannot_be_added_again(self):
        image = store_image(picture("tan"))
        self.replace(image, picture("snow"))
        with self.assertRaisesMessage(ImageRejected, FORMER):
            store_image(picture("tan"))

    def test_file_of_another_picture_cannot_be_taken_over(self):
        image, other = store_image(picture("maroon")), store_image(picture("navy"))
        first, name = image.file.name, other.file.name
        self.replace(image, picture("olive"))
        assert FORMER in str(self.errors(self.replace(other, picture("maroon"))))
        other.refresh_from_db()
        assert other.file.name == name
        assert FormerFile.objects.get(name=first).image == image

    def test_former_file_that_came_back_or_is_kept_after_all_does_not_go(self):
        image = store_image(picture("plum"))
        first, by = image.file.name, {"name": "a.png"}
        replace_file(image, picture("peru"), keeps_old=False, **by)
        replace_file(image, picture("plum"), keeps_old=True, **by)
        finish_replacement.func(image.pk, first, [], False)
        assert default_storage.exists(first)
        replace_file(image, picture("lime"), keeps_old=True, **by)
        finish_replacement.func(image.pk, first, [], False)
        assert list(remove_unnamed([first])) == []
        assert default_storage.exists(first)

    def test_proxies_forget_a_file_once_it_is_gone(self):
        image = store_image(picture("plum"))
        first, gone = image.file.name, []
        make_post(body=f"![]({image.file.url})\n")
        replace_file(image, picture("peru"), keeps_old=False, name="a.png")

        def purge(names):
            gone.append((*names, default_storage.exists(first)))

        with mock.patch.object(stored_files, "purge_files", purge):
            finish_replacement.func(image.pk, first, [], False)
        assert gone == [(first, False)]

    def test_what_cannot_take_its_place_is_refused_and_changes_nothing(self):
        image, other = store_image(picture("coral")), store_image(picture("gold"), alt="金の図")
        name = image.file.name
        for data, message in (
            (picture("coral"), "同じファイル"),
            (picture("gold"), str(other)),
            (b"<svg/>", "画像として読めません"),
        ):
            assert message in str(self.errors(self.replace(image, data)))
        assert self.client.post(reverse("admin:blog_image_replace", args=[image.pk])).context["form"].errors
        image.refresh_from_db()
        assert (image.file.name, FormerFile.objects.count()) == (name, 0)

    @pytest.mark.postgresql
    def test_form_that_was_read_before_leaves_the_new_file(self):
        image = store_image(picture("maroon"), alt="図")
        read = ImageAdmin.get_object

        def read_before(*args):
            found = read(*args)
            replace_file(found, picture("olive", (900, 500)), name="new.png", keeps_old=True)
            return found

        sent = {"alt": "新しい文", "caption": "", "credit": "", "focus_x": 50, "focus_y": 50}
        with mock.patch.object(ImageAdmin, "get_object", read_before):
            self.client.post(reverse("admin:blog_image_change", args=[image.pk]), sent)
        now = Image.objects.get()
        assert (now.alt, now.width, now.original_name) == ("新しい文", 900, "new.png")

    def test_smaller_sizes_of_the_old_file_are_not_those_of_the_new_one(self):
        image = store_image(picture("maroon"))
        replace_file(image, picture("olive"), name="a.png", keeps_old=True)
        make_renditions(image)
        assert Image.objects.get().renditions is None

    def test_writer_may_not(self):
        image = make_image()
        self.client.force_login(make_user("writer", role=WRITER))
        for name in ("replace", "texts"):
            url = reverse(f"admin:blog_image_{name}", args=[image.pk])
            assert self.client.get(url).status_code == self.client.post(url).status_code == 403
        assert self.client.get(reverse("admin:blog_image_texts", args=[image.pk + 1])).status_code in (403, 404)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_new_file_is_encoded(monkeypatch):
    seen, encode = [], pictures.reencode

    def watched(data):
        seen.append(connection.in_atomic_block)
        return encode(data)

    monkeypatch.setattr(pictures, "reencode", watched)
    replace_file(store_image(picture("maroon")), picture("olive"), name="a.png", keeps_old=True)
    assert seen == [False]


class TakingOverTests(ReplacingCase):
    @pytest.mark.postgresql
    def test_changed_texts_are_said_and_taken_over_by_the_chosen_articles(self):
        image = make_image(alt="前の文", caption="前の説明")
        code = f'![前の文]({image.file.url} "前の説明")'
        chosen, other = make_post("選ぶ", body=f"前\n\n{code}\n\n後\n"), make_post("選ばない", body=f"{code}\n")
        response = self.client.post(
            reverse("admin:blog_image_change", args=[image.pk]),
            {"alt": "新しい文", "caption": "", "credit": "", "focus_x": 50, "focus_y": 50},
            follow=True,
        )
        self.assertContains(response, "2件の記事や固定ページの本文は、前の代替テキストかキャプションのままです。")
        url = reverse("admin:blog_image_texts", args=[image.pk])
        self.assertContains(self.client.get(url), "![新しい文]")
        self.assertContains(self.client.post(url, {"post": [chosen.pk]}, follow=True), "1件の本文に反映しました")
        chosen, other = Post.objects.get(pk=chosen.pk), Post.objects.get(pk=other.pk)
        assert chosen.body == f"前\n\n![新しい文]({image.file.url})\n\n後\n"
        assert chosen.revisions.order_by("-number").first().user == self.editor
        assert "前の文" in other.body
        self.assertContains(self.client.post(url, {"post": ["x"]}), "記事か固定ページを選んでください")

    def test_article_with_a_pending_version_is_left_alone(self):
        image = make_image(alt="新しい文")
        post = make_post(body=f"![前の文]({image.file.url})\n")
        post.title = "控えた題"
        save_pending(post, by=self.editor, tags=[], related=[], expected_version=post.version)
        url = reverse("admin:blog_image_texts", args=[image.pk])
        self.assertContains(self.client.get(url), "選べません")
        self.client.post(url, {"post": [post.pk]})
        assert "前の文" in Post.objects.get(pk=post.pk).body

    @pytest.mark.postgresql
    def test_static_pages_take_them_over_too_with_a_version_and_only_from_who_may_write_them(self):
        image = make_image(alt="新しい文")
        page, other = (make_page(path, title=path, body=f"![前の文]({image.file.url})\n") for path in ("/a/", "/b/"))
        make_page("/c/", title="/c/", body=f"![新しい文]({image.file.url})\n")
        url = reverse("admin:blog_image_texts", args=[image.pk])
        for codes, shown, status in (
            (("change_image",), [], False),
            (("change_image", "view_page"), [page, other], True),
        ):
            self.client.force_login(make_user(f"keeper{len(codes)}", permissions=codes))
            found = self.client.get(url).context["found"]
            assert [row.item for row in found] == shown
            assert all(row.hindrance for row in found)
            refused = self.client.post(url, {"page": [page.pk]}, follow=True)
            assert ("権限がないため" in refused.content.decode()) is status
        self.client.force_login(self.editor)
        self.assertContains(self.client.post(url, {"page": [page.pk, "x"]}, follow=True), "1件の本文に反映しました")
        page, other = Page.objects.get(pk=page.pk), Page.objects.get(pk=other.pk)
        assert (page.body, other.body) == (f"![新しい文]({image.file.url})\n", f"![前の文]({image.file.url})\n")
        assert "新しい文" in page.body_html
        newest, first = page.revisions.all()
        assert (newest.user, newest.changed, first.kind) == (self.editor, ["body"], "original")
        assert [row.item for row in self.client.get(url).context["found"]] == [other]

    def test_older_articles_are_found_behind_newer_ones_that_have_the_texts(self):
        image = make_image(alt="新しい文")
        old = [make_post(f"古い記事{number}", body=f"![前の文]({image.file.url})\n") for number in range(2)]
        for number in range(3):
            make_post(f"新しい記事{number}", body=f"![新しい文]({image.file.url})\n")
        url = reverse("admin:blog_image_texts", args=[image.pk])
        with mock.patch("blog.admin.pictures.taking_over.AT_ONCE", 1):
            response = self.client.get(url)
            self.assertContains(response, "古い記事1")
            self.assertNotContains(response, "古い記事0")
            self.assertContains(response, "ほかにもあります")
            self.client.post(url, {"post": [old[1].pk]})
            response = self.client.get(url)
        self.assertContains(response, "古い記事0")
        self.assertNotContains(response, "ほかにもあります")

    def test_places_are_found_as_people_write_them(self):
        image = make_image(alt="文")
        url = image.file.url
        body = f"![a\\]b]({url}) ![c]({url} 'd') ![e]({url}  \"f\") ![g](/other.png) [h]({url})"
        found = shown_as(image, body)
        assert found == [f"![a\\]b]({url})", f"![c]({url} 'd')", f'![e]({url}  "f")']
        assert {as_in_library(image, code) for code in found} == {f"![文]({url})"}


@pytest.mark.postgresql
class FocusTests(DeskCase):
    def test_focal_point_is_kept_and_moves_the_picture_where_it_is_cut(self):
        image = make_image()
        assert self.saved(image, focus_x=18, focus_y=100).focus_classes == "focus-x-2 focus-y-10"
        assert self.saved(image, focus_x=52, focus_y=50).focus_classes == ""
        for value in ("101", "-1", "x", ""):
            assert "focus_x" in self.refused(image, focus_x=value)
        image.refresh_from_db()
        image.focus_y = 0
        image.save()
        page = self.client.get(make_post(lead_image=image).get_absolute_url())
        self.assertContains(page, '<img class="focus-y-0" src')

    def test_list_is_narrowed_to_what_nobody_uses(self):
        used, unused = make_image("red", alt="使う"), make_image("blue")
        make_post(lead_image=used)
        url = reverse("admin:blog_image_changelist")
        for query, rows in {"use=nowhere": [unused], "use=no_alt": [unused], "use=x": [unused, used]}.items():
            assert list(self.client.get(f"{url}?{query}").context["cl"].result_list) == rows, query
