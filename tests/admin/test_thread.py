"""The desk's page for the thread of an article."""

from django.contrib.admin.models import LogEntry
from django.urls import reverse

from blog.editing.permissions import WRITER
from blog.models import Post, Thread
from tests.admin.desk import DeskCase
from tests.factories import make_author, make_draft, make_post, make_scheduled, make_user


def page_of(post):
    return reverse("admin:blog_post_thread", args=[post.pk])


class ThreadTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.first, self.second, self.other = make_post("初報"), make_post("続報"), make_post("別の話")
        thread = Thread.objects.create()
        Post.objects.filter(pk__in=[self.first.pk, self.second.pk]).update(thread=thread)

    def threads(self):
        return [Post.objects.get(pk=post.pk).thread_id for post in (self.first, self.second, self.other)]

    def noted(self):
        return list(LogEntry.objects.filter(content_type__model="post").values_list("object_repr", "change_message"))

    def test_editor_takes_an_article_out_of_its_thread(self):
        self.assertContains(self.client.get(page_of(self.first)), "この話題の記事")
        response = self.client.post(page_of(self.first), {"part": self.second.pk}, follow=True)
        self.assertContains(response, "外しました")
        assert self.threads()[1] is None
        self.assertContains(self.client.get(page_of(self.other)), "どの話題にも入っていません")
        assert self.noted() == [("続報", "話題から外しました。")]

    def test_editor_puts_an_article_into_the_thread_of_another(self):
        response = self.client.post(page_of(self.other), {"other": self.first.pk}, follow=True)
        self.assertContains(response, "同じ話題にしました")
        first, second, other = self.threads()
        assert first == second == other
        assert self.noted() == [("別の話", "「初報」と同じ話題にしました。")]

    def test_what_cannot_join_is_refused_with_words(self):
        draft = make_draft("下書き")
        for key, words in (
            (self.first.pk, "この記事とは別の記事"),
            (self.second.pk, "すでに同じ話題に入っています"),
            (draft.pk, "公開済みか予約済みの記事"),
            ("", "入力が必要です"),
        ):
            with self.subTest(key=key):
                self.assertContains(self.client.post(page_of(self.first), {"other": key}), words)
        self.assertContains(self.client.post(page_of(self.first)), "入力が必要です")
        for key in (self.other.pk, "x", "9" * 30, "\x00", ""):
            assert self.client.post(page_of(self.first), {"part": key}).status_code == 200
        assert self.threads()[0] == self.threads()[1] is not None

    def test_only_editors_arrange_threads_and_only_of_published_articles(self):
        assert self.client.get(page_of(make_draft())).status_code == 403
        assert self.client.get(page_of(make_scheduled())).status_code == 200
        writer = make_user("writer", role=WRITER)
        post = make_post(author=make_author("署名", "byline", user=writer))
        self.client.force_login(writer)
        for method in (self.client.get, self.client.post):
            assert method(page_of(post)).status_code == 403
        self.client.logout()
        assert self.client.get(page_of(post)).status_code == 302
