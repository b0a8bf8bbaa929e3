import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape
from PIL import Image as PILImage

from blog.editing.pending import save_pending
from blog.editing.permissions import EDITOR, WRITER
from blog.models import Image, Permalink, Post, QueuedTask
from blog.pictures.encoding import MAX_BYTES
from blog.pictures.renditions import make_renditions
from blog.pictures.uploads import store_image
from tests.admin.desk import DeskCase, save, url_of
from tests.factories import make_author, make_draft, make_page, make_post, make_user
from tests.queue import do_queued_tasks


def picture(color="red", size=(30, 20)):
    out = io.BytesIO()
    PILImage.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def upload(content=None, name="a.png", declared="image/png"):
    return SimpleUploadedFile(name, picture() if content is None else content, declared)


@pytest.mark.sqlite
class UploadTests(DeskCase):
    def test_picture_is_added_with_its_texts(self):
        image = self.added(Image, upload=upload(), alt="赤い図", caption="説明", credit="編集部")
        assert (image.width, image.height) == (30, 20)
        assert (image.alt, image.caption, image.credit, image.original_name) == ("赤い図", "説明", "編集部", "a.png")

    def test_known_picture_keeps_its_texts_and_is_not_said_to_be_added(self):
        first = self.added(Image, upload=upload(), alt="赤い図", caption="説明")
        acts = LogEntry.objects.count()
        page = save(self.client, url_of(Image, "add"), upload=upload(name="b.png"), alt="赤い四角", credit="他人")
        self.assertContains(page, f'すでに登録されています（<a href="{url_of(first)}">赤い図</a>）')
        again = Image.objects.get()
        assert (again.alt, again.caption, again.credit) == ("赤い図", "説明", "")
        assert LogEntry.objects.count() == acts

    def test_known_picture_keeps_its_texts_from_a_writer(self):
        image = self.added(Image, upload=upload(), alt="赤い図", credit="撮影：本物")
        post = make_post(body=f"![]({image.file.url})\n")
        self.client.force_login(make_user("writer", role=WRITER))
        response = save(self.client, url_of(Image, "add"), upload=upload(), alt="別", credit="偽の撮影者")
        do_queued_tasks()
        self.assertContains(response, "この画像は、すでに登録されています")
        image.refresh_from_db()
        post.refresh_from_db()
        assert (image.alt, image.credit) == ("赤い図", "撮影：本物")
        assert "偽の撮影者" not in post.body_html
        other = self.added(Image, upload=upload(picture("navy")), alt="紺の図")
        assert other.alt == "紺の図"

    def test_renditions_are_left_to_the_worker(self):
        image = self.added(Image, upload=upload(picture(size=(900, 20))))
        do_queued_tasks()
        image.refresh_from_db()
        assert [width for width, _ in image.choices] == [480, 800, 900]
        save(self.client, url_of(Image, "add"), upload=upload(picture(size=(900, 20))))
        assert not QueuedTask.objects.ready().exists()

    def test_file_that_is_no_picture_is_refused_in_words_and_stores_nothing(self):
        for content, name in (
            (b"<svg/>", "a.svg"),
            (b"<!doctype html>", "a.gif"),
            (b"x" * (MAX_BYTES + 1), "a.png"),
            (b"", "empty.png"),
        ):
            with self.subTest(name):
                assert "upload" in self.refused(Image, upload=upload(content, name))
        assert "upload" in self.refused(Image)
        assert not Image.objects.exists()

    @pytest.mark.postgresql
    def test_new_credit_stands_below_the_picture(self):
        image = self.added(Image, upload=upload(), credit="前の名")
        body = f"![]({image.file.url})\n"
        post, page = make_post(body=body), make_page(body=body)
        self.saved(image, credit="後の名")
        do_queued_tasks()
        for item in (post, page):
            item.refresh_from_db()
            assert "後の名" in item.body_html
            assert "前の名" not in item.body_html

    @pytest.mark.postgresql
    def test_form_names_what_shows_the_picture_as_far_as_the_user_may_see_it(self):
        image = store_image(picture("olive"))
        self.assertContains(self.client.get(url_of(image)), "<li>ありません。</li>")
        body = f"文\n\n![]({image.file.url})\n"
        post, draft = make_post("記事", lead_image=image), make_draft("下書き", share_image=image)
        page, author = make_page(body=body), make_author("著者", "a", avatar=image)
        for_editor = self.client.get(url_of(image))
        self.client.force_login(make_user("writer", role=WRITER))
        for_writer = self.client.get(url_of(image))
        for shown, words in [(post, "公開"), (draft, "下書き"), (page, "固定ページ"), (author, "著者の写真")]:
            row = f'<li><a href="{url_of(shown)}">{escape(shown)}</a>（{words}）</li>'
            with self.subTest(words):
                self.assertContains(for_editor, row, html=True)
                self.assertContains(for_writer, row, html=True, count=int(shown is post))


def pending(title, **fields):
    """A public post with a pending version that differs in these fields."""
    post = make_post(title)
    for field, value in fields.items():
        setattr(post, field, value)
    save_pending(post, by=make_user(title, role=EDITOR), tags=[], related=[], expected_version=post.version)
    return Post.objects.get(pk=post.pk)


class DeleteTests(DeskCase):
    def test_picture_in_use_is_not_deleted_and_the_refusal_names_where(self):
        image = store_image(picture("green"))
        url = image.file.url
        uses = {
            "リード": lambda: make_post("リード", lead_image=image),
            "共有": lambda: make_draft("共有", share_image=image),
            "本文": lambda: make_draft("本文", body=f"文\n\n![]({url})\n"),
            "次の版": lambda: pending("次の版", body=f"![]({url})\n"),
            "次の顔": lambda: pending("次の顔", lead_image=image),
            "固定": lambda: make_page(title="固定", body=f"![]({url})"),
            "著者": lambda: make_author("著者", "a", avatar=image),
            "/assets/old.png": lambda: Permalink.objects.create(path="/assets/old.png", target=url),
        }
        for words, make in uses.items():
            with self.subTest(words):
                user = make()
                response = self.client.post(url_of(image, "delete"), {"post": "yes"})
                self.assertContains(response, words)
                bulk = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
                self.assertContains(self.client.post(url_of(Image, "changelist"), bulk), words)
                Permalink.objects.all().delete()
                user.delete() if user.pk else None

    def test_unused_picture_can_be_deleted(self):
        image = store_image(picture("yellow"))
        make_post(body="別の画像 ![](/media/images/other.png)")
        make_renditions(image)
        files = [image.file.name, *(name for _, name in image.renditions)]
        assert self.client.get(image.file.url).status_code == 200
        assert self.client.post(url_of(image, "delete"), {"post": "yes"}).status_code == 302
        do_queued_tasks()
        assert not Image.objects.exists()
        assert not any(default_storage.exists(name) for name in files)
        assert self.client.get(image.file.url).status_code == 404
