"""A picture gets a new file wherever it is shown; changed texts of the library are taken over; the focal point."""

from unittest import mock

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.urls import reverse

from blog.editing.permissions import WRITER
from blog.editing.pictures import finish_replacement, replace_file
from blog.models import FormerFile, Image, Permalink
from blog.models.post.rendering import render_body
from blog.pictures import stored_files
from blog.pictures.uploads import store_image
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
        assert LogEntry.objects.filter(object_id=image.pk, change_message__contains="差し替え").exists()

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

    def test_proxies_forget_a_file_once_it_is_gone(self):
        image = store_image(picture("plum"))
        first, gone = image.file.name, []
        make_post(body=f"![]({image.file.url})\n")
        replace_file(image, picture("peru"), keeps_old=False, name="a.png")

        def purge():
            gone.append(default_storage.exists(first))

        with mock.patch.object(stored_files, "purge", purge):
            finish_replacement.func(image.pk, first, [], False)
        assert gone == [False]

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

    def test_writer_may_not(self):
        image = make_image()
        self.client.force_login(make_user("writer", role=WRITER))
        url = reverse("admin:blog_image_replace", args=[image.pk])
        assert self.client.get(url).status_code == self.client.post(url).status_code == 403


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
