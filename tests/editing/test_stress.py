"""Fourteen people work at the desk at once: nobody gets an error of the server, and no row is wrong afterwards."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from django.test import Client, TransactionTestCase
from django.urls import reverse

from blog.database import retry_on_conflict
from blog.editing.permissions import ADMINISTRATOR
from blog.editing.saving import StaleVersion, save_post
from blog.models import Author, Category, Image, Page, Permalink, PictureUse, Post, Tag
from blog.search.finding import find
from blog.search.query import parse
from tests.admin.desk import url_of, values_at
from tests.admin.test_images import picture
from tests.factories import make_author, make_category, make_draft, make_image, make_page, make_post, make_user

EDITORS, SECONDS = 14, 25
COLORS = ("red", "blue", "green", "plum", "peru", "gold", "coral", "navy", "teal", "pink")
numbers = count(1)


class Editor:
    """Presses one button after the other, on rows that others work on too."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.client = Client(raise_request_exception=False)
        self.client.force_login(make_user(f"editor{number}", role=ADMINISTRATOR))
        self.answers: Counter[tuple[str, int]] = Counter()

    def work(self, until: float) -> None:
        tasks: list[Callable[[], object]] = [
            *(self.save, self.save, self.publish, self.bulk, self.rename, self.merge, self.delete_post),
            *(self.delete_picture, self.upload, self.redirect, self.page, self.pick),
        ]
        try:
            while time.monotonic() < until:
                self.random.choice(tasks)()
        finally:
            connection.close()

    def one(self, model: type[Model], **which: object) -> Model | None:
        return model.objects.filter(**which).order_by("?").first()

    def press(self, what: str, url: str, data: dict[str, object]) -> None:
        self.answers[what, self.client.post(url, data).status_code] += 1

    def change(self, what: str, row: Model | None, **values: object) -> None:
        if row is not None and self.client.get(url_of(row)).status_code == 200:
            self.press(what, url_of(row), {**values_at(self.client, url_of(row)), **values})

    def save(self) -> None:
        post, image, tags = self.one(Post), self.one(Image), Tag.objects.order_by("?")[:3]
        body = f"本文{next(numbers)}。\n\n![]({image.file.url})\n" if image else "本文。\n"
        names = "、".join([*(tag.name for tag in tags), f"タグ{self.random.randrange(30)}"])
        button = "_save_live" if post and post.is_public else "_save"
        self.change("save", post, body=body, tag_names=names, **{button: "1"})

    def publish(self) -> None:
        post = self.one(Post)
        if post:
            button = "_withdraw" if post.is_public else "_publish"
            self.change("publish", post, override_reason="理由", **{button: "1"})

    def bulk(self) -> None:
        keys = list(Post.objects.order_by("?").values_list("pk", flat=True)[:4])
        data = {"action": "set_fields", "_selected_action": keys, "confirmed": "1", "added": "まとめ"}
        self.press("bulk", reverse("admin:blog_post_changelist"), {**data, "category": Category.objects.first().pk})

    def rename(self) -> None:
        row = self.one(self.random.choice((Tag, Category, Author)))
        self.change("rename", row, name=f"名前{next(numbers)}", slug=f"name-{next(numbers)}")

    def merge(self) -> None:
        tags = list(Tag.objects.order_by("?")[:2])
        keys = [tag.pk for tag in tags]
        data = {"action": "merge", "_selected_action": keys, "confirmed": "1", "into": tags[0].name}
        self.press("merge", reverse("admin:blog_tag_changelist"), data)

    def delete_post(self) -> None:
        retry_on_conflict(make_draft)(tags=["まとめ"])
        if post := self.one(Post, published_at=None):
            self.press("delete post", url_of(post, "delete"), {"post": "yes"})

    def delete_picture(self) -> None:
        if image := self.one(Image):
            self.press("delete picture", url_of(image, "delete"), {"post": "yes"})

    def upload(self) -> None:
        file = SimpleUploadedFile("a.png", picture(self.random.choice(COLORS)), "image/png")
        self.press("upload", reverse("admin:blog_image_add"), {"upload": file})

    def redirect(self) -> None:
        data = {"path": f"/old/{next(numbers)}/", "target": "/archive/"}
        self.press("redirect", reverse("admin:blog_permalink_add"), data)

    def page(self) -> None:
        image = self.one(Image)
        self.change("page", self.one(Page), body=f"![]({image.file.url})\n" if image else "文。\n", _save="1")

    def pick(self) -> None:
        url = reverse("admin:blog_frontpick_changelist")
        self.press("pick", url, {**values_at(self.client, url), "top_0": self.one(Post).pk})


@pytest.mark.postgresql
@pytest.mark.release
class StressTests(TransactionTestCase):
    def test_editors_at_once_get_no_error_and_leave_no_wrong_row(self):
        for number in range(12):
            image = make_image(COLORS[number % len(COLORS)])
            make = make_post if number % 2 else make_draft
            make(body=f"本文。\n\n![]({image.file.url})\n", tags=[f"タグ{number % 5}", "まとめ"])
        for number in range(3):
            make_category(f"セクション{number}", f"section-{number}")
            make_author(f"著者{number}", f"author-{number}")
            make_page(f"/page-{number}/", f"ページ{number}")
        editors = [Editor(number) for number in range(EDITORS)]
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(EDITORS) as threads:
            list(threads.map(lambda editor: editor.work(until), editors))
        answers = sum((editor.answers for editor in editors), Counter[tuple[str, int]]())
        assert not {key: number for key, number in answers.items() if key[1] >= 500}, answers
        assert sum(answers.values()) > EDITORS
        self.check_rows()

    def check_rows(self) -> None:
        for post in Post.objects.published():
            assert Permalink.objects.get(path=post.path).post_id == post.pk
        for post in Post.objects.all():
            named = {image.pk for image in Image.objects.all() if image.file.url in post.body}
            assert {*PictureUse.objects.filter(post=post).values_list("image", flat=True)} == named
            assert [*post.revisions.values_list("number", flat=True)] == [*range(post.revisions.count(), 0, -1)]
        for tag in Tag.objects.all():
            bearing = {*tag.tagged_posts.values_list("content_object", flat=True)}
            assert bearing <= {*find(parse(f'"{tag.name}"'), among=Post.objects.all()).keys}


@pytest.mark.postgresql
class LostUpdatesTests(TransactionTestCase):
    def test_of_eight_saves_at_once_one_is_kept_and_the_others_are_refused(self):
        post = make_draft()

        def save(number: int) -> bool:
            try:
                mine = Post.objects.get(pk=post.pk)
                mine.title = f"題{number}"
                save_post(mine, expected_version=post.version)
            except StaleVersion:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(8) as threads:
            assert sorted(threads.map(save, range(8))) == [False] * 7 + [True]
        assert Post.objects.get(pk=post.pk).version == post.version + 1
